package io.shardforge.raft.shard;

import io.shardforge.raft.command.ApplyContext;
import io.shardforge.raft.command.Command;
import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.MergeCommand;
import io.shardforge.raft.command.MergeState;
import io.shardforge.raft.command.MergeState.Stage;
import io.shardforge.raft.command.MergeStepCommand;
import io.shardforge.raft.command.MergeStepCommand.Step;
import io.shardforge.raft.command.ShardState;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvRequest.MergeSide.Kind;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's part in being merged with a neighbor.
 *
 * <pre>
 *   left:   WANT ──→ asks right ──→ every replica has the end durably ──→ MergeCommand ──→ map, END
 *     │ fails anywhere before                                              (right is gone)
 *     └→ GIVE_UP ──→ right goes on ──→ END
 *   right:  FREEZE (its holder has stopped before) ──→ nothing is judged or read
 * </pre>
 *
 * <p>The attempt lies in the left shard's replicated state, so whoever holds its lease next goes on
 * with what a crash has left: it gives the attempt up, or records what has been done.
 */
final class Merges {
  /** How long the right shard may stand still for a merge. */
  static final Duration FREEZE_TIME_MAX = Duration.ofSeconds(5);

  private static final Duration FLUSH_TIME = Duration.ofSeconds(10);
  private static final Duration ASK_TIME = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Logger LOG = LoggerFactory.getLogger(Merges.class);

  private final Replica replica;
  private final Decisions decisions;
  private final AtomicBoolean settling = new AtomicBoolean();

  /** The attempt of this node that is under way, and what it will bring. */
  private volatile @Nullable Attempt active;

  Merges(Replica replica, Decisions decisions) {
    this.replica = replica;
    this.decisions = decisions;
  }

  /** An attempt that this node makes. */
  private static final class Attempt {
    private final long number;
    private volatile List<ReportedLock> locks = List.of();

    Attempt(long number) {
      this.number = number;
    }
  }

  // ---- The left shard's lease holder ----

  KvResult merge(LeaseTerm term, KvBatch batch, KvRequest.Merge request)
      throws InterruptedException {
    ShardDescriptor shard = replica.shard();
    ShardDescriptor right = request.right();
    byte[] border = right.span().start();
    if (!shard.span().hasEnd() || !Arrays.equals(shard.span().end(), border)) {
      if (shard.span().contains(border) && !Arrays.equals(shard.span().start(), border)) {
        return KvResult.Done.INSTANCE;
      }
      throw decisions.stale();
    }
    if (shard.isMeta() || right.isMeta()) {
      throw refused("the shard of the cluster's own tables is not merged");
    }
    if (!Set.copyOf(shard.nodeIds()).equals(Set.copyOf(right.nodeIds()))) {
      throw refused(
          "shards %d and %d have their replicas on different nodes: %s and %s"
              .formatted(shard.shardId(), right.shardId(), shard.nodeIds(), right.nodeIds()));
    }
    if (replica.state().unpublished() != null
        || replica.state().merge().stage() != Stage.NONE
        || shard.isChanging()) {
      // One at a time: the map does not know the last change yet, or replicas are on their way.
      throw new KvException(new KvError.Overloaded(shard.shardId()));
    }
    // Before anything stands still: all of them will be needed, with little left to be flushed.
    report(right, 0, batch.deadline().earlier(Deadline.after(clock(), FLUSH_TIME)), false);
    Deadline deadline = batch.deadline().earlier(Deadline.after(clock(), FREEZE_TIME_MAX));
    Attempt attempt =
        new Attempt(replica.context().timestamps().fetch(batch.deadline()).timestamp());
    synchronized (this) {
      if (active != null) {
        throw refused("shard " + shard.shardId() + " is being merged already");
      }
      active = attempt;
    }
    try {
      run(term, attempt, right, deadline);
    } finally {
      active = null;
      replica.settleMergeSoon();
    }
    LOG.info("merged shard={} right={}", shard.shardId(), right.shardId());
    return KvResult.Done.INSTANCE;
  }

  private void run(LeaseTerm term, Attempt attempt, ShardDescriptor right, Deadline deadline)
      throws InterruptedException {
    propose(term, new MergeStepCommand(Step.WANT, attempt.number, right), deadline);
    ShardState frozen = freeze(right, attempt.number, deadline);
    report(right, attempt.number, deadline, true);
    long freshTs = replica.context().timestamps().fetch(deadline).timestamp();
    attempt.locks = replica.context().lockReports().locksIn(right.span());
    propose(term, new MergeCommand(attempt.number, right, frozen, freshTs), deadline);
  }

  private void propose(LeaseTerm term, Command command, Deadline deadline)
      throws InterruptedException {
    CommandResult result = replica.lease().await(replica.lease().propose(term, command), deadline);
    if (result.status() == CommandResult.Status.REFUSED) {
      throw refusedSide();
    }
  }

  private ShardState freeze(ShardDescriptor right, long attempt, Deadline deadline)
      throws InterruptedException {
    KvResponse response =
        replica
            .context()
            .sender()
            .send(
                right,
                KvBatch.of(right, null, deadline, new KvRequest.MergeSide(Kind.FREEZE, attempt)));
    return switch (response) {
      case KvResponse.Done done ->
          ShardState.decode(((KvResult.Frozen) done.results().getFirst()).state());
      case KvResponse.Failed failed -> throw new KvException(failed.error());
    };
  }

  /** Asks every node of the right shard whether its replica is there, or as far as it must be. */
  private void report(ShardDescriptor right, long attempt, Deadline deadline, boolean patient)
      throws InterruptedException {
    for (int node : right.nodeIds()) {
      while (true) {
        KvResponse response =
            replica
                .context()
                .sender()
                .ask(
                    node,
                    KvBatch.of(
                        right,
                        null,
                        patient ? deadline.earlier(Deadline.after(clock(), ASK_TIME)) : deadline,
                        new KvRequest.MergeSide(Kind.REPORT, attempt)));
        if (response instanceof KvResponse.Done) {
          break;
        }
        if (!patient && isOf(response, KvError.StaleShard.class)) {
          throw decisions.stale();
        }
        // What was split off a moment ago may not be there yet; for a node that is down nobody
        // waits.
        if ((!patient && isOf(response, KvError.Unavailable.class))
            || deadline.isExpired(clock())) {
          throw refused(
              "node %d has not got all of shard %d: a merge needs all replicas"
                  .formatted(node, right.shardId()));
        }
        clock().sleep(PAUSE);
      }
    }
  }

  private static boolean isOf(KvResponse response, Class<? extends KvError> kind) {
    return response instanceof KvResponse.Failed failed && kind.isInstance(failed.error());
  }

  /** The row locks of the shard that an attempt of this node has taken in. */
  List<ReportedLock> locksOf(ApplyContext.Merge merge) {
    Attempt attempt = active;
    return attempt != null && attempt.number == merge.attempt() ? attempt.locks : List.of();
  }

  boolean isSettled() {
    MergeState merge = replica.state().merge();
    Attempt attempt = active;
    return merge.stage() == Stage.NONE
        || merge.isFrozen()
        || (attempt != null && attempt.number == merge.attempt());
  }

  /** Brings to its end what is left of an attempt that nobody is making any more. */
  void settle(LeaseTerm term) throws InterruptedException {
    if (!settling.compareAndSet(false, true)) {
      return;
    }
    try {
      Deadline deadline = Deadline.after(clock(), RowLocks.HELPER_TIMEOUT);
      while (!isSettled()) {
        MergeState merge = replica.state().merge();
        ShardDescriptor right = merge.right();
        if (right == null) {
          throw new IllegalStateException("a merge with nobody: " + merge);
        }
        switch (merge.stage()) {
          case WANTED ->
              propose(term, new MergeStepCommand(Step.GIVE_UP, merge.attempt(), null), deadline);
          case GIVEN_UP -> {
            letGo(right, merge.attempt(), deadline);
            propose(term, new MergeStepCommand(Step.END, merge.attempt(), null), deadline);
            LOG.info(
                "merge given up shard={} right={}", replica.shard().shardId(), right.shardId());
          }
          case TAKEN_IN -> {
            replica.context().map().recordMerge(replica.shard(), right);
            propose(term, new MergeStepCommand(Step.END, merge.attempt(), null), deadline);
          }
          case NONE, FROZEN -> throw new IllegalStateException("nothing to settle: " + merge);
        }
      }
    } finally {
      settling.set(false);
    }
  }

  /** Has the right shard go on, whether it was frozen or might be by a late request. */
  private void letGo(ShardDescriptor right, long attempt, Deadline deadline)
      throws InterruptedException {
    KvResponse response = unfreeze(right, attempt, deadline);
    if (isOf(response, KvError.StaleShard.class)) {
      // It may have been moved before anybody froze it.
      replica.context().locator().stale(right);
      ShardDescriptor now = replica.context().locator().locate(right.span().start());
      if (now.shardId() == right.shardId()) {
        response = unfreeze(now, attempt, deadline);
      }
    }
    if (response instanceof KvResponse.Failed failed) {
      throw new KvException(failed.error());
    }
  }

  private KvResponse unfreeze(ShardDescriptor right, long attempt, Deadline deadline)
      throws InterruptedException {
    return replica
        .context()
        .sender()
        .send(
            right,
            KvBatch.of(right, null, deadline, new KvRequest.MergeSide(Kind.UNFREEZE, attempt)));
  }

  // ---- The right shard ----

  /** Answers the left shard's lease holder. */
  KvResponse serveSide(KvBatch batch, KvRequest.MergeSide request) throws InterruptedException {
    try {
      return KvResponse.of(
          switch (request.kind()) {
            case FREEZE -> freeze(batch, request.attempt());
            case UNFREEZE -> unfreeze(batch, request.attempt());
            case REPORT -> reportEnd(request.attempt());
          });
    } catch (KvException e) {
      return new KvResponse.Failed(e.error());
    }
  }

  private KvResult freeze(KvBatch batch, long attempt) throws InterruptedException {
    if (replica.lease().leads() && isFrozenBy(attempt)) {
      return new KvResult.Frozen(replica.state().encode());
    }
    if (replica.state().merge().isFrozen()) {
      throw new KvException(replica.lease().notLeader());
    }
    if (batch.epoch() != replica.state().epoch()) {
      throw decisions.stale();
    }
    MergeState merge = replica.state().merge();
    if (attempt <= merge.floor()
        || merge.stage() != Stage.NONE
        || replica.state().unpublished() != null
        || replica.shard().isChanging()) {
      // It would be refused, but only after the lease and its row locks had gone.
      throw refusedSide();
    }
    CompletableFuture<CommandResult> done =
        replica.lease().stopAndPropose(new MergeStepCommand(Step.FREEZE, attempt, null));
    CommandResult result = replica.lease().await(done, batch.deadline());
    if (result.status() != CommandResult.Status.DONE || !isFrozenBy(attempt)) {
      throw refusedSide();
    }
    return new KvResult.Frozen(replica.state().encode());
  }

  private KvException refusedSide() {
    return refused(
        "shard " + replica.shard().shardId() + " is being split, merged or moved already");
  }

  private KvResult unfreeze(KvBatch batch, long attempt) throws InterruptedException {
    CommandResult result =
        replica
            .lease()
            .await(
                replica.lease().proposeAsLeader(new MergeStepCommand(Step.UNFREEZE, attempt, null)),
                batch.deadline());
    if (result.status() != CommandResult.Status.DONE) {
      throw new KvException(replica.lease().notLeader());
    }
    return KvResult.Done.INSTANCE;
  }

  private KvResult reportEnd(long attempt) {
    if (attempt != 0 && !isFrozenBy(attempt)) {
      throw new KvException(replica.lease().notLeader());
    }
    // From here on a crash cannot take the end back: the left shard's log may build on it.
    replica.context().engine().flush();
    return KvResult.Done.INSTANCE;
  }

  private boolean isFrozenBy(long attempt) {
    MergeState merge = replica.state().merge();
    return merge.isFrozen() && merge.attempt() == attempt;
  }

  private static KvException refused(String reason) {
    return new KvException(new KvError.Refused(reason));
  }

  private Clock clock() {
    return replica.context().clock();
  }
}
