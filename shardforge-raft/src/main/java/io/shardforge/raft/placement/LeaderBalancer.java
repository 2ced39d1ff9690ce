package io.shardforge.raft.placement;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends leadership back to the preferred node of each shard, which spreads the leaders over the
 * nodes. It waits until all members have followed for a while, because without one of them it may
 * take the vote of every other, and whoever is a moment behind has none to give: a move that fails
 * interrupts the shard for as long as a crash. It moves one shard at a time, because a move that
 * succeeds interrupts it for a moment too.
 */
public final class LeaderBalancer {
  private static final Logger log = LoggerFactory.getLogger(LeaderBalancer.class);

  /** How long this node must have led and all others followed before a move. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The least time between two moves that this node starts. */
  private static final Duration MOVE_PAUSE = Duration.ofSeconds(3);

  private final int self;
  private final BiPredicate<RaftGroup, Integer> follows;
  private final IntPredicate isFull;
  private final Function<ShardDescriptor, @Nullable RaftGroup> groups;
  private final LeaderMove move;
  private final Clock clock;
  private final Map<Long, MonotonicTimer> steadyFor = new HashMap<>();
  private @Nullable MonotonicTimer lastMove;

  /** Hands a shard's leadership from this node to another. */
  @FunctionalInterface
  public interface LeaderMove {
    void moveLeader(RaftGroup group, int toNode);
  }

  /**
   * A balancer for the shards that this node leads.
   *
   * @param follows whether a node has just answered this one as a follower in a group
   * @param isFull whether a node has no space for new rows
   * @param groups this node's member of a shard's log, null if it has none
   */
  public LeaderBalancer(
      int self,
      BiPredicate<RaftGroup, Integer> follows,
      IntPredicate isFull,
      Function<ShardDescriptor, @Nullable RaftGroup> groups,
      LeaderMove move,
      Clock clock) {
    this.self = self;
    this.follows = follows;
    this.isFull = isFull;
    this.groups = groups;
    this.move = move;
    this.clock = clock;
  }

  /** One round; called every second or so. */
  public void balance(Collection<ShardDescriptor> shards) {
    MonotonicTimer last = lastMove;
    boolean mayMove = last == null || last.elapsed().compareTo(MOVE_PAUSE) >= 0;
    for (ShardDescriptor shard : shards) {
      if (shard.isChanging()) {
        // Where it goes, its leader sees to it; another one would have to begin anew.
        continue;
      }
      int preferred = shard.nodeIds().getFirst();
      RaftGroup group = preferred == self ? null : groups.apply(shard);
      if (group == null || isFull.test(preferred) || !isSteady(group, shard.nodeIds())) {
        continue;
      }
      if (mayMove) {
        mayMove = false;
        log.info("sending leadership home shard={} to={}", shard.shardId(), preferred);
        lastMove = MonotonicTimer.start(clock);
        move.moveLeader(group, preferred);
      }
    }
  }

  /** Whether this node has led the group, and all others followed it, for a while. */
  private boolean isSteady(RaftGroup group, List<Integer> members) {
    boolean allFollow =
        members.stream().allMatch(node -> node == self || follows.test(group, node));
    if (!group.isLeaderReady() || !allFollow) {
      steadyFor.remove(group.shardId());
      return false;
    }
    return steadyFor
            .computeIfAbsent(group.shardId(), _ -> MonotonicTimer.start(clock))
            .elapsed()
            .compareTo(PATIENCE)
        >= 0;
  }
}
