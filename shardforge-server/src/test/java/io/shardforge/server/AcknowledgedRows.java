package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Writers that count what was acknowledged to each of them, one row after the other. */
final class AcknowledgedRows {
  private final AtomicIntegerArray counts;
  private final Queue<SQLException> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
  private final AtomicLong longestGapNanos = new AtomicLong();
  private volatile boolean stopping;

  /** Starts to write through one node. */
  AcknowledgedRows(DemoProcess demo, int node, int writers) {
    counts = new AtomicIntegerArray(writers);
    for (int i = 0; i < writers; i++) {
      int writer = i;
      threads.add(Thread.ofPlatform().start(() -> write(demo, node, writer)));
    }
  }

  private void write(DemoProcess demo, int node, int writer) {
    try (Connection connection = demo.connect(node);
        PreparedStatement insert = connection.prepareStatement("insert into kept values (?, ?)")) {
      for (int n = 0; !stopping; n++) {
        insert.setInt(1, writer);
        insert.setInt(2, n);
        insert.executeUpdate();
        counts.incrementAndGet(writer);
        long now = System.nanoTime();
        long gap = now - lastNanos.getAndSet(now);
        longestGapNanos.accumulateAndGet(gap, Math::max);
      }
    } catch (SQLException e) {
      failures.add(e);
    }
  }

  long acknowledged() {
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  List<SQLException> failures() {
    return List.copyOf(failures);
  }

  /** The longest time in which no row of any writer was acknowledged. */
  Duration longestGap() {
    return Duration.ofNanos(longestGapNanos.get());
  }

  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Reads all rows through a node, once it is ready. */
  void assertAllThere(DemoProcess demo, int node) throws SQLException, InterruptedException {
    demo.awaitUntil("node " + node + " is ready", () -> demo.isReady(node));
    try (Connection connection = demo.connect(node)) {
      for (int writer = 0; writer < counts.length(); writer++) {
        int acknowledged = counts.get(writer);
        String query =
            "select count(*) from kept where writer = %d and n < %d"
                .formatted(writer, acknowledged);
        assertThat(DemoProcess.count(connection, query))
            .as("rows of writer %d at node %d", writer, node)
            .isEqualTo(acknowledged);
      }
    }
  }
}
