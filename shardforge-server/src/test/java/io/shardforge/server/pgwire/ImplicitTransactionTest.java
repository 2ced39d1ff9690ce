package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that share a transaction which nobody has begun: of a query string, of a pipeline. */
class ImplicitTransactionTest extends TwoSessions {
  @BeforeEach
  void makeTable() throws SQLException {
    run(a, "drop table if exists shared");
    run(a, "create table shared (n int primary key)");
  }

  @Test
  void rollbackUndoesWhatTheQueryStringDidBefore() throws Exception {
    try (Connection simple = server.connect("preferQueryMode", "simple")) {
      run(simple, "insert into shared values (1); rollback");
      assertThat(rows()).isEmpty();
      run(
          simple,
          "insert into shared values (2); commit; insert into shared values (3); rollback;"
              + " insert into shared values (4)");
      assertThat(rows()).containsExactly(2, 4);
    }
  }

  @Test
  void whatWasCommittedWithinTheQueryStringStaysWhenItFailsLater() throws Exception {
    try (Connection simple = server.connect("preferQueryMode", "simple")) {
      String sql =
          "insert into shared values (1); commit; insert into shared values (2); select 1/0";
      assertThat(stateOf(() -> run(simple, sql))).isEqualTo("22012");
      assertThat(rows()).containsExactly(1);
    }
  }

  @Test
  void rollbackUndoesWhatThePipelineDidBefore() throws Exception {
    try (Statement pipeline = a.createStatement()) {
      pipeline.addBatch("insert into shared values (1)");
      pipeline.addBatch("rollback");
      pipeline.addBatch("insert into shared values (2)");
      var _ = pipeline.executeBatch();
    }
    assertThat(rows()).containsExactly(2);
  }

  @Test
  void aTransactionThatCannotBePreparedIsOver() throws Exception {
    run(a, "begin");
    run(a, "insert into shared values (1)");
    assertThat(stateOf(() -> run(a, "prepare transaction 'one'"))).isEqualTo("0A000");
    run(a, "insert into shared values (2)");
    assertThat(rows()).containsExactly(2);
  }

  private List<Integer> rows() throws SQLException {
    List<Integer> rows = new ArrayList<>();
    try (Statement s = b.createStatement();
        ResultSet r = s.executeQuery("select n from shared order by n")) {
      while (r.next()) {
        rows.add(r.getInt(1));
      }
    }
    return rows;
  }
}
