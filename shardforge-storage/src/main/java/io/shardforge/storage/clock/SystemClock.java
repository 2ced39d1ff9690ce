package io.shardforge.storage.clock;

import io.shardforge.storage.device.BootTimeReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The machine's own clock; monotonic time is CLOCK_BOOTTIME where the system offers it.
 *
 * <p>A timed park of a virtual thread wakes a timer thread of the JDK, and so does its end: more
 * than the rest of what a short commit costs in switches. Most waits are long and end early, so
 * while {@link #endLongWaits} runs, long ones are ended by it, up to a tick late.
 */
public final class SystemClock implements Clock {
  /** Shorter waits end in time. */
  static final Duration LONG_WAIT_MIN = Duration.ofMillis(500);

  /** How often the ends of long waits are looked for. */
  static final Duration TICK = Duration.ofMillis(50);

  private final @Nullable BootTimeReader bootTime;
  private final Set<LongWait> longWaits = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread ticker;
  private volatile boolean tickerRests;

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
  public long wallMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
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
    } else if (nanos < LONG_WAIT_MIN.toNanos() || ticker == null) {
      LockSupport.parkNanos(blocker, nanos);
    } else {
      LongWait wait = new LongWait(Thread.currentThread(), monotonicNanos() + nanos);
      longWaits.add(wait);
      try {
        if (tickerRests) {
          LockSupport.unpark(ticker);
        }
        LockSupport.park(blocker);
      } finally {
        longWaits.remove(wait);
      }
    }
  }

  /** Ends the long waits of others when their time is over, until interrupted. */
  public void endLongWaits() throws InterruptedException {
    ticker = Thread.currentThread();
    try {
      while (true) {
        Thread.sleep(TICK);
        long now = monotonicNanos();
        for (LongWait wait : longWaits) {
          if (now - wait.end >= 0) {
            LockSupport.unpark(wait.thread);
          }
        }
        rest();
      }
    } finally {
      ticker = null;
      longWaits.forEach(wait -> LockSupport.unpark(wait.thread));
    }
  }

  private void rest() throws InterruptedException {
    tickerRests = true;
    // Whoever begins a wait after this look sees that nobody ticks, and ends the rest.
    while (longWaits.isEmpty()) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    tickerRests = false;
  }

  /** A thread that waits for longer than {@link #LONG_WAIT_MIN}; each is another one. */
  private static final class LongWait {
    final Thread thread;
    final long end;

    LongWait(Thread thread, long end) {
      this.thread = thread;
      this.end = end;
    }
  }
}
