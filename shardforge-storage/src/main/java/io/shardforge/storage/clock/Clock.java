package io.shardforge.storage.clock;

import java.time.Duration;

/** The source of time for everything above it, and the way to wait for time to pass. */
public interface Clock {
  /** Milliseconds since 1970-01-01 UTC; may jump. */
  long wallMillis();

  /** Microseconds since 1970-01-01 UTC, as far as the clock tells them apart; may jump. */
  default long wallMicros() {
    return wallMillis() * 1000;
  }

  /** Nanoseconds on a clock that never jumps and runs on while the machine is suspended. */
  long monotonicNanos();

  /** Waits for this long, or until the thread is interrupted. */
  void sleep(Duration duration) throws InterruptedException;

  /**
   * Parks the thread like {@link java.util.concurrent.locks.LockSupport#parkNanos(Object, long)}:
   * returns when unparked, interrupted, after {@code nanos} on this clock, or for no reason.
   */
  void parkNanos(Object blocker, long nanos);
}
