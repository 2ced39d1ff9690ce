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
    assertRefused(user, "53300", words);
  }

  private void assertRefused(String user, String state, String words) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> connect(user))
        .withMessageContaining(words)
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  @Test
  void aRoleAndADatabaseHaveAsManyConnectionsAsTheyMay() throws SQLException {
    Connection admin = connect("shardforge");
    run(admin, "create role one login connection limit 1");
    run(admin, "create role two login connection limit 2");
    Connection first = connect("one");
    assertRefused("one", "too many connections for role \"one\"");
    first.close();
    while (number(admin, "select count(*) from pg_stat_activity where usename = 'one'") > 0) {
      run(admin, "select pg_sleep(0.01)");
    }
    var _ = connect("one");
    // Superusers count, and are let in all the same.
    run(admin, "alter database shardforge connection limit 2");
    assertRefused("two", "too many connections for database \"shardforge\"");
    connect("postgres").close();
    run(admin, "alter database shardforge connection limit -1");
    connect("two").close();
  }

  @Test
  void toConnectIsAPrivilege() throws SQLException {
    Connection admin = connect("shardforge");
    run(admin, "create role joe login");
    run(admin, "revoke connect on database shardforge from public");
    assertRefused("joe", "42501", "permission denied for database \"shardforge\"");
    run(admin, "create role staff");
    run(admin, "grant connect on database shardforge to staff");
    run(admin, "grant staff to joe");
    var _ = connect("joe");
    run(admin, "create database shut allow_connections false");
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> server.connectTo("shut").close())
        .withMessageContaining("database \"shut\" is not currently accepting connections")
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("55000"));
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> run(admin, "alter database shardforge allow_connections false"))
        .withMessageContaining("cannot disallow connections for current database");
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
