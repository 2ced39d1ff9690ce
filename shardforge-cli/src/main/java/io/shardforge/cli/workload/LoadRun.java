package io.shardforge.cli.workload;

import io.shardforge.cli.connect.Login;
import io.shardforge.cli.connect.Target;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Clients at work for some time, with a line a second of what they reach. */
public final class LoadRun {
  private static final long MICROS_MAX = Duration.ofMinutes(10).toNanos() / 1000;
  private static final int DIGITS = 2;
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

  private final Workload workload;
  private final Target target;
  private final PrintStream out;
  private final Recorder recorder = new Recorder(MICROS_MAX, DIGITS);
  private final LongAdder retries = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<String> lastFailure = new AtomicReference<>("");
  private volatile boolean ends;

  public LoadRun(Workload workload, Target target, PrintStream out) {
    this.workload = workload;
    this.target = target;
    this.out = out;
  }

  /** Lets so many clients work for so long; false if a statement failed for good. */
  public boolean run(int clients, Duration duration, long seed) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Random random = new Random(seed + i);
      threads.add(Thread.ofPlatform().daemon().name("client-" + i).start(() -> work(random)));
    }
    Histogram total = new Histogram(MICROS_MAX, DIGITS);
    long start = System.nanoTime();
    long last = start;
    out.println("   time     ops/s   p50 ms   p95 ms   p99 ms   max ms  retries  errors");
    while (System.nanoTime() - start < duration.toNanos()) {
      long left = duration.toNanos() - (System.nanoTime() - start);
      Thread.sleep(Duration.ofNanos(Math.max(1, Math.min(left, 1_000_000_000L))));
      Histogram second = recorder.getIntervalHistogram();
      total.add(second);
      long now = System.nanoTime();
      print("%6ds".formatted(Math.round((now - start) / 1e9)), second, (now - last) / 1e9);
      last = now;
    }
    ends = true;
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(30));
    }
    total.add(recorder.getIntervalHistogram());
    print("  total", total, (System.nanoTime() - start) / 1e9);
    workload.tell(out, (System.nanoTime() - start) / 1e9);
    if (failures.sum() > 0) {
      out.println("the last error: " + lastFailure.get());
    }
    return failures.sum() == 0;
  }

  private void print(String time, Histogram latencies, double seconds) {
    out.println(
        "%s  %8.0f  %7.2f  %7.2f  %7.2f  %7.2f  %7d  %6d"
            .formatted(
                time,
                latencies.getTotalCount() / seconds,
                latencies.getValueAtPercentile(50) / 1000.0,
                latencies.getValueAtPercentile(95) / 1000.0,
                latencies.getValueAtPercentile(99) / 1000.0,
                latencies.getMaxValue() / 1000.0,
                retries.sum(),
                failures.sum()));
    out.flush();
  }

  /** One client: connects again when its node has gone. */
  private void work(Random random) {
    while (!ends) {
      try (Connection connection = Login.driver(target)) {
        Workload.Step step = workload.client(connection, random);
        while (!ends) {
          once(connection, step);
        }
      } catch (SQLException e) {
        note(e);
        pause();
      }
    }
  }

  private void once(Connection connection, Workload.Step step) throws SQLException {
    long start = System.nanoTime();
    while (true) {
      try {
        step.run();
        recorder.recordValue(Math.min(MICROS_MAX, (System.nanoTime() - start) / 1000));
        return;
      } catch (SQLException e) {
        if (connection.isClosed() || "08006".equals(e.getSQLState())) {
          throw e;
        }
        try (var statement = connection.createStatement()) {
          statement.execute("ROLLBACK");
        }
        if (!isLost(e)) {
          note(e);
          pause();
          return;
        }
        retries.increment();
        if (ends) {
          return;
        }
      }
    }
  }

  /** Whether a transaction lost against others, and may be tried again. */
  static boolean isLost(SQLException failure) {
    return "40001".equals(failure.getSQLState()) || "40P01".equals(failure.getSQLState());
  }

  private void note(SQLException failure) {
    failures.increment();
    lastFailure.set(String.valueOf(failure.getMessage()));
  }

  private void pause() {
    try {
      Thread.sleep(RECONNECT_PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
