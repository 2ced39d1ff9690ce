package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a connection, and what happens to the work of clients that are gone. */
final class ConnectionsTest {
  private static final int CONNECTIONS_MAX = 6;

  private final List<Connection> open = new ArrayList<>();
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start(true, CONNECTIONS_MAX);
  }

  @AfterEach
  void stop() throws SQLException {
    for (Connection connection : open) {
      connection.close();
    }
    server.close();
  }

  private Connection connect(String user) throws SQLException {
    Connection connection = server.connect("user", user);
    open.add(connection);
    return connection;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getInt(1);
    }
  }

  private void assertRefused(String user, String words) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> connect(user))
        .withMessageContaining(words)
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("53300"));
  }

  @Test
  void theLastSlotsAreKeptForSuperusers() throws SQLException {
    run(connect("shardforge"), "create role joe login");
    for (int i = 1; i < CONNECTIONS_MAX - ConnectionRegistry.SUPERUSER_RESERVED; i++) {
      var _ = connect("joe");
    }
    assertRefused(
        "joe", "remaining connection slots are reserved for roles with the SUPERUSER attribute");
    while (open.size() < CONNECTIONS_MAX) {
      var _ = connect("postgres");
    }
    assertRefused("postgres", "sorry, too many clients already");
    assertRefused("joe", "sorry, too many clients already");
  }

  @Test
  void theWorkOfAClientThatIsGoneIsStopped() throws Exception {
    Connection other = connect("shardforge");
    run(other, "create table t (id int primary key, n int)");
    run(other, "insert into t values (1, 0)");
    Connection leaving = connect("shardforge");
    leaving.setAutoCommit(false);
    run(leaving, "update t set n = 1 where id = 1");
    FutureTask<Void> sleep =
        new FutureTask<>(() -> {
          run(leaving, "select pg_sleep(3600)");
          return null;
        });
    Thread thread = Thread.ofVirtual().start(sleep);
    while (number(
            other,
            "select count(*) from pg_stat_activity"
                + " where state = 'active' and query like 'select pg_sleep(3600)%'")
        == 0) {
      run(other, "select pg_sleep(0.01)");
    }
    // Its own words only, so that it is the broken connection that stops the statement.
    leaving.abort(Runnable::run);
    thread.join();
    run(other, "set lock_timeout = '30s'");
    run(other, "update t set n = n + 10 where id = 1");
    assertThat(number(other, "select n from t")).isEqualTo(10);
  }
}
