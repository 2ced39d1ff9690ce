package io.shardforge.storage.clock;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A point in a clock's monotonic time by which something must be done, or never.
 *
 * @param atNanos monotonic nanoseconds; {@link Long#MAX_VALUE} means never
 */
public record Deadline(long atNanos) {
  private static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

  /** The deadline that does not come. */
  public static Deadline never() {
    return NEVER;
  }

  /** A deadline this long from now; never, if that is beyond the clock's range. */
  public static Deadline after(Clock clock, Duration duration) {
    return afterNanos(clock, saturatedNanos(duration));
  }

  /** A deadline this many nanoseconds from now; never, if that is beyond the clock's range. */
  public static Deadline afterNanos(Clock clock, long nanos) {
    long now = clock.monotonicNanos();
    long at = now + nanos;
    return nanos > 0 && at < now ? NEVER : new Deadline(at);
  }

  public boolean isNever() {
    return atNanos == Long.MAX_VALUE;
  }

  public boolean isExpired(Clock clock) {
    return !isNever() && clock.monotonicNanos() - atNanos >= 0;
  }

  /** Nanoseconds left, zero once expired, {@link Long#MAX_VALUE} for never. */
  public long remainingNanos(Clock clock) {
    return isNever() ? Long.MAX_VALUE : Math.max(0, atNanos - clock.monotonicNanos());
  }

  public Duration remaining(Clock clock) {
    return Duration.ofNanos(remainingNanos(clock));
  }

  /**
   * Waits for a future on a clock, no longer than until this deadline.
   *
   * @throws TimeoutException if the deadline came first
   * @throws ExecutionException if the future failed
   */
  public <T> T await(Clock clock, CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (isNever() || future.isDone()) {
      return future.get();
    }
    Thread self = Thread.currentThread();
    var _ = future.whenComplete((_, _) -> LockSupport.unpark(self));
    while (!future.isDone()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = remainingNanos(clock);
      if (left == 0) {
        throw new TimeoutException();
      }
      clock.parkNanos(future, left);
    }
    return future.get();
  }

  /** The one of the two that comes first. */
  public Deadline earlier(Deadline other) {
    if (isNever()) {
      return other;
    }
    return other.isNever() || atNanos - other.atNanos <= 0 ? this : other;
  }

  private static long saturatedNanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
