package io.shardforge.raft.shard;

import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.MembersCommand;
import io.shardforge.raft.command.MergeState;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease holder's part of moving its shard's replicas.
 *
 * <pre>
 *   members command (nodes now and then, next) → recorded in the map → new nodes open an empty log
 *     → the log's members change: a new one gets everything before it votes
 *     → members command (next alone) → recorded → nodes that are left out delete what they have
 * </pre>
 *
 * <p>Where it is going is part of the shard's replicated state, and each step is taken again until
 * it is found done: whoever holds the lease next goes on where a crash has ended this.
 */
final class Moves {
  private static final Logger LOG = LoggerFactory.getLogger(Moves.class);

  private final Replica replica;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** The change of the log's members that this node has asked for. */
  private volatile @Nullable CompletableFuture<Void> changing;

  private volatile @Nullable MonotonicTimer since;

  /** The epoch of the shard that the map is known to have, or a newer one. */
  private volatile long recordedEpoch;

  /** See {@link ReplicaStore#aloneAbove}. */
  private volatile long aloneAbove;

  Moves(Replica replica, long aloneAbove) {
    this.replica = replica;
    this.aloneAbove = aloneAbove;
  }

  KvResult move(LeaseTerm term, KvBatch batch, KvRequest.Move request) throws InterruptedException {
    ShardDescriptor shard = replica.shard();
    List<Integer> wanted = List.copyOf(new LinkedHashSet<>(request.nodeIds()));
    if (wanted.isEmpty()) {
      throw new KvException(new KvError.Broken("a shard cannot be nowhere", null));
    }
    if (shard.settled().equals(wanted)) {
      return KvResult.Done.INSTANCE;
    }
    if (replica.state().unpublished() != null
        || replica.state().merge().stage() != MergeState.Stage.NONE) {
      // The map does not know yet what has become of the shard.
      throw new KvException(new KvError.Overloaded(shard.shardId()));
    }
    boolean isOrderOnly =
        !shard.isChanging() && new HashSet<>(shard.nodeIds()).equals(new HashSet<>(wanted));
    ShardDescriptor then = isOrderOnly ? shard.on(wanted) : shard.movingTo(wanted);
    CommandResult result =
        replica
            .lease()
            .await(
                replica.lease().propose(term, new MembersCommand(then.nodeIds(), then.next())),
                batch.deadline());
    if (result.status() == CommandResult.Status.REFUSED) {
      throw new KvException(new KvError.Overloaded(shard.shardId()));
    }
    LOG.info("moving replicas shard={} from={} to={}", shard.shardId(), shard.settled(), wanted);
    return KvResult.Done.INSTANCE;
  }

  /** For how long this lease holder has been at it, 0 if there is nothing to do. */
  long millis() {
    MonotonicTimer timer = since;
    return timer == null || !replica.shard().isChanging()
        ? 0
        : Math.max(1, timer.elapsed().toMillis());
  }

  /** Whether there is a step to be taken. */
  boolean isDue() {
    return recordedEpoch < replica.shard().epoch()
        || replica.shard().isChanging()
        || aloneAbove > 0;
  }

  /** Takes the next step of a move under way, if there is one and it can be taken. */
  void tend(LeaseTerm term) throws InterruptedException {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    try {
      if (aloneAbove > 0 && !becomeAlone(term)) {
        return;
      }
      record();
      if (replica.shard().isChanging()) {
        if (since == null) {
          since = MonotonicTimer.start(replica.context().clock());
        }
        step(term);
      } else {
        since = null;
      }
    } finally {
      busy.set(false);
    }
  }

  /** The first step on the only copy that is left: no other node has one, under a new epoch. */
  private boolean becomeAlone(LeaseTerm term) throws InterruptedException {
    List<Integer> self = List.of(replica.context().nodeId());
    ShardDescriptor shard = replica.shard();
    if (shard.epoch() > aloneAbove && shard.nodeIds().equals(self) && !shard.isChanging()) {
      replica.clearAlone();
      aloneAbove = 0;
      return true;
    }
    CommandResult result =
        replica
            .lease()
            .await(
                replica.lease().propose(term, new MembersCommand(self, List.of())),
                Deadline.after(replica.context().clock(), RowLocks.HELPER_TIMEOUT));
    LOG.warn(
        "a shard goes on from this copy alone shard={} lost={} result={}",
        shard.shardId(),
        shard.nodeIds(),
        result.status());
    // Under the new epoch there is a new term: the next round goes on.
    return false;
  }

  /** Tells the map, and the nodes that have to do something, what the shard is now. */
  private void record() {
    ShardDescriptor shard = replica.shard();
    if (recordedEpoch >= shard.epoch()
        || replica.state().unpublished() != null
        || replica.state().merge().stage() != MergeState.Stage.NONE) {
      // A split or a merge is recorded whole, and by itself.
      return;
    }
    if (replica.context().map().recordMove(shard)) {
      recordedEpoch = shard.epoch();
    }
  }

  private void step(LeaseTerm term) throws InterruptedException {
    ShardDescriptor shard = replica.shard();
    RaftGroup group = replica.group();
    CompletableFuture<Void> underWay = changing;
    if (group == null || !group.isLeaderReady() || (underWay != null && !underWay.isDone())) {
      return;
    }
    Set<Integer> voters = group.voters();
    if (voters.isEmpty()) {
      return;
    }
    Set<Integer> wanted = new LinkedHashSet<>(shard.next());
    if (voters.equals(wanted)) {
      // The log's members are these since an entry before the one that says so to all.
      CommandResult result =
          replica
              .lease()
              .await(
                  replica.lease().propose(term, new MembersCommand(shard.next(), List.of())),
                  Deadline.after(replica.context().clock(), RowLocks.HELPER_TIMEOUT));
      if (result.status() == CommandResult.Status.DONE) {
        LOG.info("replicas moved shard={} to={}", shard.shardId(), shard.next());
        changing = null;
        since = null;
        record();
        replica.context().map().tell(replica.shard(), shard.nodeIds());
      }
      return;
    }
    Set<Integer> target = target(voters, wanted);
    int self = replica.context().nodeId();
    if (!target.contains(self)) {
      for (int heir : shard.next()) {
        if (voters.contains(heir) && group.follows(heir)) {
          LOG.info("leaving a shard shard={} to={}", shard.shardId(), heir);
          var _ = replica.handOver(heir);
          return;
        }
      }
      return;
    }
    // They open an empty log, to be filled.
    replica.context().map().tell(shard, shard.next());
    changing = group.setVoters(target);
    // What fails at once may do so for long: the next round of upkeep tries it again.
    var _ = changing.thenRun(replica::tendMovesSoon);
  }

  /** Where to go at once: a log takes fewer new members at a time than it keeps old ones. */
  private static Set<Integer> target(Set<Integer> voters, Set<Integer> wanted) {
    long news = wanted.stream().filter(node -> !voters.contains(node)).count();
    if (news < wanted.size() - news) {
      return wanted;
    }
    Set<Integer> one = new LinkedHashSet<>(voters);
    wanted.stream().filter(node -> !voters.contains(node)).findFirst().ifPresent(one::add);
    return one;
  }
}
