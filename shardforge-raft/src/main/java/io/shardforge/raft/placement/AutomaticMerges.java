package io.shardforge.raft.placement;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back the borders that the system itself has made, once the shards on both sides have been
 * small for a while. Every node has one; only that of the meta shard's leader does anything, one
 * merge at a time.
 *
 * <p>What a person has split stays split until a person merges it, and so do the borders that a
 * cluster begins with: whoever made them knew something that sizes do not say. The borders between
 * the arcs of a table that is cut by hash stay as long as the table says so.
 *
 * <p>Splits and merges cannot chase each other. A shard is split above the greatest size, into
 * halves that have more than that together; two are merged only if they have no more than half of
 * it together, and have had so for {@link #SMALL_TIME}. So between a split and the merge that takes
 * it back half of the rows must go, and between a merge and the next split there they must double.
 * The same holds for the load.
 */
public final class AutomaticMerges {
  /** How long both must have been small, without a break. */
  static final Duration SMALL_TIME = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(AutomaticMerges.class);

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(30);
  private static final Duration MERGE_TIME = Duration.ofSeconds(60);

  private final Shards shards;
  private final Merging merging;
  private final Executor executor;
  private final Clock clock;
  private final AtomicBoolean looking = new AtomicBoolean();

  /** By shard that would be taken in: since when it could be. */
  private final Map<Long, MonotonicTimer> smallSince = new HashMap<>();

  private @Nullable MonotonicTimer sinceLook;

  /** What is to be known of shards; all of it may block. */
  public interface Shards {
    /** The shards that begin at a border that the system itself has made. */
    Set<Long> ownBorders();

    /** The tables whose arcs stay apart. */
    HashedTables hashedTables();

    /** All shards as they are, in key order. */
    List<ClusterControl.ShardStatus> all() throws InterruptedException;

    /** What holds at present. */
    Limits limits();
  }

  /**
   * From when on shards are small.
   *
   * @param sizeMin one of two that are merged is smaller; 0 if none is to be merged
   * @param sizeMax the size from which on a shard is split
   * @param loadMax the requests a second from which on it is split; 0 if it never is by load
   */
  public record Limits(long sizeMin, long sizeMax, long loadMax) {}

  /** Has the shard that begins with a key merged with the one before. */
  @FunctionalInterface
  public interface Merging {
    void mergeAt(byte[] key, Deadline deadline) throws InterruptedException;
  }

  /**
   * Merges that begin with the first round.
   *
   * @param executor runs looks, which may block
   */
  public AutomaticMerges(Shards shards, Merging merging, Executor executor, Clock clock) {
    this.shards = shards;
    this.merging = merging;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * One round, by one thread; called every second or so.
   *
   * @param inCharge whether this node leads the meta shard
   */
  public void round(boolean inCharge) {
    MonotonicTimer last = sinceLook;
    if (last != null && last.elapsed().compareTo(LOOK_INTERVAL) < 0) {
      return;
    }
    if (looking.compareAndSet(false, true)) {
      sinceLook = MonotonicTimer.start(clock);
      executor.execute(() -> {
        try {
          if (inCharge) {
            look();
          } else {
            smallSince.clear();
          }
        } catch (KvException e) {
          LOG.info("shards were not merged reason=\"{}\"", e.getMessage());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } finally {
          looking.set(false);
        }
      });
    }
  }

  /** Looks at everything, and merges the smallest pair that has been small for long enough. */
  void look() throws InterruptedException {
    Limits limits = shards.limits();
    Set<Long> own = limits.sizeMin() == 0 ? Set.of() : shards.ownBorders();
    if (own.isEmpty()) {
      smallSince.clear();
      return;
    }
    HashedTables hashed = shards.hashedTables();
    List<Pair> small = smallPairs(shards.all(), own, hashed, limits);
    Set<Long> still = new HashSet<>();
    small.forEach(pair -> still.add(pair.right().shardId()));
    smallSince.keySet().retainAll(still);
    for (Pair pair : small) {
      MonotonicTimer since =
          smallSince.computeIfAbsent(pair.right().shardId(), _ -> MonotonicTimer.start(clock));
      if (since.elapsed().compareTo(SMALL_TIME) >= 0) {
        merge(pair);
        return;
      }
    }
  }

  private void merge(Pair pair) throws InterruptedException {
    ShardDescriptor right = pair.right();
    // If it fails, others get their turn before this one is tried again.
    smallSince.remove(right.shardId());
    merging.mergeAt(right.span().start(), Deadline.after(clock, MERGE_TIME));
    LOG.info(
        "merged by size shard={} right={} bytes={}",
        pair.left().shardId(),
        right.shardId(),
        pair.bytes());
  }

  /** Two neighbors and the size of both. */
  private record Pair(ShardDescriptor left, ShardDescriptor right, long bytes) {}

  /** What may be merged, the smallest first. */
  private static List<Pair> smallPairs(
      List<ClusterControl.ShardStatus> all, Set<Long> own, HashedTables hashed, Limits limits) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 1; i < all.size(); i++) {
      KvResult.ShardFacts left = all.get(i - 1).facts();
      KvResult.ShardFacts right = all.get(i).facts();
      if (left != null
          && right != null
          && mayMerge(all.get(i - 1).shard(), all.get(i).shard(), own)
          && !hashed.wants(all.get(i).shard().span().start())) {
        long bytes = left.sizeBytes() + right.sizeBytes();
        long load = left.requestsPerSecond() + right.requestsPerSecond();
        if (Math.min(left.sizeBytes(), right.sizeBytes()) < limits.sizeMin()
            && bytes <= limits.sizeMax() / 2
            && (limits.loadMax() == 0 || load <= limits.loadMax() / 2)) {
          pairs.add(new Pair(all.get(i - 1).shard(), all.get(i).shard(), bytes));
        }
      }
    }
    pairs.sort(Comparator.comparingLong(Pair::bytes));
    return pairs;
  }

  private static boolean mayMerge(ShardDescriptor left, ShardDescriptor right, Set<Long> own) {
    return own.contains(right.shardId())
        && !left.isMeta()
        && !left.isChanging()
        && !right.isChanging()
        && Set.copyOf(left.nodeIds()).equals(Set.copyOf(right.nodeIds()))
        && left.span().hasEnd()
        && Arrays.equals(left.span().end(), right.span().start())
        && cutsATable(right.span().start());
  }

  /** Whether rows of one table lie on both sides of a border. */
  private static boolean cutsATable(byte[] border) {
    int table = KeySpace.tableIdOf(border);
    if (table < 0) {
      return false;
    }
    KeySpan span = KeySpace.tableSpan(table);
    return span.contains(border) && !Arrays.equals(span.start(), border);
  }
}
