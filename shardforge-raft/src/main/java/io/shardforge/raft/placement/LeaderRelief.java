package io.shardforge.raft.placement;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other nodes lead what this one is in no state to lead: its disk lets nothing through, or has
 * no space for new rows. Only a node that votes, can be reached and has not said that it is full
 * itself gets anything; without one, leadership stays. So it goes from the full to the others, and
 * not around among the full. For one thread.
 */
public final class LeaderRelief {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderRelief.class);

  /** The least time between two attempts to give one shard away: each interrupts it. */
  static final Duration ATTEMPT_PAUSE = Duration.ofSeconds(5);

  private final int self;
  private final IntPredicate isReachable;
  private final IntPredicate isFull;
  private final Handover handover;
  private final Clock clock;
  private final Map<Long, MonotonicTimer> attempts = new HashMap<>();

  /** Gives a shard to another node. */
  public interface Handover {
    /** With the lease given up in the log. */
    void handOver(RaftGroup group, int toNode);

    /** Without a word in the log, which takes none. */
    void stepAside(RaftGroup group, int toNode);
  }

  /**
   * A relief for the shards that this node leads.
   *
   * @param isReachable whether there is a connection to a node
   * @param isFull whether another node is known to be full
   */
  public LeaderRelief(
      int self, IntPredicate isReachable, IntPredicate isFull, Handover handover, Clock clock) {
    this.self = self;
    this.isReachable = isReachable;
    this.isFull = isFull;
    this.handover = handover;
    this.clock = clock;
  }

  /** One round for shards that this node leads although its disk has stopped. */
  public void stalled(Collection<RaftGroup> leading) {
    for (RaftGroup group : leading) {
      OptionalInt heir = mayTry(group) ? heirOf(group) : OptionalInt.empty();
      if (heir.isPresent()) {
        attempts.put(group.shardId(), MonotonicTimer.start(clock));
        LOG.warn("the log's disk has stopped shard={} leader={}", group.shardId(), heir.getAsInt());
        handover.stepAside(group, heir.getAsInt());
      }
    }
  }

  /** One round for all shards of a node that is full; called several times a second. */
  public void full(Collection<RaftGroup> all) {
    for (RaftGroup group : all) {
      if (!mayTry(group) || !group.isLeaderReady()) {
        continue;
      }
      OptionalInt heir = heirOf(group);
      if (heir.isPresent()) {
        attempts.put(group.shardId(), MonotonicTimer.start(clock));
        LOG.warn(
            "no space for new rows, another node is to lead shard={} leader={}",
            group.shardId(),
            heir.getAsInt());
        handover.handOver(group, heir.getAsInt());
      }
    }
  }

  private boolean mayTry(RaftGroup group) {
    MonotonicTimer last = attempts.get(group.shardId());
    return last == null || last.elapsed().compareTo(ATTEMPT_PAUSE) >= 0;
  }

  /** Another node that could lead; not the same one for all shards, if there are several. */
  public OptionalInt heirOf(RaftGroup group) {
    int[] able =
        group.voters().stream()
            .mapToInt(Integer::intValue)
            .sorted()
            .filter(node -> node != self && isReachable.test(node) && !isFull.test(node))
            .toArray();
    return able.length == 0
        ? OptionalInt.empty()
        : OptionalInt.of(able[(int) (group.shardId() % able.length)]);
  }
}
