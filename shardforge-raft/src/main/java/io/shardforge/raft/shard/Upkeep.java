package io.shardforge.raft.shard;

import io.shardforge.raft.command.GcThresholdCommand;
import io.shardforge.raft.command.OutcomeExpiryCommand;
import io.shardforge.raft.command.TombstoneCommand;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult.TxnOutcome;
import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.HistoryGc;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lease holder does now and then, a bounded piece each time: finishing transactions whose
 * coordinator has gone, forgetting outcomes and records, moving the threshold of history and
 * removing tombstones below it. One run at a time.
 */
final class Upkeep {
  private static final int OUTCOMES_AT_ONCE = 20_000;
  private static final int TOMBSTONES_AT_ONCE = 1_000;
  private static final int EXAMINED_AT_ONCE = 50_000;
  private static final int PROVISIONAL_AT_ONCE = 1_000;
  private static final int RECORDS_AT_ONCE = 1_000;

  /** The threshold of history moves in steps of at least this, so that idle shards stay idle. */
  private static final Duration THRESHOLD_STEP = Duration.ofSeconds(60);

  /** What is left of history while space is low: enough for statements that are under way. */
  private static final Duration LOW_SPACE_RETENTION = Duration.ofSeconds(30);

  /** So much later than necessary outcomes are removed: each time, all of them are looked at. */
  private static final Duration OUTCOME_STEP = Duration.ofSeconds(20);

  private static final KeySpan NOTHING = new KeySpan(new byte[] {0}, new byte[] {0});
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final Replica replica;
  private final Decisions decisions;
  private KeySpan tombstonesLeft = NOTHING;
  private KeySpan provisionalLeft = NOTHING;
  private KeySpan recordsLeft = NOTHING;
  private boolean sweepTombstones;
  private long indexAtThreshold = -1;

  /** What {@link Replica#unsettledChanges} was when the last finished look at open work began. */
  private long changesSeen = -1;

  private long changesAtStart;
  private @Nullable MonotonicTimer sinceLook;

  /** The oldest of what that look found: open writes, open records, decided records. */
  private long oldestWrite;

  private long oldestPending;
  private long oldestDecided;

  /** No tombstone at or before this is left, so that there is nothing to look for below it. */
  private long tombstonesGoneTo;

  private long tombstonesGoneToNext;
  private long outcomeFloor;

  Upkeep(Replica replica, Decisions decisions) {
    this.replica = replica;
    this.decisions = decisions;
  }

  synchronized void run(LeaseTerm term) throws InterruptedException {
    try {
      term.sweep(replica.context().settings().txnExpiry().multipliedBy(20).toNanos());
      term.forgetAborted(ago(replica.context().settings().outcomeRetention()));
      if (holdsOpen()) {
        finishAbandoned(term);
        sweepRecords(term);
        changesSeen = changesAtStart;
      }
      expireOutcomes(term);
      moveThreshold(term);
      removeTombstones(term);
    } catch (KvException e) {
      // Not now; the next run goes on.
      LOG.debug("upkeep put off shard={}", replica.shard().shardId(), e);
    }
  }

  /**
   * Whether there may be anything to finish. Looking costs time even where there is nothing, as the
   * engine steps over all that was deleted; so it is done where something has changed or grown old,
   * and not more often than anything could expire.
   */
  private boolean holdsOpen() {
    boolean between = !provisionalLeft.isEmpty() || !recordsLeft.isEmpty();
    long changes = replica.unsettledChanges();
    if (!between
        && changes == changesSeen
        && oldestWrite >= ago(writeAge())
        && oldestPending >= ago(pendingAge())
        && oldestDecided > replica.state().gcThreshold()) {
      return false;
    }
    if (!between) {
      MonotonicTimer before = sinceLook;
      Duration pause = replica.context().settings().txnExpiry();
      if (before != null && before.elapsed().compareTo(pause) < 0) {
        return false;
      }
      sinceLook = MonotonicTimer.start(replica.context().clock());
      changesAtStart = changes;
      changesSeen = -1;
      oldestWrite = Long.MAX_VALUE;
      oldestPending = Long.MAX_VALUE;
      oldestDecided = Long.MAX_VALUE;
    }
    return true;
  }

  private Duration writeAge() {
    return replica.context().settings().txnExpiry().multipliedBy(2);
  }

  private Duration pendingAge() {
    return replica.context().settings().txnExpiry().multipliedBy(4);
  }

  /** Resolves provisional writes whose transaction was decided or has fallen silent. */
  private void finishAbandoned(LeaseTerm term) throws InterruptedException {
    KeySpan span = orAll(provisionalLeft);
    long oldEnough = ago(writeAge());
    Map<TxnId, List<ProvisionalWrite>> old = new LinkedHashMap<>();
    int[] examined = new int[1];
    byte[][] last = new byte[1][];
    MvccStore.provisionalWrites(
        engine(),
        span,
        write -> {
          last[0] = write.key();
          oldestWrite = Math.min(oldestWrite, write.txn().high());
          if (write.txn().high() < oldEnough) {
            old.computeIfAbsent(write.txn(), _ -> new ArrayList<>()).add(write);
          }
          return ++examined[0] < PROVISIONAL_AT_ONCE;
        });
    provisionalLeft =
        examined[0] < PROVISIONAL_AT_ONCE
            ? NOTHING
            : new KeySpan(Bytes.successor(last[0]), span.end());
    for (Map.Entry<TxnId, List<ProvisionalWrite>> entry : old.entrySet()) {
      TxnOutcome outcome = decisions.ask(term, entry.getValue().getFirst(), 0, true, deadline());
      if (outcome.state() != TxnOutcome.State.PENDING) {
        // One command's worth of them; the next runs take the rest, if nobody else does.
        KeySpan from = new KeySpan(entry.getValue().getFirst().key(), span.end());
        var _ = decisions.resolvePart(term, entry.getKey(), outcome.commitTs(), from, deadline());
      }
    }
  }

  /**
   * Finishes what the records of silent coordinators stand for. The records themselves stay until
   * they are below the threshold: a coordinator that was only paused may ask for its outcome.
   */
  private void sweepRecords(LeaseTerm term) throws InterruptedException {
    KeySpan span = orAll(recordsLeft);
    long oldEnough = ago(pendingAge());
    long threshold = replica.state().gcThreshold();
    List<TxnRecord> old = new ArrayList<>();
    int[] examined = new int[1];
    byte[][] last = new byte[1][];
    MvccStore.txnRecords(
        engine(),
        span,
        record -> {
          last[0] = record.primaryKey();
          if (isOpen(record)) {
            oldestPending = Math.min(oldestPending, record.txn().high());
          } else {
            oldestDecided = Math.min(oldestDecided, record.txn().high());
          }
          if (record.txn().high() < oldEnough) {
            old.add(record);
          }
          return ++examined[0] < RECORDS_AT_ONCE;
        });
    recordsLeft =
        examined[0] < RECORDS_AT_ONCE ? NOTHING : new KeySpan(Bytes.successor(last[0]), span.end());
    List<RecordName> forgettable = new ArrayList<>();
    for (TxnRecord record : old) {
      switch (record.state()) {
        case PENDING, STAGING -> {
          var _ = decisions.ask(term, record.txn(), record.primaryKey(), 0, true, deadline());
        }
        case COMMITTED -> {
          if (record.txn().high() <= threshold) {
            resolveEverywhere(record);
            forgettable.add(new RecordName(record.txn(), record.primaryKey()));
          }
        }
        case ABORTED -> {
          if (record.txn().high() <= threshold) {
            forgettable.add(new RecordName(record.txn(), record.primaryKey()));
          }
        }
      }
    }
    if (!forgettable.isEmpty()) {
      decisions.forget(term, forgettable, deadline());
    }
  }

  private static boolean isOpen(TxnRecord record) {
    return switch (record.state()) {
      case PENDING, STAGING -> true;
      case COMMITTED, ABORTED -> false;
    };
  }

  private void resolveEverywhere(TxnRecord record) throws InterruptedException {
    for (KeySpan span : record.spans()) {
      for (ShardDescriptor shard : replica.context().locator().locate(span)) {
        KeySpan part = shard.span().intersect(span).orElse(null);
        if (part == null) {
          continue;
        }
        KvResponse response =
            replica
                .context()
                .sender()
                .send(
                    shard,
                    KvBatch.of(
                        shard,
                        null,
                        deadline(),
                        new KvRequest.Resolve(record.txn(), record.commitTs(), part, List.of())));
        if (response instanceof KvResponse.Failed failed) {
          throw new KvException(failed.error());
        }
      }
    }
  }

  private void expireOutcomes(LeaseTerm term) throws InterruptedException {
    long floor = ago(replica.context().settings().outcomeRetention());
    if (floor < outcomeFloor + (OUTCOME_STEP.toMillis() << Timestamp.LOGICAL_BITS)) {
      return;
    }
    outcomeFloor = floor;
    KeySpan rest = replica.span();
    while (rest != null) {
      WriteBatch found = engine().newBatch();
      KeySpan next = MvccStore.expireOutcomes(engine(), found, rest, floor, OUTCOMES_AT_ONCE);
      if (!found.isEmpty()) {
        replica
            .lease()
            .await(
                replica
                    .lease()
                    .propose(term, new OutcomeExpiryCommand(rest, floor, OUTCOMES_AT_ONCE)),
                deadline());
      }
      rest = next;
    }
  }

  private void moveThreshold(LeaseTerm term) throws InterruptedException {
    long applied = replica.applied().index();
    long safe = replica.context().timestamps().safeReadTs();
    Duration retention = replica.context().settings().historyRetention();
    if (replica.context().spaceLow().getAsBoolean()
        && retention.compareTo(LOW_SPACE_RETENTION) > 0) {
      retention = LOW_SPACE_RETENTION;
    }
    long threshold = Math.min(ago(retention), safe);
    Duration step =
        retention.compareTo(THRESHOLD_STEP) < 0 ? retention.dividedBy(2) : THRESHOLD_STEP;
    long due = replica.state().gcThreshold() + (step.toMillis() << Timestamp.LOGICAL_BITS);
    if (threshold < due || (applied == indexAtThreshold && !holdsGarbage())) {
      return;
    }
    replica
        .lease()
        .await(replica.lease().propose(term, new GcThresholdCommand(threshold)), deadline());
    indexAtThreshold = replica.applied().index();
    sweepTombstones |= threshold > tombstonesGoneTo;
  }

  private boolean holdsGarbage() {
    return replica
        .context()
        .abandoned()
        .waitsFor(engine(), replica.span(), replica.state().gcThreshold());
  }

  private void removeTombstones(LeaseTerm term) throws InterruptedException {
    if (!sweepTombstones) {
      return;
    }
    if (tombstonesLeft.isEmpty()) {
      tombstonesGoneToNext = replica.context().timestamps().newest();
    }
    HistoryGc.Tombstones found =
        HistoryGc.findTombstones(
            engine(),
            orAll(tombstonesLeft),
            replica.state().gcThreshold(),
            TOMBSTONES_AT_ONCE,
            EXAMINED_AT_ONCE);
    if (!found.keys().isEmpty()) {
      LatchManager.Latch latch = decisions.latchKeys(term, found.keys(), deadline());
      decisions.applyLatched(term, latch, new TombstoneCommand(found.keys()), () -> {}, deadline());
    }
    tombstonesGoneToNext = Math.min(tombstonesGoneToNext, found.oldestKeptTs() - 1);
    tombstonesLeft = found.remaining().orElse(NOTHING);
    if (tombstonesLeft.isEmpty()) {
      sweepTombstones = false;
      tombstonesGoneTo = tombstonesGoneToNext;
    }
  }

  private KeySpan orAll(KeySpan rest) {
    // The rest may have been split off.
    KeySpan all = replica.span();
    return rest.isEmpty() ? all : rest.intersect(all).orElse(all);
  }

  /** The timestamp of this long ago, by the oracle's time. */
  private long ago(Duration duration) {
    return Math.max(
        0,
        replica.context().timestamps().newest() - (duration.toMillis() << Timestamp.LOGICAL_BITS));
  }

  private Deadline deadline() {
    return Deadline.after(replica.context().clock(), RowLocks.HELPER_TIMEOUT);
  }

  private Engine engine() {
    return replica.context().engine();
  }
}
