package io.shardforge.raft.group;

import io.shardforge.storage.clock.Clock;
import java.time.Duration;

/**
 * A bound on the bytes a second that a node sends in copies, shared by all of them. A piece waits
 * until the time that those before it take at that rate has passed; what was not used is not saved
 * up.
 */
final class CopyRate {
  private static final double NANOS_A_SECOND = 1e9;

  private final Clock clock;
  private long bytesPerSecond = Long.MAX_VALUE;
  private long freeAtNanos;

  /** No bound at first. */
  CopyRate(Clock clock) {
    this.clock = clock;
    this.freeAtNanos = clock.monotonicNanos();
  }

  synchronized void limit(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /** Waits until so many bytes may be sent. */
  void take(int bytes) throws InterruptedException {
    long wait = reserve(bytes);
    if (wait > 0) {
      clock.sleep(Duration.ofNanos(wait));
    }
  }

  private synchronized long reserve(int bytes) {
    long now = clock.monotonicNanos();
    long start = Math.max(freeAtNanos, now);
    freeAtNanos = start + (long) (bytes * NANOS_A_SECOND / bytesPerSecond);
    return start - now;
  }
}
