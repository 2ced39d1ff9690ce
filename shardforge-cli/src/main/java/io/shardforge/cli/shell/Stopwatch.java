package io.shardforge.cli.shell;

import java.time.Duration;
import java.time.ZonedDateTime;

/** Measures how long a statement takes; where the shell asks what time it is. */
final class Stopwatch {
  private final long start = System.nanoTime();

  private Stopwatch() {}

  static Stopwatch start() {
    return new Stopwatch();
  }

  static ZonedDateTime now() {
    return ZonedDateTime.now(java.time.ZoneId.systemDefault());
  }

  /** Waits; false if somebody ended that. */
  static boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** As psql says it. */
  String describe() {
    long nanos = elapsed().toNanos();
    double millis = nanos / 1e6;
    if (millis < 1000) {
      return String.format("Time: %.3f ms", millis);
    }
    Duration all = elapsed();
    return String.format(
        "Time: %.3f ms (%02d:%06.3f)", millis, all.toMinutes(), all.toMillis() % 60_000 / 1000.0);
  }
}
