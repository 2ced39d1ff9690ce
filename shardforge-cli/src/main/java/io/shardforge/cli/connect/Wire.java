package io.shardforge.cli.connect;

import io.shardforge.cli.print.Column;
import io.shardforge.cli.print.Rows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGNotification;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Field;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.Tuple;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * One connection, on which a statement at a time goes out as it is, and comes back as the server
 * words it: every value as text, with the tags that the driver keeps from its callers otherwise.
 */
public final class Wire implements AutoCloseable {
  private static final int FLAGS =
      QueryExecutor.QUERY_EXECUTE_AS_SIMPLE
          | QueryExecutor.QUERY_SUPPRESS_BEGIN
          | QueryExecutor.QUERY_BOTH_ROWS_AND_STATUS;

  private final Target target;
  private final BaseConnection connection;

  private Wire(Target target, BaseConnection connection) {
    this.target = target;
    this.connection = connection;
  }

  /** What a statement comes to, in the order in which it arrives. */
  public interface Answers {
    void rows(Rows rows);

    /** The statement has ended: what PostgreSQL's protocol calls the command tag. */
    void done(String tag);

    void notice(Complaint notice);
  }

  /** Where the transaction of a connection stands. */
  public enum Block {
    NONE,
    OPEN,
    FAILED
  }

  /** Connects; a password that is needed and was not given is the caller's matter. */
  public static Wire open(Target target) throws PasswordMissingException {
    try {
      BaseConnection connection =
          DriverManager.getConnection(target.driverUrl(), target.driverProperties())
              .unwrap(BaseConnection.class);
      return new Wire(target, connection);
    } catch (SQLException e) {
      boolean isPassword =
          "28P01".equals(e.getSQLState())
              || ("08004".equals(e.getSQLState())
                  && String.valueOf(e.getMessage()).contains("password"));
      if (isPassword && target.parameters().get("password") == null) {
        throw new PasswordMissingException(target.get("user"), e);
      }
      throw new ConnectionFailedException(
          "no connection to " + target.address() + ": " + wordsOf(e), e);
    }
  }

  private static String wordsOf(SQLException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof java.net.ConnectException) {
      return "nobody listens there. Start a node (./shardforge demo), or give --host and --port.";
    }
    String detail = cause instanceof IOException ? " (" + cause.getMessage() + ")" : "";
    return failure.getMessage() + detail;
  }

  /** Runs one statement to its end. */
  public void execute(String statement, Answers answers) throws SQLException {
    QueryExecutor executor = connection.getQueryExecutor();
    Query query = executor.createSimpleQuery(statement);
    try {
      executor.execute(query, null, new Handler(answers), 0, 0, FLAGS);
    } catch (SQLException e) {
      if (connection.isClosed() || "08006".equals(e.getSQLState())) {
        throw new ConnectionFailedException(
            "the connection to " + target.address() + " is lost: " + wordsOf(e), e);
      }
      throw e;
    } finally {
      query.close();
    }
  }

  /** The rows of a query whose notices interest nobody. */
  public Rows query(String statement) throws SQLException {
    List<Rows> all = new ArrayList<>();
    execute(
        statement,
        new Answers() {
          @Override
          public void rows(Rows rows) {
            all.add(rows);
          }

          @Override
          public void done(String tag) {}

          @Override
          public void notice(Complaint notice) {}
        });
    return all.isEmpty() ? Rows.NONE : all.getLast();
  }

  private static final class Handler extends ResultHandlerBase {
    private final Answers answers;

    Handler(Answers answers) {
      this.answers = answers;
    }

    @Override
    public void handleResultRows(
        Query query, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
      List<Column> columns = new ArrayList<>(fields.length);
      for (Field field : fields) {
        columns.add(new Column(field.getColumnLabel(), field.getOID()));
      }
      List<@Nullable String[]> rows = new ArrayList<>(tuples.size());
      for (Tuple tuple : tuples) {
        @Nullable String[] row = new @Nullable String[fields.length];
        for (int i = 0; i < row.length; i++) {
          byte @Nullable [] value = tuple.get(i);
          row[i] = value == null ? null : new String(value, StandardCharsets.UTF_8);
        }
        rows.add(row);
      }
      answers.rows(new Rows(columns, rows));
    }

    @Override
    public void handleCommandStatus(String status, long updateCount, long insertOid) {
      answers.done(status);
    }

    @Override
    public void handleWarning(SQLWarning warning) {
      ServerErrorMessage message =
          warning instanceof PSQLWarning told ? told.getServerErrorMessage() : null;
      if (message != null) {
        answers.notice(Complaint.of(message));
      }
    }
  }

  /** COPY … FROM STDIN with these bytes; returns the rows taken. */
  public long copyIn(String statement, InputStream data) throws SQLException, IOException {
    return connection.getCopyAPI().copyIn(statement, data);
  }

  /** COPY … TO STDOUT; returns the rows sent. */
  public long copyOut(String statement, OutputStream data) throws SQLException, IOException {
    return connection.getCopyAPI().copyOut(statement, data);
  }

  /** Asks the server to stop the statement that runs. */
  public void cancel() {
    try {
      connection.cancelQuery();
    } catch (SQLException _) {
      // What cannot be asked for is not done; the statement goes on.
    }
  }

  public Block block() {
    return switch (connection.getTransactionState()) {
      case IDLE -> Block.NONE;
      case OPEN -> Block.OPEN;
      case FAILED -> Block.FAILED;
    };
  }

  /** What others have notified of since the last call. */
  public List<String> notifications() throws SQLException {
    List<String> words = new ArrayList<>();
    PGNotification[] all = connection.getNotifications();
    for (PGNotification one : all == null ? new PGNotification[0] : all) {
      String payload =
          one.getParameter().isEmpty() ? "" : " with payload \"" + one.getParameter() + "\"";
      words.add(
          "Asynchronous notification \"%s\"%s received from server process with PID %d."
              .formatted(one.getName(), payload, one.getPID()));
    }
    return words;
  }

  public String parameter(String name) {
    String value = connection.getParameterStatus(name);
    return value == null ? "" : value;
  }

  public int processId() {
    return connection.getBackendPID();
  }

  public Target target() {
    return target;
  }

  /** What a failure of a statement says. */
  public static Complaint complaint(SQLException failure) {
    ServerErrorMessage message =
        failure instanceof PSQLException told ? told.getServerErrorMessage() : null;
    return message == null
        ? Complaint.ofClient(failure.getSQLState(), String.valueOf(failure.getMessage()))
        : Complaint.of(message);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException _) {
      // It is gone either way.
    }
  }
}
