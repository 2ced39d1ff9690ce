package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.fail;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.SystemClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits in tests for something to become true, or fails saying what did not. */
public final class Await {
  private static final Clock CLOCK = new SystemClock();
  private static final Duration TIME_MAX = Duration.ofSeconds(60);
  private static final long POLL_NANOS = 2_000_000;

  private Await() {}

  /** Waits for a condition. */
  public static void until(String what, BooleanSupplier condition) {
    Deadline deadline = Deadline.after(CLOCK, TIME_MAX);
    while (!condition.getAsBoolean()) {
      if (deadline.isExpired(CLOCK)) {
        fail("waited " + TIME_MAX + " in vain until " + what);
      }
      CLOCK.parkNanos(Await.class, POLL_NANOS);
    }
  }

  /** Waits for a result. */
  public static <T> T result(CompletableFuture<T> future) throws Exception {
    return future.get(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for a failure and returns its cause. */
  public static Throwable failure(CompletableFuture<?> future) throws Exception {
    try {
      Object result = future.get(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
      return fail("expected a failure, got " + result);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return cause == null ? e : cause;
    } catch (TimeoutException e) {
      return fail("expected a failure, got nothing", e);
    }
  }
}
