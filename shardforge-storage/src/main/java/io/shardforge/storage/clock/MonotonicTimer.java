package io.shardforge.storage.clock;

import java.time.Duration;

/** A stopwatch on a clock's monotonic time, running since it was made. */
public final class MonotonicTimer {
  private final Clock clock;
  private final long startNanos;

  private MonotonicTimer(Clock clock) {
    this.clock = clock;
    this.startNanos = clock.monotonicNanos();
  }

  public static MonotonicTimer start(Clock clock) {
    return new MonotonicTimer(clock);
  }

  public long elapsedNanos() {
    return clock.monotonicNanos() - startNanos;
  }

  public Duration elapsed() {
    return Duration.ofNanos(elapsedNanos());
  }
}
