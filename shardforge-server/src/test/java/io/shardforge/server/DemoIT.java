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
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class DemoIT {
  /** Far more than the 5 s promised on a machine that does nothing else. */
  private static final Duration OUTAGE_MAX = Duration.ofSeconds(30);

  private static final int WRITERS = 4;
  private static final int ROWS_BETWEEN = 20;

  private final List<DemoProcess> demos = new ArrayList<>();

  @AfterEach
  void endAll() {
    demos.forEach(DemoProcess::killAll);
  }

  private DemoProcess start(Path data) throws Exception {
    DemoProcess demo = DemoProcess.start("--data", data.toString());
    demos.add(demo);
    demo.awaitReady();
    assertThat(demo.nodeIds()).containsExactly(1, 2, 3);
    return demo;
  }

  @Test
  void losesNothingThatWasAcknowledged(@TempDir Path data) throws Exception {
    DemoProcess demo = start(data);
    try (Connection connection = demo.connect(2);
        Statement statement = connection.createStatement()) {
      statement.execute("create table kept (writer int, n int, primary key (writer, n))");
    }
    AcknowledgedRows rows = new AcknowledgedRows(demo, 2, WRITERS);
    demo.awaitUntil("rows before the kill", () -> rows.acknowledged() > ROWS_BETWEEN);

    // A node that leads is killed and loses its store, while others write through another one.
    demo.awaitUntil("node 3 leads", () -> demo.leadsData(3));
    demo.killNode(3);
    Directories.delete(data.resolve("node3"));
    demo.awaitRestart(3);
    long rebuilt = rows.acknowledged();
    demo.awaitUntil("rows after the kill", () -> rows.acknowledged() > rebuilt + ROWS_BETWEEN);
    rows.stop();
    assertThat(rows.failures()).isEmpty();
    assertThat(rows.longestGap()).isLessThan(OUTAGE_MAX);
    rows.assertAllThere(demo, 2);

    // Without another node what was rebuilt is needed; and the other wakes up to what it missed.
    try (Connection sleeper = demo.connect(1)) {
      assertThat(laterRows(sleeper)).isZero();
      try (DemoProcess.Paused _ = demo.pauseNode(1)) {
        rows.assertAllThere(demo, 3);
        try (Connection connection = demo.connect(3);
            Statement statement = connection.createStatement()) {
          assertThat(statement.executeUpdate("insert into kept values (" + WRITERS + ", 0)"))
              .isEqualTo(1);
        }
      }
      assertThat(laterRows(sleeper)).isEqualTo(1);
    }

    // All at once, then again on other ports, because a node is its id and not its address.
    List<Integer> ports = demo.ports();
    demo.killAll();
    DemoProcess again = start(data);
    assertThat(again.ports()).isNotEqualTo(ports);
    rows.assertAllThere(again, 1);
    rows.assertAllThere(again, 3);

    // However the demo ends, its nodes end with it.
    List<ProcessHandle> nodes = again.nodes();
    assertThat(nodes).hasSize(3).allMatch(ProcessHandle::isAlive);
    again.kill();
    DemoProcess.awaitEnd(nodes);
  }

  private static int laterRows(Connection connection) throws SQLException {
    return DemoProcess.count(connection, "select count(*) from kept where writer = " + WRITERS);
  }
}
