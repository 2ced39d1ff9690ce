package io.shardforge.raft.placement;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.shard.Replica;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Splits shards that have grown too large, where this node holds their lease. */
public final class SizeSplits {
  /** Splits under way that this node has started. */
  public static final int SPLITS_AT_ONCE = 1;

  private static final Logger LOG = LoggerFactory.getLogger(SizeSplits.class);

  /** How often sizes are looked at. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(10);

  private static final Duration SPLIT_TIME = Duration.ofSeconds(60);

  private final ShardSplitter splitter;
  private final LongConsumer ownBorders;
  private final LongSupplier sizeMax;
  private final Executor executor;
  private final Clock clock;
  private final AtomicInteger underWay = new AtomicInteger();
  private @Nullable MonotonicTimer sinceLook;

  /**
   * Splits from a size on.
   *
   * @param ownBorders is told of the shards that begin at borders made here; may block
   * @param executor runs splits; its tasks may block
   */
  public SizeSplits(
      ShardSplitter splitter,
      LongConsumer ownBorders,
      LongSupplier sizeMax,
      Executor executor,
      Clock clock) {
    this.splitter = splitter;
    this.ownBorders = ownBorders;
    this.sizeMax = sizeMax;
    this.executor = executor;
    this.clock = clock;
  }

  /** One round, by one thread; called every second or so. */
  public void round(Collection<Replica> replicas) {
    MonotonicTimer last = sinceLook;
    if (last != null && last.elapsed().compareTo(LOOK_INTERVAL) < 0) {
      return;
    }
    sinceLook = MonotonicTimer.start(clock);
    look(replicas);
  }

  /** Starts to split the largest shard that is too large, unless enough are being split. */
  void look(Collection<Replica> replicas) {
    Replica largest = null;
    long size = sizeMax.getAsLong();
    for (Replica replica : replicas) {
      // The meta shard stays whole, and what is being split or merged has not got its final size.
      if (replica.shard().isMeta() || !replica.holdsLease() || !replica.isSettled()) {
        continue;
      }
      long bytes = replica.sizeBytes();
      if (bytes > size) {
        size = bytes;
        largest = replica;
      }
    }
    if (largest == null) {
      return;
    }
    if (underWay.incrementAndGet() > SPLITS_AT_ONCE) {
      underWay.decrementAndGet();
      return;
    }
    Replica found = largest;
    long bytes = size;
    executor.execute(() -> {
      try {
        split(found, bytes);
      } finally {
        underWay.decrementAndGet();
      }
    });
  }

  private void split(Replica replica, long bytes) {
    long shardId = replica.shard().shardId();
    byte[] key = replica.middleKey();
    if (key == null) {
      LOG.info("shard has one row and cannot be split shard={} bytes={}", shardId, bytes);
      return;
    }
    try {
      ShardSplitter.Border border = splitter.splitAt(key, Deadline.after(clock, SPLIT_TIME));
      if (border.isNew()) {
        // A border that a crash keeps from being noted is held, like one that somebody wants.
        ownBorders.accept(border.shardId());
      }
      LOG.info("split by size shard={} bytes={} child={}", shardId, bytes, border.shardId());
    } catch (KvException e) {
      LOG.info("not split yet shard={} reason=\"{}\"", shardId, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
