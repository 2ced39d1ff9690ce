package io.shardforge.server.differential;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A server that statements are asked of, and the time that it takes for them. */
final class Side implements AutoCloseable {
  private final Connection connection;
  private final Statement statement;
  private long nanos;

  Side(Connection connection) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
  }

  Answer ask(String sql, boolean ordered) {
    return askAll(List.of(new Query(sql, List.of(), ordered))).getFirst();
  }

  /** The answers to statements sent together; if one fails, its error alone. */
  List<Answer> askAll(List<Query> statements) {
    long started = System.nanoTime();
    List<Answer> answers = Answer.to(statement, statements);
    nanos += System.nanoTime() - started;
    return answers;
  }

  long millis() {
    return nanos / 1_000_000;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
