package io.shardforge.server.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting on what other processes do, which nobody tells of. */
final class Waiting {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Waiting() {}

  /** Asks again and again; false if the answer stayed no. */
  static boolean until(Duration patience, BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        return false;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }
}
