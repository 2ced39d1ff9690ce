package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestNodes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for the sessions of all nodes, seen from one of them. */
class ClusterSessionsTest {
  private static final String LONG = "select pg_sleep(600)";
  private static TestNodes nodes;

  @BeforeAll
  static void startNodes() {
    nodes = TestNodes.start(3);
  }

  @AfterAll
  static void stopNodes() {
    nodes.close();
  }

  @AfterEach
  void reconnect() {
    nodes.reconnect(2);
  }

  /** Looks until a session runs something, which does not take long. */
  private static void awaitActive(int node, int pid) throws SQLException {
    String sql = "select 1 from pg_stat_activity where state = 'active' and pid = " + pid;
    List<String> rows = List.of();
    for (int i = 0; i < 10_000 && rows.isEmpty(); i++) {
      rows = nodes.node(node).query(sql);
    }
    assertThat(rows).hasSize(1);
  }

  private static String value(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet row = s.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static int pid(Connection c) throws SQLException {
    return Integer.parseInt(value(c, "select pg_backend_pid()"));
  }

  /** What a query answers, and of what it warns. */
  private static String answer(int node, String sql) throws SQLException {
    try (Connection c = nodes.node(node).connect();
        Statement s = c.createStatement();
        ResultSet row = s.executeQuery(sql)) {
      row.next();
      SQLWarning warning = s.getWarnings();
      return row.getString(1) + (warning == null ? "" : " " + warning.getMessage());
    }
  }

  @Test
  void aCancelRequestReachesTheNodeOfItsSession() throws Exception {
    for (int node : List.of(1, 3)) {
      try (WireClient client = new WireClient(nodes.node(1).address())) {
        client.send(LONG);
        awaitActive(1, client.processId());
        client.cancelAt(nodes.node(node).address(), 0);
        assertThat(client.state()).as("asked node %d", node).isEqualTo("57014");
      }
    }
  }

  @Test
  void aCancelRequestNeedsTheSecret() throws Exception {
    try (WireClient client = new WireClient(nodes.node(1).address())) {
      client.send(LONG);
      awaitActive(1, client.processId());
      client.cancelAt(nodes.node(3).address(), 1);
      assertThat(answer(1, "select pg_terminate_backend(" + client.processId() + ")"))
          .isEqualTo("t");
      assertThat(client.state()).as("the first error").isEqualTo("57P01");
    }
  }

  @Test
  void aCancelRequestForASilentNodeEndsAllTheSame() throws Exception {
    try (WireClient client = new WireClient(nodes.node(2).address())) {
      nodes.cutOff(2);
      client.cancelAt(nodes.node(1).address(), 0);
    }
  }

  @Test
  void sessionsOfOtherNodesAreCanceledAndEnded() throws Exception {
    try (WireClient client = new WireClient(nodes.node(2).address())) {
      int pid = client.processId();
      client.send(LONG);
      awaitActive(2, pid);
      assertThat(answer(1, "select pg_cancel_backend(" + pid + ")")).isEqualTo("t");
      assertThat(client.state()).isEqualTo("57014");
      assertThat(answer(3, "select pg_terminate_backend(" + pid + ", 30000)")).isEqualTo("t");
      assertThat(client.state()).isEqualTo("57P01");
      assertThat(answer(1, "select pg_terminate_backend(" + pid + ")"))
          .isEqualTo("f PID " + pid + " is not a PostgreSQL server process");
    }
  }

  @Test
  void aSignalNeedsRightsOnEveryNode() throws Exception {
    nodes.node(1).run("create role signaler login");
    try (Connection superuser = nodes.node(2).connect();
        Connection own = nodes.node(2).connect("user", "signaler");
        Connection asking = nodes.node(1).connect("user", "signaler")) {
      String signal = "select pg_terminate_backend(%d, 30000)";
      assertThat(TwoSessions.stateOf(() -> value(asking, signal.formatted(pid(superuser)))))
          .isEqualTo("42501");
      assertThat(value(superuser, "select 1")).isEqualTo("1");
      assertThat(value(asking, signal.formatted(pid(own)))).isEqualTo("t");
    }
    nodes.node(1).run("drop role signaler");
  }

  @Test
  void aSilentNodeIsNamed() throws Exception {
    try (Connection far = nodes.node(2).connect()) {
      int pid = pid(far);
      nodes.cutOff(2);
      assertThat(answer(1, "select pg_cancel_backend(" + pid + ")"))
          .isEqualTo("f node 2 of PID " + pid + " does not answer");
    }
  }
}
