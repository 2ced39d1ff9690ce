package io.shardforge.raft.placement;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends leadership back to the preferred node of each shard, which spreads the leaders over the
 * nodes. It waits until that node has been back for a while, and moves one shard at a time, because
 * a move interrupts the shard for a moment.
 */
public final class LeaderBalancer {
  private static final Logger log = LoggerFactory.getLogger(LeaderBalancer.class);

  /** How long the preferred node must have been reachable. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The least time between two moves that this node starts. */
  private static final Duration MOVE_PAUSE = Duration.ofSeconds(3);

  private final int self;
  private final IntPredicate reachable;
  private final Function<ShardDescriptor, @Nullable RaftGroup> groups;
  private final LeaderMove move;
  private final Clock clock;
  private final Map<Integer, MonotonicTimer> reachableFor = new HashMap<>();
  private @Nullable MonotonicTimer lastMove;

  /** Hands a shard's leadership from this node to another. */
  @FunctionalInterface
  public interface LeaderMove {
    void moveLeader(RaftGroup group, int toNode);
  }

  /**
   * A balancer for the shards that this node leads.
   *
   * @param reachable whether a node can be reached now
   * @param groups this node's member of a shard's log, null if it has none
   */
  public LeaderBalancer(
      int self,
      IntPredicate reachable,
      Function<ShardDescriptor, @Nullable RaftGroup> groups,
      LeaderMove move,
      Clock clock) {
    this.self = self;
    this.reachable = reachable;
    this.groups = groups;
    this.move = move;
    this.clock = clock;
  }

  /** One round; called every second or so. */
  public void balance(Collection<ShardDescriptor> shards) {
    for (ShardDescriptor shard : shards) {
      shard.nodeIds().forEach(this::watch);
    }
    MonotonicTimer last = lastMove;
    if (last != null && last.elapsed().compareTo(MOVE_PAUSE) < 0) {
      return;
    }
    for (ShardDescriptor shard : shards) {
      int preferred = shard.nodeIds().getFirst();
      RaftGroup group = preferred == self ? null : groups.apply(shard);
      if (group != null && group.isLeaderReady() && isSteady(preferred)) {
        log.info("sending leadership home shard={} to={}", shard.shardId(), preferred);
        lastMove = MonotonicTimer.start(clock);
        move.moveLeader(group, preferred);
        return;
      }
    }
  }

  private void watch(int node) {
    if (!reachable.test(node)) {
      reachableFor.remove(node);
    } else {
      reachableFor.computeIfAbsent(node, _ -> MonotonicTimer.start(clock));
    }
  }

  private boolean isSteady(int node) {
    MonotonicTimer timer = reachableFor.get(node);
    return timer != null && timer.elapsed().compareTo(PATIENCE) >= 0;
  }
}
