package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as a user sees it: real processes, killed for real. {@code acceptance/failures.sh} does
 * the same for longer, with pgbench.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoIT {
  /** How often a leading node is killed; more with {@code -Dshardforge.it.kills=10}. */
  private static final int KILLS = Integer.getInteger("shardforge.it.kills", 2);

  /** Far more than the 5 s promised on a machine that does nothing else. */
  private static final Duration OUTAGE_MAX = Duration.ofSeconds(30);

  private static final int WRITERS = 4;

  private final List<DemoProcess> demos = new ArrayList<>();

  @AfterEach
  void endAll() {
    demos.forEach(DemoProcess::kill);
  }

  private DemoProcess start(String... options) throws Exception {
    DemoProcess demo = DemoProcess.start(options);
    demos.add(demo);
    demo.awaitReady();
    assertThat(demo.nodeIds()).containsExactly(1, 2, 3);
    return demo;
  }

  @Test
  void losesNothingThatWasAcknowledged(@TempDir Path data) throws Exception {
    DemoProcess demo = start("--data", data.toString());
    try (Connection connection = demo.connect(2);
        Statement statement = connection.createStatement()) {
      statement.execute("create table kept (writer int, n int, primary key (writer, n))");
    }

    // Leading nodes are killed while others write through a node that lives.
    AcknowledgedRows rows = new AcknowledgedRows(demo, 2, WRITERS);
    for (int i = 0; i < KILLS; i++) {
      int victim = i % 2 == 0 ? 1 : 3;
      demo.awaitUntil("node " + victim + " leads", () -> demo.leadsData(victim));
      long before = rows.acknowledged();
      demo.awaitUntil("rows before the kill", () -> rows.acknowledged() > before + 20);
      demo.killNode(victim);
      demo.awaitRestart(victim);
    }
    long atLast = rows.acknowledged();
    demo.awaitUntil("rows after the kills", () -> rows.acknowledged() > atLast + 20);
    rows.stop();
    assertThat(rows.failures()).isEmpty();
    assertThat(rows.longestGap()).isLessThan(OUTAGE_MAX);
    for (int node = 1; node <= 3; node++) {
      rows.assertAllThere(demo, node);
    }

    // A node that lost its store is rebuilt: with another one down, its copy is needed.
    demo.killNode(3);
    Directories.delete(data.resolve("node3"));
    demo.awaitRestart(3);
    try (DemoProcess.Paused _ = demo.pauseNode(1)) {
      rows.assertAllThere(demo, 3);
    }

    // All at once, then again on other ports, because a node is its id and not its address.
    List<Integer> ports = demo.ports();
    demo.killAll();
    DemoProcess again = start("--data", data.toString());
    assertThat(again.ports()).doesNotContainAnyElementsOf(ports);
    rows.assertAllThere(again, 1);
    rows.assertAllThere(again, 3);

    List<ProcessHandle> nodes = again.nodes();
    assertThat(nodes).hasSize(3);
    again.terminate();
    assertThat(nodes).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void takesItsNodesWithItWhenKilled() throws Exception {
    DemoProcess demo = start();
    List<ProcessHandle> nodes = demo.nodes();
    assertThat(nodes).hasSize(3).allMatch(ProcessHandle::isAlive);
    demo.kill();
    DemoProcess.awaitEnd(nodes);
  }

  /** A woken node serves nothing older than what the others acknowledged while it slept. */
  @Test
  void aNodeThatSleptReadsNothingStale() throws Exception {
    DemoProcess demo = start();
    try (Connection connection = demo.connect(2);
        Statement statement = connection.createStatement()) {
      for (int table = 1; table <= 4; table++) {
        statement.execute("create table beat" + table + " (n int primary key)");
      }
    }
    demo.awaitUntil("node 1 leads", () -> demo.leadsData(1));
    try (Connection sleeper = demo.connect(1);
        Connection writer = demo.connect(2)) {
      for (int table = 1; table <= 4; table++) {
        assertThat(count(sleeper, table)).isZero();
      }
      try (DemoProcess.Paused _ = demo.pauseNode(1);
          Statement statement = writer.createStatement()) {
        for (int n = 0; n < 20; n++) {
          for (int table = 1; table <= 4; table++) {
            statement.executeUpdate("insert into beat" + table + " values (" + n + ")");
          }
        }
      }
      for (int table = 1; table <= 4; table++) {
        assertThat(count(sleeper, table)).isEqualTo(20);
      }
    }
  }

  private static int count(Connection connection, int table) throws SQLException {
    return DemoProcess.count(connection, "select count(*) from beat" + table);
  }
}
