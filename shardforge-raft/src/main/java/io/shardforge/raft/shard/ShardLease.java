package io.shardforge.raft.shard;

import io.shardforge.raft.command.ApplyContext;
import io.shardforge.raft.command.BoundCommand;
import io.shardforge.raft.command.Command;
import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.LeaseCommand;
import io.shardforge.raft.command.ShardState;
import io.shardforge.raft.group.GroupOverloadedException;
import io.shardforge.raft.group.NotLeaderException;
import io.shardforge.raft.group.ProposalUnknownException;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.oracle.TimestampOracle;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica's side of its shard's lease: takes it once this node leads the log, renews it, gives
 * it up; and puts commands into the log under it.
 *
 * <p>Taking the lease: a leader that has applied everything waits until the last lease has run out
 * (unless it was its own), takes the next lease number through the log, and fetches a timestamp
 * that lies above everything that was read under older leases. Only then does it serve. Row locks
 * of prepared transactions are found in the data when somebody meets them.
 */
final class ShardLease {
  private static final Logger LOG = LoggerFactory.getLogger(ShardLease.class);
  private static final KeySpan NOWHERE = new KeySpan(new byte[] {0}, new byte[] {0});
  private static final Duration ACQUIRE_PAUSE = Duration.ofMillis(20);
  private static final Duration RENEWAL_TIMEOUT = Duration.ofSeconds(10);

  private final ReplicaContext context;
  private final long shardId;
  private final boolean isMeta;
  private final ReplicaStore store;
  private final Clock clock;
  private final AtomicReference<@Nullable CompletableFuture<Boolean>> renewal =
      new AtomicReference<>();
  private volatile @Nullable RaftGroup group;
  private volatile @Nullable ProposalQueue proposals;
  private volatile @Nullable LeaseTerm term;
  private volatile long leadingTerm;

  /** The log's term in which a lease is being taken, 0 if none is. */
  private long acquiringTerm;

  private volatile @Nullable InheritedLocks inherited;
  private volatile boolean closed;

  ShardLease(ReplicaContext context, ShardDescriptor shard, ReplicaStore store) {
    this.context = context;
    this.shardId = shard.shardId();
    this.isMeta = shard.isMeta();
    this.store = store;
    this.clock = context.clock();
  }

  /** The lease that this node serves under, null if it has none. */
  @Nullable LeaseTerm term() {
    return term;
  }

  @Nullable RaftGroup group() {
    return group;
  }

  /** Takes over the row locks of the shard that this one was split off from, if it served that. */
  void inherit(@Nullable InheritedLocks locks) {
    inherited = locks;
  }

  // ---- What becomes of the log and the shard ----

  void joined(RaftGroup opened) {
    // A group may say that it leads before it is known here: see leaderReady.
    synchronized (this) {
      group = opened;
      proposals = new ProposalQueue(shardId, opened, clock, context.monitor());
    }
    if (leadingTerm != 0) {
      startAcquiring(leadingTerm);
    }
  }

  /** Commands that wait for their way into the log. */
  int waitingCommands() {
    ProposalQueue queue = proposals;
    return queue == null ? 0 : queue.waitingCount();
  }

  void close() {
    closed = true;
    leaderLost();
  }

  void leaderReady(long raftTerm) {
    context.monitor().leaderChanged();
    synchronized (this) {
      leadingTerm = raftTerm;
      LeaseTerm current = term;
      if (current != null) {
        // Each term of the log takes a lease of its own.
        endTerm(current);
      }
      if (group == null) {
        return;
      }
    }
    startAcquiring(raftTerm);
  }

  synchronized void leaderLost() {
    if (leadingTerm != 0) {
      context.monitor().leaderChanged();
    }
    leadingTerm = 0;
    LeaseTerm current = term;
    if (current != null) {
      endTerm(current);
    }
  }

  /** Goes on with what a split left; returns what the child inherits, null without the lease. */
  synchronized @Nullable InheritedLocks split(ApplyContext.Split split) {
    LeaseTerm old = term;
    if (old == null) {
      return null;
    }
    term = old.afterSplit(split.parent().epoch(), split.child().span());
    return new InheritedLocks(old.number(), old.firstNumber(), old.locks());
  }

  /** Goes on with the rows and the row locks of a neighbor. */
  synchronized void merged(ApplyContext.Merge merge, List<ReportedLock> locks) {
    LeaseTerm old = term;
    if (old != null) {
      term = old.afterMerge(merge.merged().epoch(), merge.leaseNumber(), merge.freshTs(), locks);
    }
  }

  /** Goes on under the epoch of a change of members. */
  synchronized void moved(long epoch) {
    LeaseTerm old = term;
    if (old != null) {
      term = old.afterSplit(epoch, NOWHERE);
    }
  }

  /**
   * Hands the shard over to another node: stops serving, then gives up the lease in the log, then
   * moves the log's leadership, so that the next holder need not wait for this lease to run out.
   * Fails, and takes a new lease here, if the other node did not take over.
   */
  CompletableFuture<Void> handOver(int nodeId) {
    RaftGroup led;
    ProposalQueue queue;
    long raftTerm;
    LeaseTerm given;
    synchronized (this) {
      led = group;
      queue = proposals;
      raftTerm = leadingTerm;
      given = term;
      if (led == null || queue == null || raftTerm == 0 || given == null) {
        return CompletableFuture.failedFuture(new NotLeaderException(shardId, 0));
      }
      endTerm(given);
    }
    LeaseCommand release = new LeaseCommand(given.number(), true, context.nodeId(), 0);
    return queue
        .propose(Command.encode(release, store.state().epoch(), 0), false)
        .thenCompose(_ -> led.transferLeadership(nodeId))
        .whenComplete((_, failure) -> {
          if (failure != null && leadingTerm == raftTerm) {
            startAcquiring(raftTerm);
          }
        });
  }

  /**
   * Gives the shard up in favor of another node without a word in the log, as nothing gets into it
   * any more: stops serving, and moves the log's leadership. The next holder waits until this lease
   * has run out.
   */
  CompletableFuture<Void> stepAside(int nodeId) {
    RaftGroup led;
    long raftTerm;
    synchronized (this) {
      led = group;
      raftTerm = leadingTerm;
      LeaseTerm given = term;
      if (led == null || raftTerm == 0) {
        return CompletableFuture.failedFuture(new NotLeaderException(shardId, 0));
      }
      if (given != null) {
        endTerm(given);
      }
    }
    return led.transferLeadership(nodeId)
        .whenComplete((_, failure) -> {
          if (failure != null && leadingTerm == raftTerm) {
            startAcquiring(raftTerm);
          }
        });
  }

  // ---- Commands ----

  /** Puts a command into the log under the lease that it was judged under. */
  CompletableFuture<CommandResult> propose(LeaseTerm current, Command command) {
    ProposalQueue queue = proposals;
    if (queue == null || current.isEnded()) {
      return CompletableFuture.failedFuture(new NotLeaderException(shardId, 0));
    }
    byte[] bytes = Command.encode(command, current.epoch(), current.number());
    if (bytes.length > Commits.COMMAND_BYTES_MAX) {
      return CompletableFuture.failedFuture(
          new KvException(
              new KvError.TooLarge(
                  "a write to one shard", bytes.length, Commits.COMMAND_BYTES_MAX)));
    }
    CompletableFuture<CommandResult> result = queue.propose(bytes, command.isLatched());
    return result.whenComplete((_, failure) -> {
      if (failure != null && !(failure instanceof NotLeaderException)) {
        noteFailure(current, failure);
      }
    });
  }

  /** Whether this node leads the log and has applied what was committed before. */
  boolean leads() {
    RaftGroup opened = group;
    return opened != null && opened.isLeaderReady();
  }

  /** Stops serving, for good if the command is done, and proposes it under the lease given up. */
  CompletableFuture<CommandResult> stopAndPropose(Command command) {
    ProposalQueue queue;
    long raftTerm;
    LeaseTerm given;
    synchronized (this) {
      queue = proposals;
      raftTerm = leadingTerm;
      given = term;
      if (queue == null || raftTerm == 0 || given == null) {
        return CompletableFuture.failedFuture(new NotLeaderException(shardId, 0));
      }
      endTerm(given);
    }
    // What comes of it decides whether there is a lease to be taken.
    return queue
        .propose(Command.encode(command, given.epoch(), given.number()), false)
        .whenComplete((_, _) -> startAcquiring(raftTerm));
  }

  /** Proposes a command that needs no lease. */
  CompletableFuture<CommandResult> proposeAsLeader(Command command) {
    ProposalQueue queue = proposals;
    if (queue == null || !leads()) {
      return CompletableFuture.failedFuture(new NotLeaderException(shardId, 0));
    }
    ShardState state = store.state();
    return queue.propose(Command.encode(command, state.epoch(), state.leaseNumber()), false);
  }

  /**
   * Waits for a proposal. The thread may go before the result is there: latches are let go by the
   * completion, not by the thread.
   */
  CommandResult await(CompletableFuture<CommandResult> proposal, Deadline deadline)
      throws InterruptedException {
    try {
      CommandResult result = deadline.await(clock, proposal);
      if (result.status() == CommandResult.Status.STALE) {
        throw new KvException(notLeader());
      }
      return result;
    } catch (TimeoutException e) {
      throw new KvException(new KvError.Ambiguous(shardId));
    } catch (ExecutionException e) {
      throw new KvException(errorOf(e.getCause()));
    }
  }

  private KvError errorOf(@Nullable Throwable failure) {
    return switch (failure) {
      case NotLeaderException e -> new KvError.NotLeader(shardId, e.leaderNode());
      case GroupOverloadedException _ -> new KvError.Overloaded(shardId);
      case ProposalUnknownException _ -> new KvError.Ambiguous(shardId);
      case KvException e -> e.error();
      case null, default ->
          new KvError.Broken("a command could not be applied", String.valueOf(failure));
    };
  }

  private void noteFailure(LeaseTerm current, Throwable failure) {
    // Whether the command will be applied is unknown, so its latches cannot be let go under this
    // lease. Under a new one it cannot be applied any more.
    if (failure instanceof ProposalUnknownException && term == current && !closed) {
      LOG.info(
          "proposal outcome unknown, taking a new lease shard={} lease={}",
          shardId,
          current.number());
      endTerm(current);
      startAcquiring(leadingTerm);
    }
  }

  /** What somebody is told who looks for the lease holder here. */
  KvError notLeader() {
    RaftGroup opened = group;
    return new KvError.NotLeader(shardId, opened == null ? 0 : opened.leaderNode());
  }

  // ---- The lease ----

  /** Whether what was read under a lease may still be answered; renews it in time. */
  boolean isStillServing(LeaseTerm current, Deadline deadline) throws InterruptedException {
    long now = clock.monotonicNanos();
    if (current.isValidAt(now)) {
      renewIfDue(current, now);
      return true;
    }
    if (current.isEnded()) {
      return false;
    }
    // It has run out, but if nobody took the next one then nobody has served since.
    try {
      return deadline.earlier(Deadline.after(clock, RENEWAL_TIMEOUT)).await(clock, renew(current));
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return false;
    }
  }

  void renewIfDue(LeaseTerm current, long now) {
    if (current.leftNanos(now) < usableNanos() / 2 && renewal.get() == null) {
      var _ = renew(current);
    }
  }

  private long usableNanos() {
    return context.settings().lease().toNanos() / 10 * 9;
  }

  private CompletableFuture<Boolean> renew(LeaseTerm current) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> other = renewal.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    long start = clock.monotonicNanos();
    var _ =
        propose(
                current,
                new LeaseCommand(
                    current.number(),
                    true,
                    context.nodeId(),
                    context.settings().lease().toMillis()))
            .whenComplete((result, failure) -> {
              boolean renewed = failure == null && result.status() == CommandResult.Status.DONE;
              if (renewed) {
                current.prolong(start + usableNanos());
              } else if (failure == null) {
                endTerm(current);
                // Somebody took the next one; it may have been this node, without making use of it.
                startAcquiring(leadingTerm);
              }
              renewal.set(null);
              mine.complete(renewed && current.isValidAt(clock.monotonicNanos()));
            });
    return mine;
  }

  /** Sees to it that a lease is taken, by one thread: two would take each other's away. */
  private void startAcquiring(long raftTerm) {
    synchronized (this) {
      if (raftTerm == 0 || acquiringTerm == raftTerm) {
        return;
      }
      acquiringTerm = raftTerm;
    }
    context
        .background()
        .execute(() -> {
          try {
            acquire(raftTerm);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            acquired(raftTerm);
          }
        });
  }

  /** Begins again if the lease has gone just as it was taken. */
  private void acquired(long raftTerm) {
    boolean again;
    synchronized (this) {
      if (acquiringTerm == raftTerm) {
        acquiringTerm = 0;
      }
      again = leadingTerm == raftTerm && !closed && term == null;
    }
    if (again && !Thread.currentThread().isInterrupted()) {
      startAcquiring(raftTerm);
    }
  }

  private void acquire(long raftTerm) throws InterruptedException {
    while (leadingTerm == raftTerm && !closed && term == null) {
      ShardState state = store.state();
      if (state.merge().isFrozen()) {
        clock.sleep(ACQUIRE_PAUSE);
        continue;
      }
      awaitOldLease(state, raftTerm);
      LeaseTerm taken = takeNext(state);
      if (taken == null) {
        clock.sleep(ACQUIRE_PAUSE);
        continue;
      }
      InheritedLocks fromParent = inherited;
      if (fromParent != null && taken.continues(fromParent.leaseNumber())) {
        fromParent.locks().moveTo(taken.locks(), store.shard().span());
      } else {
        // Whoever waits for a row must find it locked still, or it would overtake the holder.
        for (ReportedLock lock : context.lockReports().locksIn(store.shard().span())) {
          taken.locks().inherit(lock);
        }
      }
      inherited = null;
      synchronized (this) {
        if (leadingTerm == raftTerm && !closed && term == null) {
          long epoch = store.state().epoch();
          // It may have been split since.
          term = taken.epoch() == epoch ? taken : taken.afterSplit(epoch, KeySpan.ALL);
          LOG.info("lease taken shard={} lease={}", shardId, taken.number());
        }
      }
    }
  }

  /** Waits until whoever held the last lease has stopped; this node itself has. */
  private void awaitOldLease(ShardState state, long raftTerm) throws InterruptedException {
    if (state.leaseHolder() == 0 || state.leaseHolder() == context.nodeId()) {
      return;
    }
    long end = store.leaseSeenNanos() + Duration.ofMillis(state.leaseMillis()).toNanos();
    for (long left = end - clock.monotonicNanos();
        left > 0 && leadingTerm == raftTerm;
        left = end - clock.monotonicNanos()) {
      clock.sleep(Duration.ofNanos(Math.min(left, ACQUIRE_PAUSE.toNanos())));
    }
  }

  private @Nullable LeaseTerm takeNext(ShardState state) throws InterruptedException {
    ProposalQueue queue = proposals;
    if (queue == null) {
      return null;
    }
    long start = clock.monotonicNanos();
    LeaseCommand command =
        new LeaseCommand(
            state.leaseNumber(), false, context.nodeId(), context.settings().lease().toMillis());
    try {
      CommandResult result =
          Deadline.after(clock, RENEWAL_TIMEOUT)
              .await(clock, queue.propose(Command.encode(command, state.epoch(), 0), false));
      if (result.status() != CommandResult.Status.DONE) {
        return null;
      }
      long number = result.value();
      // Nobody serves under an older lease any more: no timestamp read so far is above this one.
      TimestampOracle oracle = isMeta ? openOracle(number) : null;
      long fresh =
          oracle != null
              ? oracle.last()
              : context.timestamps().fetch(Deadline.after(clock, RENEWAL_TIMEOUT)).timestamp();
      InheritedLocks fromParent = inherited;
      long firstNumber =
          fromParent != null && number == fromParent.leaseNumber() + 1
              ? fromParent.firstNumber()
              : number;
      return new LeaseTerm(
          shardId, number, firstNumber, state.epoch(), clock, fresh, start + usableNanos(), oracle);
    } catch (ExecutionException | TimeoutException e) {
      return null;
    } catch (KvException e) {
      LOG.debug("no timestamp for a new lease yet shard={}", shardId, e);
      return null;
    }
  }

  private TimestampOracle openOracle(long leaseNumber) {
    return new TimestampOracle(
        clock,
        (oracle, bound) -> {
          ProposalQueue queue = proposals;
          if (queue == null) {
            oracle.raiseFailed();
            return;
          }
          var _ =
              queue
                  .propose(
                      Command.encode(new BoundCommand(bound), store.state().epoch(), leaseNumber),
                      false)
                  .whenComplete((result, failure) -> {
                    if (failure == null && result.status() == CommandResult.Status.DONE) {
                      oracle.raised(bound);
                    } else {
                      oracle.raiseFailed();
                    }
                  });
        },
        store.state().oracleBound());
  }

  private synchronized void endTerm(LeaseTerm current) {
    current.end();
    if (term == current) {
      term = null;
    }
  }
}
