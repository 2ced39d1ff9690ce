package io.shardforge.raft.shard;

import io.shardforge.storage.clock.Clock;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Something that happens once and that threads can wait for, on a {@link Clock}. */
final class Signal {
  private final ConcurrentLinkedQueue<Thread> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean raised;

  boolean isRaised() {
    return raised;
  }

  void raise() {
    raised = true;
    for (Thread thread = waiting.poll(); thread != null; thread = waiting.poll()) {
      LockSupport.unpark(thread);
    }
  }

  /** Waits until it is raised or the time is over; returns whether it is raised. */
  boolean await(Clock clock, long nanos) throws InterruptedException {
    if (raised) {
      return true;
    }
    long start = clock.monotonicNanos();
    Thread self = Thread.currentThread();
    waiting.add(self);
    try {
      while (!raised) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        long left = nanos - (clock.monotonicNanos() - start);
        if (left <= 0) {
          return raised;
        }
        clock.parkNanos(this, left);
      }
      return true;
    } finally {
      waiting.remove(self);
    }
  }
}
