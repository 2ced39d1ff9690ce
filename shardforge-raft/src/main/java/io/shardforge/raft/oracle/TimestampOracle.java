package io.shardforge.raft.oracle;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Timestamp;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The source of all timestamps, at the meta shard's lease holder: ever greater, never one twice.
 *
 * <p>Everything it hands out is below a bound that was replicated before. A successor starts at the
 * bound, so it cannot repeat what a predecessor handed out. The bound is moved about {@link
 * #BOUND_AHEAD_MILLIS} ahead of the clock, in the background, before it is reached. A clock that
 * stands still or jumps back only makes timestamps run ahead of it; one that jumps forward by years
 * is followed, for there is nothing to tell that it is wrong.
 */
public final class TimestampOracle {
  /** How far ahead the bound is set. */
  static final long BOUND_AHEAD_MILLIS = 3_000;

  /** How near the bound may come before it is moved in the background. */
  static final long BOUND_NEAR_MILLIS = 1_500;

  private final Clock clock;
  private final BoundStore store;
  private final AtomicBoolean raising = new AtomicBoolean();
  private long last;
  private long bound;

  /** Done, with whether there is a new bound, when the raise under way has come to its end. */
  private CompletableFuture<Boolean> raised = new CompletableFuture<>();

  /** Starts at a replicated bound. */
  public TimestampOracle(Clock clock, BoundStore store, long replicatedBound) {
    this.clock = clock;
    this.store = store;
    this.last = replicatedBound;
    this.bound = replicatedBound;
  }

  /** Where the bound is replicated. */
  public interface BoundStore {
    /**
     * Replicates a bound and reports it to {@link TimestampOracle#raised}; does not wait. Calls
     * {@link TimestampOracle#raiseFailed} if that is not possible.
     */
    void raise(TimestampOracle oracle, long newBound);
  }

  /** The next timestamp, or null while a new bound is being replicated: ask again then. */
  public @Nullable Long next() {
    long wanted;
    Long result = null;
    synchronized (this) {
      long candidate = Math.max(last + 1, Timestamp.of(clock.wallMillis(), 0));
      if (candidate < bound) {
        last = candidate;
        result = candidate;
      }
      if (bound - candidate > BOUND_NEAR_MILLIS << Timestamp.LOGICAL_BITS) {
        return result;
      }
      wanted = candidate + (BOUND_AHEAD_MILLIS << Timestamp.LOGICAL_BITS);
    }
    if (raising.compareAndSet(false, true)) {
      store.raise(this, wanted);
    }
    return result;
  }

  /** The newest timestamp handed out, or the bound that it started at. */
  public synchronized long last() {
    return last;
  }

  /** A bound is replicated. */
  public void raised(long newBound) {
    end(newBound, true);
  }

  /** The bound could not be replicated; the next request tries again. */
  public void raiseFailed() {
    end(0, false);
  }

  private void end(long newBound, boolean done) {
    CompletableFuture<Boolean> ended;
    synchronized (this) {
      bound = Math.max(bound, newBound);
      raising.set(false);
      ended = raised;
      raised = new CompletableFuture<>();
    }
    ended.complete(done);
  }

  /** Waits until a new bound has been replicated or could not be, or the time is over. */
  public void awaitBound(Duration patience) throws InterruptedException {
    CompletableFuture<Boolean> underWay;
    synchronized (this) {
      if (!raising.get()) {
        return;
      }
      underWay = raised;
    }
    try {
      var _ = Deadline.after(clock, patience).await(clock, underWay);
    } catch (TimeoutException e) {
      // The caller asks again as long as it likes.
    } catch (ExecutionException e) {
      throw new IllegalStateException("it is never completed so", e);
    }
  }
}
