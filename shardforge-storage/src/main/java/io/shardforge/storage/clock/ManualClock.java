package io.shardforge.storage.clock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A clock that moves only when it is told to; for simulations and tests. */
public final class ManualClock implements Clock {
  private final Object monitor = new Object();
  private final List<Waiter> waiters = new ArrayList<>();
  private long wallMillis;
  private long monotonicNanos;

  /** Starts at a wall time, with monotonic time zero. */
  public ManualClock(long wallMillis) {
    this.wallMillis = wallMillis;
  }

  private record Waiter(Thread thread, long deadlineNanos) {}

  /** Moves both clocks and wakes the threads whose wait has ended. */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative duration " + duration);
    }
    synchronized (monitor) {
      long before = monotonicNanos;
      monotonicNanos = Math.addExact(monotonicNanos, duration.toNanos());
      // Carry fractions of a millisecond, so that many small steps add up.
      wallMillis += monotonicNanos / 1_000_000 - before / 1_000_000;
      for (Waiter waiter : waiters) {
        if (waiter.deadlineNanos <= monotonicNanos) {
          LockSupport.unpark(waiter.thread);
        }
      }
    }
  }

  /** Makes the wall clock jump, forwards or backwards, and leaves monotonic time alone. */
  public void setWallMillis(long millis) {
    synchronized (monitor) {
      wallMillis = millis;
    }
  }

  /** The number of threads that wait for this clock now. */
  public int waiterCount() {
    synchronized (monitor) {
      return waiters.size();
    }
  }

  @Override
  public long wallMillis() {
    synchronized (monitor) {
      return wallMillis;
    }
  }

  @Override
  public long monotonicNanos() {
    synchronized (monitor) {
      return monotonicNanos;
    }
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    long deadline = monotonicNanos() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = deadline - monotonicNanos()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      parkNanos(this, left);
    }
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    if (nanos <= 0) {
      return;
    }
    Waiter waiter;
    synchronized (monitor) {
      waiter = new Waiter(Thread.currentThread(), monotonicNanos + nanos);
      waiters.add(waiter);
    }
    // An advance between here and the park leaves a permit behind, so park returns at once.
    LockSupport.park(blocker);
    synchronized (monitor) {
      waiters.remove(waiter);
    }
  }
}
