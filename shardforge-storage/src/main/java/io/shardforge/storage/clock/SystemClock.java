package io.shardforge.storage.clock;

import io.shardforge.storage.device.BootTimeReader;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The machine's own clock; monotonic time is CLOCK_BOOTTIME where the system offers it. */
public final class SystemClock implements Clock {
  private final @Nullable BootTimeReader bootTime;

  public SystemClock() {
    this.bootTime = BootTimeReader.open().orElse(null);
  }

  /** True if monotonic time counts the time that the machine spent suspended. */
  public boolean countsSuspendedTime() {
    return bootTime != null;
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long monotonicNanos() {
    BootTimeReader reader = bootTime;
    return reader == null ? System.nanoTime() : reader.nanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    if (nanos == Long.MAX_VALUE) {
      // No timer: it would cost more than the wait for a busy client.
      LockSupport.park(blocker);
    } else {
      LockSupport.parkNanos(blocker, nanos);
    }
  }
}
