package io.shardforge.raft.route;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shards most of whose replicas cannot be reached from here, and since when. All who ask for
 * such a shard share what is known of it, so only the first has to wait until it counts as lost.
 * For any thread.
 */
final class LostQuorums {
  /** How long a majority must have been out of reach: nodes that start again are back by then. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Clock clock;
  private final Map<Long, Loss> losses = new ConcurrentHashMap<>();

  LostQuorums(Clock clock) {
    this.clock = clock;
  }

  /**
   * A majority that is out of reach.
   *
   * @param seenNanos when somebody found so last: what nobody looked at for long starts anew
   */
  private record Loss(long sinceNanos, long seenNanos) {}

  /**
   * Takes which replicas somebody has just found out of reach, and returns whether the shard has
   * been without a majority for long.
   */
  boolean isLost(ShardDescriptor shard, Collection<Integer> unreachable) {
    if (shard.hasMajorityWithout(unreachable)) {
      losses.remove(shard.shardId());
      return false;
    }
    long now = clock.monotonicNanos();
    Loss loss =
        losses.merge(
            shard.shardId(),
            new Loss(now, now),
            (known, _) ->
                now - known.seenNanos > PATIENCE.toNanos()
                    ? new Loss(now, now)
                    : new Loss(known.sinceNanos, now));
    return now - loss.sinceNanos >= PATIENCE.toNanos();
  }

  /** Somebody got an answer from the shard's leader. */
  void answered(long shardId) {
    if (!losses.isEmpty()) {
      losses.remove(shardId);
    }
  }
}
