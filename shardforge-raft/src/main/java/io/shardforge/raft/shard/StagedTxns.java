package io.shardforge.raft.shard;

import io.shardforge.raft.command.AbortCommand;
import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.FinishCommand;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvResult.TxnOutcome;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that commit in one round: committed from the moment when every write that their
 * record names is in place, at the greatest of the writes' least commit timestamps. Nobody but the
 * coordinator notices that moment; for everybody else they are committed once the record says so.
 *
 * <p>A staged transaction is not pushed, for it may be committed already: whoever must know waits.
 * If the coordinator has fallen silent the lease holder of the record finds out itself. It asks for
 * every write; one that is not there is fenced first, by an ABORTED record under the write's own
 * key, so that no late copy can bring it. So there is one answer only, and it is found again
 * however often, and by however many, it is looked for.
 */
final class StagedTxns {
  /** Transactions looked into at once. */
  static final int RECOVERIES_MAX = 1_000;

  /** How long one question waits for the end of a commit. */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private static final Duration PAUSE = Duration.ofMillis(1);

  /** For regrouping: the map may not know of a split yet. */
  private static final Duration STALE_PAUSE = Duration.ofMillis(5);

  private static final Logger LOG = LoggerFactory.getLogger(StagedTxns.class);

  private final Replica replica;
  private final Decisions decisions;
  private final Clock clock;
  private final Set<TxnId> recovering = ConcurrentHashMap.newKeySet();

  StagedTxns(Replica replica, Decisions decisions) {
    this.replica = replica;
    this.decisions = decisions;
    this.clock = replica.context().clock();
  }

  // ---- Where writes are staged ----

  /** What is known of a transaction whose record is to be made here; null if nothing is. */
  @Nullable KvResult known(LeaseTerm term, TxnId id, KvRequest.Stage request) {
    long outcome = MvccStore.outcome(engine(), request.primaryKey(), id);
    if (outcome != 0) {
      term.locks().releaseAll(id);
      return new KvResult.Committed(outcome);
    }
    TxnRecord record = MvccStore.txnRecord(engine(), request.primaryKey(), id);
    if (record == null) {
      if (request.firstSentTs() <= replica.state().outcomeFloor()) {
        throw new KvException(new KvError.OutcomeUnknown(id));
      }
      return null;
    }
    return switch (record.state()) {
      case STAGING -> new KvResult.Prepared(record.commitTs());
      case COMMITTED -> new KvResult.Committed(record.commitTs());
      case PENDING, ABORTED -> throw new KvException(new KvError.TxnAborted(id));
    };
  }

  /** Refuses writes that were looked for in vain, and those too old to be fenced off. */
  void checkNotFenced(TxnId id, List<Mutation> writes) {
    boolean fenced = id.high() <= replica.state().gcThreshold();
    for (Mutation write : writes) {
      fenced |= MvccStore.txnRecord(engine(), write.key(), id) != null;
    }
    if (fenced) {
      throw new KvException(new KvError.TxnAborted(id));
    }
  }

  KvResult fence(LeaseTerm term, KvBatch batch, KvRequest.Fence request)
      throws InterruptedException {
    for (byte[] key : request.keys()) {
      checkInside(key);
    }
    LatchManager.Latch latch = decisions.latchKeys(term, request.keys(), batch.deadline());
    boolean handedOver = false;
    try {
      long minTs = 0;
      byte[] missing = null;
      for (byte[] key : request.keys()) {
        ProvisionalWrite write = MvccStore.provisional(engine(), key);
        if (write == null || !write.txn().equals(request.id())) {
          missing = key;
          break;
        }
        minTs = Math.max(minTs, write.minCommitTs());
      }
      if (missing == null) {
        return new KvResult.Prepared(minTs);
      }
      handedOver = true;
      CommandResult result =
          decisions.applyLatched(
              term,
              latch,
              new AbortCommand(request.id(), missing, List.of()),
              () -> {},
              batch.deadline());
      if (result.status() != CommandResult.Status.DONE) {
        throw new KvException(
            new KvError.Broken("a write that is no primary key has an outcome", null));
      }
      return new TxnOutcome(TxnOutcome.State.ABORTED, 0);
    } finally {
      if (!handedOver) {
        latch.release();
      }
    }
  }

  // ---- Where the record is ----

  KvResult finish(LeaseTerm term, KvBatch batch, KvRequest.FinishStaged request)
      throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    checkInside(request.primaryKey());
    for (byte[] key : request.keys()) {
      checkInside(key);
    }
    TxnOutcome outcome =
        finish(
            term, id, request.primaryKey(), request.commitTs(), request.keys(), batch.deadline());
    if (outcome.state() != TxnOutcome.State.COMMITTED) {
      throw new KvException(new KvError.TxnAborted(id));
    }
    // Whoever recovered it may have resolved less: the shard may have been another one then.
    List<byte[]> left = new ArrayList<>();
    for (byte[] key : request.keys()) {
      ProvisionalWrite write = MvccStore.provisional(engine(), key);
      if (write != null && write.txn().equals(id)) {
        left.add(key);
      }
    }
    if (!left.isEmpty()) {
      decisions.resolveKeys(term, id, outcome.commitTs(), left, batch.deadline());
    }
    return new KvResult.Committed(outcome.commitTs());
  }

  /** Writes the outcome into the record, unless it has one; returns what it says then. */
  private TxnOutcome finish(
      LeaseTerm term,
      TxnId id,
      byte[] primaryKey,
      long commitTs,
      List<byte[]> keys,
      Deadline deadline)
      throws InterruptedException {
    List<byte[]> latched = new ArrayList<>(keys);
    if (keys.stream().noneMatch(key -> Arrays.equals(key, primaryKey))) {
      latched.add(primaryKey);
    }
    LatchManager.Latch latch = decisions.latchKeys(term, latched, deadline);
    boolean handedOver = false;
    try {
      TxnRecord record = MvccStore.txnRecord(engine(), primaryKey, id);
      if (record == null || record.state() != TxnRecord.State.STAGING) {
        return outcomeOf(record, MvccStore.outcome(engine(), primaryKey, id));
      }
      handedOver = true;
      CommandResult result =
          decisions.applyLatched(
              term,
              latch,
              new FinishCommand(id, primaryKey, commitTs, keys),
              () -> {
                term.forget(id);
                if (commitTs == 0) {
                  term.aborted(id);
                }
                term.locks().releaseAll(id);
              },
              deadline);
      if (result.status() != CommandResult.Status.DONE) {
        throw new KvException(
            new KvError.Broken("the record of " + id + " changed under a latch", null));
      }
      return result.value() == 0
          ? new TxnOutcome(TxnOutcome.State.ABORTED, 0)
          : new TxnOutcome(TxnOutcome.State.COMMITTED, result.value());
    } finally {
      if (!handedOver) {
        latch.release();
      }
    }
  }

  private static TxnOutcome outcomeOf(@Nullable TxnRecord record, long outcome) {
    if (record == null) {
      return outcome == 0
          ? new TxnOutcome(TxnOutcome.State.ABORTED, 0)
          : new TxnOutcome(TxnOutcome.State.COMMITTED, outcome);
    }
    return switch (record.state()) {
      case COMMITTED -> new TxnOutcome(TxnOutcome.State.COMMITTED, record.commitTs());
      case ABORTED -> new TxnOutcome(TxnOutcome.State.ABORTED, 0);
      case PENDING -> new TxnOutcome(TxnOutcome.State.PENDING, 0);
      case STAGING -> new TxnOutcome(TxnOutcome.State.STAGED, 0);
    };
  }

  /**
   * What became of a staged transaction. It cannot be pushed: above a timestamp that is not below
   * its own it is waited for, some time.
   */
  TxnOutcome ask(LeaseTerm term, TxnRecord staged, long pushTs, Deadline deadline)
      throws InterruptedException {
    TxnId id = staged.txn();
    long patience = Math.min(PATIENCE.toNanos(), deadline.remainingNanos(clock));
    long end = clock.monotonicNanos() + patience;
    TxnRecord record = staged;
    boolean tried = false;
    while (true) {
      if (!tried
          && term.silentNanos(id) > replica.context().settings().txnExpiry().toNanos()
          && recovering.size() < RECOVERIES_MAX
          && recovering.add(id)) {
        try {
          TxnOutcome found = recover(term, record, deadline);
          if (found != null) {
            return found;
          }
        } finally {
          recovering.remove(id);
        }
        // A shard cannot be asked now: not again for this question.
        tried = true;
        end = clock.monotonicNanos() + Math.min(patience, deadline.remainingNanos(clock));
      }
      if (passes(record, pushTs)) {
        return new TxnOutcome(TxnOutcome.State.PENDING, 0);
      }
      if (clock.monotonicNanos() - end >= 0) {
        return new TxnOutcome(TxnOutcome.State.STAGED, 0);
      }
      clock.sleep(PAUSE);
      Reads.awaitWrites(term, KeySpan.ofKey(record.primaryKey()), deadline);
      TxnRecord now = MvccStore.txnRecord(engine(), record.primaryKey(), id);
      if (now == null || now.state() != TxnRecord.State.STAGING) {
        // Decided, or to be pushed again.
        return now != null && now.state() == TxnRecord.State.PENDING
            ? new TxnOutcome(TxnOutcome.State.STAGED, 0)
            : outcomeOf(now, MvccStore.outcome(engine(), record.primaryKey(), id));
      }
      record = now;
    }
  }

  /** Whether it is certain that a staged transaction is not committed at or below a timestamp. */
  private static boolean passes(TxnRecord staged, long pushTs) {
    return pushTs != KvRequest.Push.AWAIT_STAGED && pushTs < staged.commitTs();
  }

  /** One question about a transaction. */
  @FunctionalInterface
  interface Question {
    TxnOutcome ask() throws InterruptedException;
  }

  /** Asks until the transaction is not staged any more; its deadlocks with others are found. */
  TxnOutcome await(
      LeaseTerm term,
      @Nullable TxnId own,
      ProvisionalWrite write,
      Deadline deadline,
      Question question)
      throws InterruptedException {
    ReportedWait wait =
        own == null ? null : new ReportedWait(replica.rowLocks(), term, clock, own, write.key());
    try (wait) {
      while (true) {
        if (deadline.isExpired(clock)) {
          throw new KvException(new KvError.DeadlineExceeded("the end of a commit"));
        }
        term.checkNotEnded();
        if (wait != null) {
          wait.goOn(List.of(write.txn()));
        }
        TxnOutcome outcome = question.ask();
        if (outcome.state() != TxnOutcome.State.STAGED) {
          return outcome;
        }
      }
    }
  }

  // ---- Recovery ----

  /**
   * Finds out what became of a transaction whose coordinator has fallen silent; null if a shard
   * that must be asked does not answer. Its failure is none of this shard's.
   */
  private @Nullable TxnOutcome recover(LeaseTerm term, TxnRecord record, Deadline deadline)
      throws InterruptedException {
    long commitTs;
    try {
      commitTs =
          commitTsIfInPlace(
              term, record, deadline.earlier(Deadline.after(clock, RowLocks.HELPER_TIMEOUT)));
    } catch (KvException e) {
      term.checkNotEnded();
      LOG.debug("what became of {} cannot be found out now", record.txn(), e);
      return null;
    }
    List<byte[]> here = new ArrayList<>();
    for (KeySpan name : record.spans()) {
      if (replica.span().contains(name.start())) {
        here.add(name.start());
      }
    }
    return finish(term, record.txn(), record.primaryKey(), commitTs, here, deadline);
  }

  /**
   * The commit timestamp of a transaction of which all writes are in place; 0 if one is not, and
   * never will be.
   */
  private long commitTsIfInPlace(LeaseTerm term, TxnRecord record, Deadline deadline)
      throws InterruptedException {
    List<byte[]> left = new ArrayList<>();
    for (KeySpan name : record.spans()) {
      // The primary key was written with the record.
      if (!Arrays.equals(name.start(), record.primaryKey())) {
        left.add(name.start());
      }
    }
    long commitTs = record.commitTs();
    while (!left.isEmpty()) {
      Map<ShardDescriptor, List<byte[]>> groups = new LinkedHashMap<>();
      for (byte[] key : left) {
        groups
            .computeIfAbsent(replica.context().locator().locate(key), _ -> new ArrayList<>())
            .add(key);
      }
      left = new ArrayList<>();
      for (Map.Entry<ShardDescriptor, List<byte[]>> group : groups.entrySet()) {
        ShardDescriptor shard = group.getKey();
        KvRequest.Fence request = new KvRequest.Fence(record.txn(), group.getValue());
        KvResponse response =
            replica.context().sender().send(shard, KvBatch.of(shard, null, deadline, request));
        switch (response) {
          case KvResponse.Done done -> {
            if (!(done.results().getFirst() instanceof KvResult.Prepared prepared)) {
              return 0;
            }
            commitTs = Math.max(commitTs, prepared.minCommitTs());
          }
          case KvResponse.Failed failed -> {
            if (!(failed.error() instanceof KvError.StaleShard) || deadline.isExpired(clock)) {
              throw new KvException(failed.error());
            }
            replica.context().locator().stale(shard);
            left.addAll(group.getValue());
          }
        }
      }
      if (!left.isEmpty()) {
        term.checkNotEnded();
        clock.sleep(STALE_PAUSE);
      }
    }
    return commitTs;
  }

  private void checkInside(byte[] key) {
    if (!replica.span().contains(key)) {
      throw decisions.stale();
    }
  }

  private Engine engine() {
    return replica.context().engine();
  }
}
