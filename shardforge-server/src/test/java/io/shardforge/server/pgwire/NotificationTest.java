package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestNodes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** LISTEN and NOTIFY between sessions on three nodes. */
class NotificationTest {
  private static final int PATIENCE_MILLIS = 30_000;
  private static TestNodes nodes;
  private Connection sender;
  private Connection near;
  private Connection far;

  @BeforeAll
  static void startNodes() {
    nodes = TestNodes.start(3);
  }

  @AfterAll
  static void stopNodes() {
    nodes.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    sender = nodes.node(1).connect();
    near = nodes.node(1).connect();
    far = nodes.node(2).connect();
  }

  @AfterEach
  void disconnect() throws SQLException {
    sender.close();
    near.close();
    far.close();
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Waits for a number of notifications, without sending anything; and shows what came. */
  private static List<String> heard(Connection connection, int count) throws SQLException {
    List<String> all = new ArrayList<>();
    while (all.size() < count) {
      PGNotification[] some =
          connection.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
      assertThat(some).as("after %s", all).isNotEmpty();
      for (PGNotification one : some) {
        all.add(one.getName() + ":" + one.getParameter());
      }
    }
    return all;
  }

  @Test
  void whoeverListensHearsOnEveryNode() throws SQLException {
    run(near, "listen news");
    run(far, "listen news");
    run(sender, "listen news", "notify news, 'hello'", "notify others", "notify news");
    for (Connection connection : List.of(near, far, sender)) {
      assertThat(heard(connection, 2)).containsExactly("news:hello", "news:");
    }
  }

  @Test
  void aNotificationNamesTheProcessOfItsSender() throws SQLException {
    run(far, "listen news");
    run(sender, "notify news");
    int pid = far.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS)[0].getPID();
    assertThat(pid).isEqualTo(sender.unwrap(PGConnection.class).getBackendPID());
  }

  @Test
  void nothingIsHeardBeforeTheCommitAndNothingOfARollback() throws SQLException {
    run(far, "listen news");
    run(sender, "begin", "notify news, 'undone'", "rollback");
    run(sender, "begin", "notify news, 'a'", "savepoint s", "notify news, 'undone'");
    run(sender, "rollback to s", "notify news, 'b'", "notify news, 'a'", "select 1");
    run(near, "notify news, 'meanwhile'");
    assertThat(heard(far, 1)).containsExactly("news:meanwhile");
    run(sender, "commit");
    assertThat(heard(far, 2)).containsExactly("news:a", "news:b");
  }

  @Test
  void listenCountsFromItsCommit() throws SQLException {
    run(far, "begin", "listen early", "savepoint s", "listen never", "rollback to s");
    run(sender, "notify early, '1'");
    run(far, "commit");
    run(sender, "notify never", "notify early, '2'");
    assertThat(heard(far, 1)).containsExactly("early:2");
    assertThat(channels(far)).containsExactly("early");
    run(far, "begin", "unlisten early", "listen other", "rollback");
    assertThat(channels(far)).containsExactly("early");
    run(far, "listen other", "unlisten early");
    run(sender, "notify early, '3'", "notify other");
    assertThat(heard(far, 1)).containsExactly("other:");
    run(far, "unlisten *");
    assertThat(channels(far)).isEmpty();
  }

  private static List<String> channels(Connection connection) throws SQLException {
    List<String> channels = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select * from pg_listening_channels()")) {
      while (rows.next()) {
        channels.add(rows.getString(1));
      }
    }
    return channels;
  }

  @Test
  void aSessionInATransactionHearsAtItsEnd() throws SQLException {
    run(far, "listen news", "begin", "select 1");
    run(near, "listen news");
    run(sender, "notify news");
    assertThat(heard(near, 1)).hasSize(1);
    run(far, "select 1");
    assertThat(far.unwrap(PGConnection.class).getNotifications()).isEmpty();
    run(far, "commit");
    assertThat(heard(far, 1)).containsExactly("news:");
  }

  @Test
  void theFunctionSaysTheSame() throws SQLException {
    run(far, "listen \"Odd name\"");
    run(sender, "select pg_notify('Odd name', n::text) from generate_series(1, 3) n");
    assertThat(heard(far, 3)).containsExactly("Odd name:1", "Odd name:2", "Odd name:3");
  }

  @Test
  void databasesDoNotHearEachOther() throws SQLException {
    run(far, "listen news");
    try (Connection other =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/postgres?user=shardforge"
                .formatted(nodes.node(3).address().getPort()))) {
      run(other, "notify news, 'elsewhere'");
    }
    run(sender, "notify news, 'here'");
    assertThat(heard(far, 1)).containsExactly("news:here");
  }

  @Test
  void oneSenderIsHeardInItsOrder() throws SQLException {
    run(far, "listen news");
    List<String> expected = new ArrayList<>();
    try (Statement statement = sender.createStatement()) {
      for (int i = 0; i < 200; i++) {
        statement.addBatch("notify news, '" + i + "'");
        expected.add("news:" + i);
      }
      statement.executeBatch();
    }
    assertThat(heard(far, 200)).isEqualTo(expected);
  }

  @Test
  void aNodeThatWasCutOffHearsLater() throws SQLException {
    run(far, "listen news");
    nodes.cutOff(2);
    run(sender, "notify news, '1'", "notify news, '2'");
    nodes.reconnect(2);
    assertThat(heard(far, 2)).containsExactly("news:1", "news:2");
  }

  @Test
  void aSessionThatWouldMissSomethingIsEnded() throws SQLException {
    run(far, "listen news");
    nodes.cutOff(2);
    for (int i = 0; i < 3; i++) {
      // Each about half of what may wait for a node.
      run(
          sender,
          "select pg_notify('news', rpad(n::text, 7000, '.')) from generate_series(1, 550) n");
    }
    nodes.reconnect(2);
    assertThat(endOf(far)).isEqualTo("53000");
  }

  @Test
  void aClientThatTakesNothingIsEnded() throws SQLException {
    run(near, "listen news", "begin");
    for (int i = 0; i < 3; i++) {
      run(
          sender,
          "select pg_notify('news', rpad(n::text, 7000, '.')) from generate_series(1, 550) n");
    }
    assertThat(endOf(near)).isEqualTo("53000");
  }

  /** Asks until the connection is ended. */
  private static String endOf(Connection connection) {
    while (true) {
      try {
        run(connection, "select 1");
      } catch (SQLException e) {
        return String.valueOf(e.getSQLState());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"discard all", "unlisten *"})
  void sessionsThatAreReusedHearNothing(String end) throws SQLException {
    run(near, "listen news", end);
    run(sender, "listen news", "notify news");
    assertThat(heard(sender, 1)).hasSize(1);
    run(near, "select 1");
    assertThat(near.unwrap(PGConnection.class).getNotifications()).isEmpty();
  }
}
