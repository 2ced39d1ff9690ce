package io.shardforge.raft.placement;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.shard.Replica;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Splits shards that have been busy for a while, in the middle of what is asked of them, where this
 * node holds their lease: the loop that places leaders can then give one part to another node.
 *
 * <p>More shards than nodes can use only cost: each has a log with a disk write of its own, and a
 * transaction on two of them takes longer than one on one. So a single node splits nothing by load,
 * and no more is split once there are {@link #SHARDS_A_NODE} shards for each node.
 */
public final class LoadSplits {
  /** How long a shard must have been busy, without a break. */
  static final Duration BUSY_TIME = Duration.ofMinutes(1);

  /** So that each node can lead one part of several shards that are busy by turns. */
  static final int SHARDS_A_NODE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(LoadSplits.class);

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(10);
  private static final Duration SPLIT_TIME = Duration.ofSeconds(60);

  private final Splitting splitting;
  private final LongConsumer ownBorders;
  private final LongSupplier loadMax;
  private final Executor executor;
  private final Clock clock;
  private final Map<Long, MonotonicTimer> busySince = new HashMap<>();
  private final AtomicBoolean splits = new AtomicBoolean();
  private @Nullable MonotonicTimer sinceLook;

  /** A shard that this node serves. */
  public interface Served {
    long shardId();

    /** Whether it may be split now. */
    boolean maySplit();

    long requestsPerSecond();

    /** A key with about half of the requests on each side of it, null if none is known. */
    byte @Nullable [] middleKey();

    /** A replica, which this node may serve or not. */
    static Served of(Replica replica) {
      return new Served() {
        @Override
        public long shardId() {
          return replica.shard().shardId();
        }

        @Override
        public boolean maySplit() {
          return !replica.shard().isMeta() && replica.holdsLease() && replica.isSettled();
        }

        @Override
        public long requestsPerSecond() {
          return replica.requestsPerSecond();
        }

        @Override
        public byte @Nullable [] middleKey() {
          return replica.busyMiddleKey();
        }
      };
    }
  }

  /** Makes a key the first of a shard. */
  @FunctionalInterface
  public interface Splitting {
    ShardSplitter.Border splitAt(byte[] key, Deadline deadline) throws InterruptedException;
  }

  /**
   * Splits from a load on.
   *
   * @param ownBorders is told of the shards that begin at borders made here; may block
   * @param loadMax requests a second; 0 if nothing is split by load
   * @param executor runs splits; its tasks may block
   */
  public LoadSplits(
      Splitting splitting,
      LongConsumer ownBorders,
      LongSupplier loadMax,
      Executor executor,
      Clock clock) {
    this.splitting = splitting;
    this.ownBorders = ownBorders;
    this.loadMax = loadMax;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * One round, by one thread; called every second or so.
   *
   * @param shards how many there are in the cluster
   * @param nodes how many there are to lead them
   */
  public void round(Collection<? extends Served> served, int shards, int nodes) {
    MonotonicTimer last = sinceLook;
    if (last != null && last.elapsed().compareTo(LOOK_INTERVAL) < 0) {
      return;
    }
    sinceLook = MonotonicTimer.start(clock);
    long max = loadMax.getAsLong();
    Served busiest = null;
    Set<Long> busy = new HashSet<>();
    for (Served shard : served) {
      if (max == 0 || !shard.maySplit() || shard.requestsPerSecond() <= max) {
        continue;
      }
      busy.add(shard.shardId());
      MonotonicTimer since =
          busySince.computeIfAbsent(shard.shardId(), _ -> MonotonicTimer.start(clock));
      if (since.elapsed().compareTo(BUSY_TIME) >= 0
          && (busiest == null || shard.requestsPerSecond() > busiest.requestsPerSecond())) {
        busiest = shard;
      }
    }
    busySince.keySet().retainAll(busy);
    if (busiest == null || nodes < 2 || shards >= nodes * SHARDS_A_NODE) {
      return;
    }
    // One at a time: where leaders are decides what the next look finds.
    if (splits.compareAndSet(false, true)) {
      Served found = busiest;
      busySince.remove(found.shardId());
      executor.execute(() -> {
        try {
          split(found);
        } finally {
          splits.set(false);
        }
      });
    }
  }

  private void split(Served shard) {
    byte[] key = shard.middleKey();
    if (key == null) {
      LOG.info("no key cuts the load of a shard in two shard={}", shard.shardId());
      return;
    }
    long load = shard.requestsPerSecond();
    try {
      ShardSplitter.Border border = splitting.splitAt(key, Deadline.after(clock, SPLIT_TIME));
      if (border.isNew()) {
        ownBorders.accept(border.shardId());
      }
      LOG.info(
          "split by load shard={} requests={}/s child={}", shard.shardId(), load, border.shardId());
    } catch (KvException e) {
      LOG.info("not split yet shard={} reason=\"{}\"", shard.shardId(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
