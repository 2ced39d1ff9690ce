package io.shardforge.raft.placement;

import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other nodes lead what this one is in no state to lead: its disk lets nothing through or has
 * no space for new rows, or the node does not hear the leader of the meta shard, without whose time
 * it serves nobody. Only a node that votes, can be reached and has not said that it is full itself
 * gets anything; without one, leadership stays. So it goes from the full to the others, and not
 * around among the full. A leader that hears nobody, but may be heard, asks the others to take
 * over. For one thread.
 */
public final class LeaderRelief {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderRelief.class);

  /** The least time between two attempts to give one shard away: each interrupts it. */
  static final Duration ATTEMPT_PAUSE = Duration.ofSeconds(5);

  /**
   * The silence of the meta shard's leader after which it is this node that is cut off: longer than
   * an election takes.
   */
  static final Duration SILENCE_MAX = Duration.ofSeconds(3);

  private final int self;
  private final IntPredicate isReachable;
  private final IntPredicate isFull;
  private final Handover handover;
  private final Clock clock;
  private final Map<Long, MonotonicTimer> attempts = new HashMap<>();
  private final Set<Long> givenInSilence = new HashSet<>();

  /** How many were asked to lead what this node leads unheard. */
  private final Map<Long, Integer> nominated = new HashMap<>();

  private @Nullable MonotonicTimer silence;

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
      var _ = giveAway(group, "no space for new rows");
    }
  }

  /**
   * One round for all shards of a node that may be cut off from the meta shard's leader while other
   * nodes hear both. Tried once in a silence: it may be that there is no such leader at all.
   */
  public void cutOff(Collection<RaftGroup> all) {
    if (hearsMetaLeader(all)) {
      silence = null;
      givenInSilence.clear();
      return;
    }
    MonotonicTimer since = silence;
    if (since == null) {
      silence = MonotonicTimer.start(clock);
    } else if (since.elapsed().compareTo(SILENCE_MAX) >= 0) {
      for (RaftGroup group : all) {
        if (!givenInSilence.contains(group.shardId())
            && giveAway(group, "the meta shard's leader is not heard")) {
          givenInSilence.add(group.shardId());
        }
      }
    }
  }

  /**
   * One round for the shards that this node leads without hearing most of the others. It may be
   * that they hear this one, and would go on waiting for it: each of them is asked once in a
   * silence, one a round, to take over at once. Who has another leader by then does not listen.
   */
  public void unheard(Collection<RaftGroup> leading) {
    nominated.keySet().retainAll(leading.stream().map(RaftGroup::shardId).toList());
    for (RaftGroup group : leading) {
      List<Integer> others = group.voters().stream().filter(node -> node != self).sorted().toList();
      int asked = nominated.merge(group.shardId(), 1, Integer::sum) - 1;
      if (asked < others.size()) {
        int heir = others.get((int) ((group.shardId() + asked) % others.size()));
        LOG.info("nobody is heard shard={} nominated={}", group.shardId(), heir);
        group.nominate(heir);
      }
    }
  }

  /** Nodes without a replica of the meta shard cannot tell, and go on. */
  private boolean hearsMetaLeader(Collection<RaftGroup> all) {
    for (RaftGroup group : all) {
      if (group.shardId() == ShardDescriptor.META_SHARD_ID) {
        int leader = group.leaderNode();
        return leader == self || (leader != 0 && isReachable.test(leader));
      }
    }
    return true;
  }

  private boolean giveAway(RaftGroup group, String why) {
    if (!mayTry(group) || !group.isLeaderReady()) {
      return false;
    }
    OptionalInt heir = heirOf(group);
    if (heir.isEmpty()) {
      return false;
    }
    attempts.put(group.shardId(), MonotonicTimer.start(clock));
    LOG.warn(
        "another node is to lead reason=\"{}\" shard={} leader={}",
        why,
        group.shardId(),
        heir.getAsInt());
    handover.handOver(group, heir.getAsInt());
    return true;
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
