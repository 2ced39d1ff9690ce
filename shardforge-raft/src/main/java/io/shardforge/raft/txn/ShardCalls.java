package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Requests to shards: grouped by shard, sent to all at once, regrouped where the map was old. */
final class ShardCalls {
  /** How often requests are regrouped before the map is given up. */
  static final int REGROUPS_MAX = 200;

  /** Regroups without a pause: the map knew already, as a rule. */
  private static final int HASTY_REGROUPS = 2;

  private static final Duration REGROUP_PAUSE_MAX = Duration.ofMillis(100);

  private final ShardLocator locator;
  private final KvSender sender;
  private final Clock clock;
  private final Executor executor;

  ShardCalls(ShardLocator locator, KvSender sender, Clock clock, Executor executor) {
    this.locator = locator;
    this.sender = sender;
    this.clock = clock;
    this.executor = executor;
  }

  ShardLocator locator() {
    return locator;
  }

  /** Runs a task that may block. */
  void execute(Runnable task) {
    executor.execute(task);
  }

  int answererOf(ShardDescriptor shard) {
    return sender.answererOf(shard);
  }

  /** Something to do for one of several things, such as the shards of a transaction. */
  @FunctionalInterface
  interface Leg<T, R> {
    R run(T thing) throws InterruptedException;
  }

  /** Things by the shard that holds their key. */
  <T> Map<ShardDescriptor, List<T>> group(Collection<T> things, Function<T, byte[]> keyOf) {
    Map<ShardDescriptor, List<T>> groups = new LinkedHashMap<>();
    ShardDescriptor last = null;
    List<T> lastGroup = List.of();
    for (T thing : things) {
      byte[] key = keyOf.apply(thing);
      if (last == null || !last.span().contains(key)) {
        last = locator.locate(key);
        lastGroup = groups.computeIfAbsent(last, _ -> new ArrayList<>());
      }
      lastGroup.add(thing);
    }
    return groups;
  }

  /** Sends one request and returns its result, or throws its error. */
  KvResult call(
      ShardDescriptor shard, @Nullable TxnHeader txn, Deadline deadline, KvRequest request)
      throws InterruptedException {
    return call(shard, txn, deadline, List.of(request), null).getFirst();
  }

  /** Sends requests, which are served in order, and returns their results, or throws an error. */
  List<KvResult> call(
      ShardDescriptor shard,
      @Nullable TxnHeader txn,
      Deadline deadline,
      List<KvRequest> requests,
      @Nullable ReadMeter meter)
      throws InterruptedException {
    KvBatch batch = new KvBatch(shard.shardId(), shard.epoch(), txn, deadline, requests);
    return switch (sender.send(shard, batch)) {
      case KvResponse.Done done -> {
        if (meter != null) {
          meter.answered(shard.shardId(), sender.answererOf(shard), done.results());
        }
        yield done.results();
      }
      case KvResponse.Failed failed -> {
        if (failed.error() instanceof KvError.StaleShard) {
          locator.stale(shard);
        }
        throw new KvException(failed.error());
      }
    };
  }

  /** What to send to one of the shards that a span lies in. */
  @FunctionalInterface
  interface PartRequest {
    KvRequest of(ShardDescriptor shard, KeySpan part);
  }

  /** Sends requests to all shards that a span lies in, one after the other, wherever they are. */
  void callParts(KeySpan span, @Nullable TxnHeader txn, Deadline deadline, PartRequest request)
      throws InterruptedException {
    KeySpan rest = span;
    int regroups = 0;
    while (!rest.isEmpty()) {
      ShardDescriptor shard = locator.locate(rest.start());
      KeySpan part = shard.span().intersect(rest).orElse(rest);
      try {
        var _ = call(shard, txn, deadline, request.of(shard, part));
        rest =
            part.hasEnd()
                ? new KeySpan(part.end(), rest.end())
                : new KeySpan(rest.start(), rest.start());
      } catch (KvException e) {
        if (!mayRegroup(e, regroups++, deadline)) {
          throw e;
        }
      }
    }
  }

  /** Sends a request to the shard that holds a key, wherever that is by now. */
  KvResult callAt(byte[] key, @Nullable TxnHeader txn, Deadline deadline, KvRequest request)
      throws InterruptedException {
    for (int i = 0; ; i++) {
      try {
        return call(locator.locate(key), txn, deadline, request);
      } catch (KvException e) {
        if (!mayRegroup(e, i, deadline)) {
          throw e;
        }
      }
    }
  }

  boolean mayRegroup(KvException e, int regroups, Deadline deadline) {
    boolean may =
        e.error() instanceof KvError.StaleShard
            && regroups < REGROUPS_MAX
            && !deadline.isExpired(clock);
    if (may && regroups >= HASTY_REGROUPS) {
      // A split is known to the shard before it is in the map.
      pause(regroups);
    }
    return may;
  }

  private void pause(int regroups) {
    long millis = Math.min(REGROUP_PAUSE_MAX.toMillis(), 1L << Math.min(regroups, 10));
    try {
      clock.sleep(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      // The next call notices.
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs a leg for each of the things at once, the last one on this thread. Waits for all; then
   * throws the first failure in their order, if any.
   */
  <T, R> List<R> all(Collection<T> things, Leg<T, R> leg) throws InterruptedException {
    List<T> order = List.copyOf(things);
    if (order.size() == 1) {
      List<R> single = new ArrayList<>(1);
      single.add(leg.run(order.getFirst()));
      return single;
    }
    List<CompletableFuture<R>> running = new ArrayList<>(order.size());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      CompletableFuture<R> result = new CompletableFuture<>();
      running.add(result);
      T thing = order.get(i);
      Runnable task =
          () -> {
            try {
              result.complete(leg.run(thing));
            } catch (InterruptedException e) {
              result.completeExceptionally(new KvException(new KvError.Canceled()));
            } catch (RuntimeException | Error e) {
              result.completeExceptionally(e);
            }
          };
      if (i == order.size() - 1) {
        task.run();
      } else {
        executor.execute(() -> {
          synchronized (threads) {
            threads.add(Thread.currentThread());
          }
          try {
            task.run();
          } finally {
            synchronized (threads) {
              threads.remove(Thread.currentThread());
            }
            // What was meant for this leg must not meet the thread's next task.
            Thread.interrupted();
          }
        });
      }
    }
    return gather(running, threads);
  }

  private static <R> List<R> gather(List<CompletableFuture<R>> running, List<Thread> threads)
      throws InterruptedException {
    boolean interrupted = false;
    RuntimeException failure = null;
    List<R> results = new ArrayList<>(running.size());
    for (CompletableFuture<R> leg : running) {
      while (true) {
        try {
          results.add(leg.get());
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          synchronized (threads) {
            threads.forEach(Thread::interrupt);
          }
        } catch (ExecutionException e) {
          RuntimeException cause =
              e.getCause() instanceof RuntimeException known
                  ? known
                  : new IllegalStateException(e.getCause());
          failure = failure == null || isMoreTelling(cause, failure) ? cause : failure;
          break;
        }
      }
    }
    if (interrupted) {
      throw new InterruptedException();
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  /** A stale map only means to try again: any other failure says more. */
  private static boolean isMoreTelling(RuntimeException candidate, RuntimeException than) {
    return isStale(than) && !isStale(candidate);
  }

  private static boolean isStale(RuntimeException e) {
    return e instanceof KvException known && known.error() instanceof KvError.StaleShard;
  }
}
