package io.shardforge.raft.sim;

import io.shardforge.storage.clock.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One node's clock in a simulation: it started at its own moment, runs a little fast or slow, and
 * its wall time may jump.
 */
final class SimClock implements Clock {
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;

  private final SimScheduler scheduler;
  private final long offsetNanos;
  private final double rate;
  private long wallOffsetMillis;

  /**
   * A clock.
   *
   * @param rate its nanoseconds in one of the simulation
   */
  SimClock(SimScheduler scheduler, long offsetNanos, double rate) {
    this.scheduler = scheduler;
    this.offsetNanos = offsetNanos;
    this.rate = rate;
  }

  void jumpTo(long offsetMillis) {
    wallOffsetMillis = offsetMillis;
  }

  @Override
  public long wallMillis() {
    return EPOCH_MILLIS + wallOffsetMillis + (long) (scheduler.nowNanos() * rate) / 1_000_000;
  }

  @Override
  public long monotonicNanos() {
    return offsetNanos + (long) (scheduler.nowNanos() * rate);
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    long end = monotonicNanos() + duration.toNanos();
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = end - monotonicNanos();
      if (left <= 0) {
        return;
      }
      parkNanos(this, left);
    }
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    if (nanos <= 0) {
      return;
    }
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(blocker);
      return;
    }
    Thread self = Thread.currentThread();
    // One more, so that no rounding makes a sleeper wake up before its time again and again.
    long simulated = nanos / rate > 1e18 ? Long.MAX_VALUE / 4 : (long) (nanos / rate) + 1;
    SimScheduler.Timer timer = scheduler.after(simulated, () -> LockSupport.unpark(self));
    LockSupport.park(blocker);
    timer.cancel();
  }
}
