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
  private static void awaitActive(int pid) throws SQLException {
    assertThat(some("select 1 from pg_stat_activity where state = 'active' and pid = " + pid))
        .hasSize(1);
  }

  /** Looks until there is something to see. */
  private static List<String> some(String sql) throws SQLException {
    List<String> rows = List.of();
    for (int i = 0; i < 10_000 && rows.isEmpty(); i++) {
      rows = nodes.node(1).query(sql);
    }
    return rows;
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
        awaitActive(client.processId());
        client.cancelAt(nodes.node(node).address(), 0);
        assertThat(client.state()).as("asked node %d", node).isEqualTo("57014");
      }
    }
  }

  @Test
  void aCancelRequestNeedsTheSecret() throws Exception {
    try (WireClient client = new WireClient(nodes.node(1).address())) {
      client.send(LONG);
      awaitActive(client.processId());
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
      awaitActive(pid);
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

  @Test
  void sessionsOfAllNodesAreShown() throws Exception {
    nodes.node(1).run("create role onlooker login");
    try (Connection far = nodes.node(2).connect("ApplicationName", "far");
        Connection near = nodes.node(1).connect("ApplicationName", "near");
        Connection onlooker = nodes.node(1).connect("user", "onlooker")) {
      assertThat(value(far, "select 'told'")).isEqualTo("told");
      String shown =
          "select string_agg(concat_ws('|', node_id, usename, datname, application_name, state),"
              + " ',' order by application_name) from shardforge.sessions"
              + " where application_name in ('near', 'far')";
      assertThat(value(near, shown))
          .isEqualTo("2|shardforge|shardforge|far|idle,1|shardforge|shardforge|near|active");
      String query = "select query from pg_stat_activity where pid = " + pid(far);
      assertThat(value(near, query)).isEqualTo("select pg_backend_pid()");
      assertThat(value(onlooker, query)).isEqualTo("<insufficient privilege>");
      assertThat(value(near, "select count(*) from pg_stat_ssl join pg_stat_activity using (pid)"))
          .isEqualTo(value(near, "select count(*) from pg_stat_activity"));
      nodes.cutOff(2);
      assertThat(answer(1, "select count(*) from pg_stat_activity where application_name = 'far'"))
          .isEqualTo("0 node 2 does not answer, its sessions are left out");
    }
    nodes.node(1).run("drop role onlooker");
  }

  @Test
  void locksOfAllNodesAreShown() throws Exception {
    nodes.node(3).run("create table waited (id int primary key); insert into waited values (1)");
    try (Connection holder = nodes.node(3).connect();
        WireClient waiter = new WireClient(nodes.node(2).address())) {
      TwoSessions.run(holder, "begin; update waited set id = 1");
      TwoSessions.run(holder, "select pg_advisory_lock(3, 4)");
      int held = pid(holder);
      int waiting = waiter.processId();
      waiter.send("select * from waited for update");
      assertThat(
              some(
                  "select concat_ws('|', pid, relation::regclass) from pg_locks where not granted"))
          .containsExactly(waiting + "|waited");
      assertThat(
              nodes
                  .node(1)
                  .query(
                      "select concat_ws('|', locktype, pid) from pg_locks where granted order by 1"))
          .containsExactly("advisory|" + held, "tuple|" + held);
      assertThat(nodes.node(1).query("select pg_blocking_pids(" + waiting + ")"))
          .containsExactly("{" + held + "}");
      assertThat(
              nodes.node(1).query("select wait_event from pg_stat_activity where pid = " + waiting))
          .containsExactly("tuple");
      TwoSessions.run(holder, "rollback");
    }
    nodes.node(3).run("drop table waited");
  }

  @Test
  void limitsCountTheConnectionsOfAllNodes() throws Exception {
    nodes.node(1).run("create role limited login connection limit 1");
    try (Connection _ = nodes.node(2).connect("user", "limited")) {
      assertThat(TwoSessions.stateOf(() -> nodes.node(1).connect("user", "limited")))
          .isEqualTo("53300");
      nodes.cutOff(2);
      try (Connection unknown = nodes.node(1).connect("user", "limited")) {
        assertThat(value(unknown, "select 1")).as("who is silent is not counted").isEqualTo("1");
      }
    }
    nodes
        .node(1)
        .run("create database limits connection limit 1", "alter role limited connection limit -1");
    try (Connection _ = nodes.node(3).connectTo("limits", "user", "limited")) {
      assertThat(TwoSessions.stateOf(() -> nodes.node(1).connectTo("limits", "user", "limited")))
          .isEqualTo("53300");
    }
    nodes.node(1).run("drop database limits with (force)", "drop role limited");
  }

  @Test
  void aDatabaseIsDroppedWhenNoNodeUsesIt() throws Exception {
    nodes.node(1).run("create database doomed");
    try (Connection far = nodes.node(2).connectTo("doomed")) {
      assertThat(value(far, "select 1")).isEqualTo("1");
      assertThat(refusal("drop database doomed"))
          .contains("being accessed", "There is 1 other session");
      nodes.node(1).run("drop database doomed with (force)");
      assertThat(TwoSessions.stateOf(() -> value(far, "select 1"))).isIn("57P01", "08006");
    }
  }

  @Test
  void aSilentNodeIsInTheWayOfADatabasesEnd() throws Exception {
    nodes.node(1).run("create database doubtful");
    try (Connection far = nodes.node(2).connectTo("doubtful");
        Connection near = nodes.node(1).connect();
        Statement drop = near.createStatement()) {
      TwoSessions.run(far, "create table kept (id int primary key)");
      nodes.cutOff(2);
      assertThat(refusal("drop database doubtful"))
          .contains("being accessed", "Node 2 does not answer");
      drop.execute("drop database doubtful with (force)");
      assertThat(drop.getWarnings().getMessage()).startsWith("node 2 does not answer");
      assertThat(TwoSessions.stateOf(() -> TwoSessions.run(far, "insert into kept values (1)")))
          .isEqualTo("42P01");
      assertThat(
              TwoSessions.stateOf(
                  () -> TwoSessions.run(far, "create table lost (id int primary key)")))
          .as("there is no schema")
          .isEqualTo("3F000");
    }
  }

  private static String refusal(String sql) throws SQLException {
    try {
      nodes.node(1).run(sql);
      return "";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
