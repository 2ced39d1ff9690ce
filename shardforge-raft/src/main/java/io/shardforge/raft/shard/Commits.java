package io.shardforge.raft.shard;

import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.PrepareCommand;
import io.shardforge.raft.command.StageCommand;
import io.shardforge.raft.command.UndoCommand;
import io.shardforge.raft.command.WriteCommand;
import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ValidatedRead;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.AscendingReader;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.ChangeKind;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import io.shardforge.storage.mvcc.VersionedValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges commits and prepares, under latches on everything they write and validate. The latches
 * stay until the command is applied, whoever still waits for it.
 */
final class Commits {
  /** Bytes of one command; a transaction with more in one shard is prepared in batches. */
  static final int COMMAND_BYTES_MAX = 960 * 1024;

  /** How often a commit pushes others out of the way of what it read before it gives up. */
  static final int PUSHES_MAX = 8;

  private static final int CONFLICTS_MAX = 64;

  private final Replica replica;
  private final RowLocks rowLocks;
  private final Decisions decisions;
  private final SchemaFloors schemaFloors;
  // Transactions whose last batch was judged under this lease: later batches are refused.
  private final Set<TxnId> sealed = ConcurrentHashMap.newKeySet();

  Commits(Replica replica, RowLocks rowLocks, Decisions decisions, SchemaFloors schemaFloors) {
    this.replica = replica;
    this.rowLocks = rowLocks;
    this.decisions = decisions;
    this.schemaFloors = schemaFloors;
  }

  /** What stands in the way of a command; removed without latches, then it is judged again. */
  private sealed interface Obstacle {
    /** Somebody else's lock on a key to be written. */
    record Locked(Mutation write) implements Obstacle {}

    /** Somebody else's provisional writes in what must not change. */
    record Provisional(List<ProvisionalWrite> writes) implements Obstacle {}

    /** A schema change. */
    record Schema(Mutation write) implements Obstacle {}
  }

  // ---- One shard, or the one that decides ----

  KvResult commit(LeaseTerm term, KvBatch batch, KvRequest.CommitWrites request)
      throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    Deadline deadline = batch.deadline();
    List<byte[]> keys = keysOf(request.writes());
    List<KeySpan> readSpans = spansOf(request.reads());
    if (!isInside(keys, readSpans)) {
      return outcomeBeforeSplit(term, id, request, deadline);
    }
    for (int pushes = 0; ; ) {
      LatchManager.Latch latch = decisions.latch(term, keys, List.of(), readSpans, deadline);
      boolean handedOver = false;
      Obstacle obstacle;
      long commitTs;
      try {
        long outcome = MvccStore.outcome(engine(), WriteCommand.outcomeKey(request.writes()), id);
        if (outcome != 0) {
          term.locks().releaseAll(id);
          return new KvResult.Committed(outcome);
        }
        if (request.firstSentTs() <= replica.state().outcomeFloor()) {
          throw new KvException(new KvError.OutcomeUnknown(id));
        }
        if (decisions.wasAborted(term, id, WriteCommand.outcomeKey(request.writes()))) {
          throw new KvException(new KvError.TxnAborted(id));
        }
        // Not before: what was done already must not be answered as refused.
        checkSpace();
        checkLocks(term, id, request.locks(), request.writes());
        obstacle = firstObstacle(term, id, request.writes());
        if (obstacle == null) {
          // Outcomes are forgotten by their age: none may be older than what asks for it.
          replica.context().timestamps().learn(request.firstSentTs());
          long leastTs = Math.max(request.minCommitTs(), request.firstSentTs());
          commitTs =
              judge(term.leastWriteTs(), null, 0, request.writes(), request.snapshotTs(), leastTs);
          if (!request.elsewhere().isEmpty()) {
            // Whoever met a provisional write elsewhere was told that it commits above this.
            commitTs = Math.max(commitTs, term.pushedTo(id) + 1);
          }
          commitTs = decisions.notAheadOfOracle(commitTs, deadline);
          List<ProvisionalWrite> inTheWay = validate(id, request.reads(), commitTs);
          if (inTheWay.isEmpty()) {
            if (!request.reads().isEmpty()) {
              term.raiseMaxReadTs(commitTs);
            }
            handedOver = true;
            CommandResult result =
                decisions.applyLatched(
                    term,
                    latch,
                    new WriteCommand(id, commitTs, request.writes(), request.elsewhere()),
                    () -> {
                      term.locks().releaseAll(id);
                      term.forget(id);
                    },
                    deadline);
            if (result.status() == CommandResult.Status.REFUSED) {
              throw new KvException(new KvError.TxnAborted(id));
            }
            return new KvResult.Committed(result.value());
          }
          obstacle = new Obstacle.Provisional(inTheWay);
        }
      } finally {
        if (!handedOver) {
          latch.release();
        }
      }
      if (obstacle instanceof Obstacle.Provisional && ++pushes > PUSHES_MAX) {
        throw new KvException(
            new KvError.ReadChanged(((Obstacle.Provisional) obstacle).writes().getFirst().key()));
      }
      remove(term, id, obstacle, request.lockTimeoutNanos(), deadline);
    }
  }

  /**
   * The answer to a commit that reaches beyond the shard as it is now. It may have been applied
   * before the shard was split: then its outcome is here. Else it never will be.
   */
  private KvResult outcomeBeforeSplit(
      LeaseTerm term, TxnId id, KvRequest.CommitWrites request, Deadline deadline)
      throws InterruptedException {
    byte[] key = WriteCommand.outcomeKey(request.writes());
    if (!replica.span().contains(key)) {
      throw decisions.stale();
    }
    Reads.awaitWrites(term, KeySpan.ofKey(key), deadline);
    long outcome = MvccStore.outcome(engine(), key, id);
    if (outcome == 0) {
      throw request.firstSentTs() <= replica.state().outcomeFloor()
          ? new KvException(new KvError.OutcomeUnknown(id))
          : decisions.stale();
    }
    term.locks().releaseAll(id);
    return new KvResult.Committed(outcome);
  }

  // ---- Several shards ----

  KvResult prepare(LeaseTerm term, KvBatch batch, KvRequest.Prepare request)
      throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    Deadline deadline = batch.deadline();
    List<byte[]> keys = keysOf(request.writes());
    boolean home = replica.span().contains(request.primaryKey());
    if (home && !contains(keys, request.primaryKey()) && !isPending(request.primaryKey(), id)) {
      // The record is filed under the primary key: its latch guards that it is made once. Later
      // batches only add to a record that is there, in whatever order they and its end come.
      keys = new ArrayList<>(keys);
      keys.add(request.primaryKey());
    }
    checkInside(keys, List.of());
    KvRequest.Seal seal = request.seal();
    // Only where earlier batches are counted: a span between far keys meets many other commits.
    List<KeySpan> counted =
        seal == null || seal.isOfOneBatch() ? List.of() : List.of(inside(seal.span()));
    while (true) {
      LatchManager.Latch latch = decisions.latch(term, keys, List.of(), counted, deadline);
      boolean handedOver = false;
      Obstacle obstacle;
      try {
        if (seal == null && sealed.contains(id)) {
          throw new KvException(new KvError.TxnAborted(id));
        }
        for (Mutation write : request.writes()) {
          if (term.isUndone(id, write.statement())) {
            throw new KvException(new KvError.TxnAborted(id));
          }
        }
        rowLocks.checkNotExpelled(term, id);
        if (!request.writes().isEmpty()) {
          checkSpace();
        }
        obstacle = firstObstacle(term, id, request.writes());
        if (obstacle == null) {
          long placedTs = placedTs(id, request);
          long minCommitTs =
              placedTs != 0
                  ? placedTs
                  : judge(
                      term.leastWriteTs(),
                      id,
                      request.batchNumber(),
                      request.writes(),
                      request.snapshotTs(),
                      request.minCommitTs());
          minCommitTs = decisions.notAheadOfOracle(minCommitTs, deadline);
          if (seal != null) {
            checkSeal(id, seal, request.batchNumber());
            noteSealed(id);
          }
          if (home) {
            term.heard(id);
          }
          if (placedTs != 0) {
            if (home && !isPending(request.primaryKey(), id)) {
              throw new KvException(new KvError.TxnAborted(id));
            }
            return new KvResult.Prepared(minCommitTs);
          }
          handedOver = true;
          CommandResult result =
              decisions.applyLatched(
                  term,
                  latch,
                  new PrepareCommand(
                      id,
                      request.primaryKey(),
                      minCommitTs,
                      request.batchNumber(),
                      request.writes()),
                  () -> {},
                  deadline);
          if (result.status() == CommandResult.Status.REFUSED) {
            throw new KvException(new KvError.TxnAborted(id));
          }
          return new KvResult.Prepared(minCommitTs);
        }
      } finally {
        if (!handedOver) {
          latch.release();
        }
      }
      remove(term, id, obstacle, request.lockTimeoutNanos(), deadline);
    }
  }

  /** Stores writes whose transaction is committed once all of them are in place everywhere. */
  KvResult stage(LeaseTerm term, KvBatch batch, KvRequest.Stage request)
      throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    Deadline deadline = batch.deadline();
    List<byte[]> keys = keysOf(request.writes());
    boolean home = !request.names().isEmpty();
    checkInside(keys, List.of());
    while (true) {
      LatchManager.Latch latch = decisions.latch(term, keys, List.of(), List.of(), deadline);
      boolean handedOver = false;
      Obstacle obstacle;
      try {
        KvResult known = home ? decisions.staged().known(term, id, request) : null;
        if (known != null) {
          return known;
        }
        List<Mutation> missing = new ArrayList<>(request.writes().size());
        long placedTs = placedTs(id, request.writes(), missing);
        if (missing.isEmpty()) {
          return new KvResult.Prepared(placedTs);
        }
        decisions.staged().checkNotFenced(id, missing);
        rowLocks.checkNotExpelled(term, id);
        checkSpace();
        obstacle = firstObstacle(term, id, missing);
        if (obstacle == null) {
          long leastTs = request.minCommitTs();
          if (home) {
            // The outcome must not be older than what asks for it.
            replica.context().timestamps().learn(request.firstSentTs());
            leastTs = Math.max(leastTs, request.firstSentTs());
          }
          // What its own proof of reads has raised is in nobody's way but that of others.
          long floorTs =
              request.ceilingTs() == Long.MAX_VALUE ? term.leastWriteTs() : term.leastWriteTs(id);
          long minTs =
              judge(
                  floorTs,
                  id,
                  request.batchNumber(),
                  missing,
                  request.snapshotTs(),
                  Math.max(placedTs, leastTs));
          if (home) {
            // Whoever met a write of it elsewhere was told that it commits above this.
            minTs = Math.max(minTs, term.pushedTo(id) + 1);
          }
          if (minTs > request.ceilingTs()) {
            throw new KvException(new KvError.CommitTsTooLow(minTs));
          }
          minTs = decisions.notAheadOfOracle(minTs, deadline);
          if (home) {
            term.heard(id);
          }
          handedOver = true;
          CommandResult result =
              decisions.applyLatched(
                  term,
                  latch,
                  new StageCommand(
                      id,
                      request.primaryKey(),
                      minTs,
                      request.batchNumber(),
                      request.names(),
                      missing),
                  () -> {},
                  deadline);
          if (result.status() == CommandResult.Status.REFUSED) {
            throw new KvException(new KvError.TxnAborted(id));
          }
          return new KvResult.Prepared(minTs);
        }
      } finally {
        if (!handedOver) {
          latch.release();
        }
      }
      remove(term, id, obstacle, request.lockTimeoutNanos(), deadline);
    }
  }

  /**
   * The greatest of the least commit timestamps of those of some writes that are in place: such a
   * one, of a transaction that writes each key once, is the same one and not judged anew.
   *
   * @param missing takes the others
   */
  private long placedTs(TxnId id, List<Mutation> writes, List<Mutation> missing) {
    long placedTs = 0;
    for (Mutation write : writes) {
      ProvisionalWrite own = MvccStore.provisional(engine(), write.key());
      if (own != null && own.txn().equals(id)) {
        placedTs = Math.max(placedTs, own.minCommitTs());
      } else {
        missing.add(write);
      }
    }
    return placedTs;
  }

  /**
   * The least commit timestamp of a batch that is in place already, zero if it is not. A late copy
   * of a batch must not be judged anew: the transaction may have committed by the first answer.
   */
  private long placedTs(TxnId id, KvRequest.Prepare request) {
    long minTs = 0;
    for (Mutation write : request.writes()) {
      ProvisionalWrite own = MvccStore.provisional(engine(), write.key());
      if (own == null || !own.txn().equals(id) || !hasBatch(own, request.batchNumber())) {
        return 0;
      }
      minTs = Math.max(minTs, own.minCommitTs());
    }
    return minTs;
  }

  private boolean isPending(byte[] primaryKey, TxnId id) {
    TxnRecord record = MvccStore.txnRecord(engine(), primaryKey, id);
    return record != null && record.state() == TxnRecord.State.PENDING;
  }

  private static boolean hasBatch(ProvisionalWrite write, int batch) {
    for (ProvisionalWrite.Entry entry : write.entries()) {
      if (entry.batch() == batch) {
        return true;
      }
    }
    return false;
  }

  /** Refuses new rows while space is low; the cluster's own tables are small and go on. */
  private void checkSpace() {
    ReplicaContext context = replica.context();
    if (!replica.shard().isMeta() && context.spaceLow().getAsBoolean()) {
      throw new KvException(new KvError.DiskFull(context.nodeId()));
    }
  }

  /** Refuses a last batch if the shard does not hold exactly those that were sent before. */
  private void checkSeal(TxnId id, KvRequest.Seal seal, int ownBatch) {
    if (seal.isOfOneBatch()) {
      return;
    }
    Set<Integer> found = new TreeSet<>();
    List<byte[]> undone = new ArrayList<>(0);
    MvccStore.provisionalWrites(
        engine(),
        inside(seal.span()),
        write -> {
          if (write.txn().equals(id)) {
            for (ProvisionalWrite.Entry entry : write.entries()) {
              found.add(entry.batch());
              for (KvRequest.Range range : seal.undone()) {
                if (range.contains(entry.statement())) {
                  undone.add(write.key());
                }
              }
            }
          }
          return true;
        });
    found.remove(ownBatch);
    if (!undone.isEmpty() || !found.equals(new TreeSet<>(seal.batches()))) {
      throw new KvException(new KvError.TxnAborted(id));
    }
  }

  private void noteSealed(TxnId id) {
    if (sealed.size() >= LeaseTerm.TXNS_MAX) {
      sealed.clear();
    }
    sealed.add(id);
  }

  KvResult undo(LeaseTerm term, KvBatch batch, KvRequest.Undo request) throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    // Before anything is taken back: a late copy of a batch must not bring it in again.
    term.undone(id, new KvRequest.Range(request.firstStatement(), request.lastStatement()));
    KeySpan rest = inside(request.span());
    while (!rest.isEmpty()) {
      List<byte[]> keys = new ArrayList<>();
      MvccStore.provisionalWrites(
          engine(),
          rest,
          write -> {
            if (write.txn().equals(id)) {
              keys.add(write.key());
            }
            return keys.size() < Decisions.RESOLVE_KEYS_MAX;
          });
      if (keys.isEmpty()) {
        break;
      }
      for (List<byte[]> part : Decisions.inCommands(keys)) {
        LatchManager.Latch latch = decisions.latchKeys(term, part, batch.deadline());
        decisions.applyLatched(
            term,
            latch,
            new UndoCommand(id, request.firstStatement(), request.lastStatement(), part),
            () -> {},
            batch.deadline());
      }
      rest = new KeySpan(Bytes.successor(keys.getLast()), rest.end());
    }
    return KvResult.Done.INSTANCE;
  }

  KvResult validate(LeaseTerm term, KvBatch batch, KvRequest.Validate request)
      throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    Deadline deadline = batch.deadline();
    List<KeySpan> spans = spansOf(request.reads());
    checkInside(List.of(), spans);
    decisions.notAheadOfOracle(request.commitTs(), deadline);
    // Like a read at the commit timestamp: later writes of others commit above it.
    term.raiseMaxReadTs(request.commitTs(), id);
    for (KeySpan span : spans) {
      Reads.awaitWrites(term, span, deadline);
    }
    for (int pushes = 0; ; pushes++) {
      checkLocks(term, id, request.locks(), List.of());
      List<ProvisionalWrite> inTheWay = validate(id, request.reads(), request.commitTs());
      if (inTheWay.isEmpty()) {
        return KvResult.Done.INSTANCE;
      }
      if (pushes >= PUSHES_MAX) {
        throw new KvException(new KvError.ReadChanged(inTheWay.getFirst().key()));
      }
      decisions.clearForRead(term, id, inTheWay, null, request.commitTs(), deadline);
    }
  }

  // ---- Judging ----

  private @Nullable Obstacle firstObstacle(LeaseTerm term, TxnId id, List<Mutation> writes) {
    Mutation locked = rowLocks.firstBlocked(term, id, writes);
    if (locked != null) {
      return new Obstacle.Locked(locked);
    }
    Mutation outdated = schemaFloors.obstacle(id, writes);
    return outdated == null ? null : new Obstacle.Schema(outdated);
  }

  private void remove(
      LeaseTerm term, TxnId id, Obstacle obstacle, long lockTimeoutNanos, Deadline deadline)
      throws InterruptedException {
    switch (obstacle) {
      case Obstacle.Locked locked ->
          rowLocks.acquire(
              term,
              id,
              locked.write().key(),
              locked.write().strength(),
              lockTimeoutNanos,
              deadline);
      case Obstacle.Provisional provisional ->
          decisions.clearForRead(
              term,
              id,
              provisional.writes(),
              null,
              replica.context().timestamps().newest() + 1,
              deadline);
      case Obstacle.Schema schema -> schemaFloors.settle(term, id, schema.write(), deadline);
    }
  }

  /**
   * Checks what each write replaces; returns the least commit timestamp.
   *
   * @param floorTs above all that was read, when it was asked for under the latches
   */
  private long judge(
      long floorTs,
      @Nullable TxnId provisionalOf,
      int batch,
      List<Mutation> writes,
      long snapshotTs,
      long minCommitTs) {
    if (writes.size() < AscendingReader.KEYS_MIN) {
      return judge(engine(), floorTs, provisionalOf, batch, writes, snapshotTs, minCommitTs);
    }
    try (AscendingReader reader = MvccStore.ascending(engine(), Mutation.hull(writes))) {
      return judge(reader, floorTs, provisionalOf, batch, writes, snapshotTs, minCommitTs);
    }
  }

  private long judge(
      EngineReader reader,
      long floorTs,
      @Nullable TxnId provisionalOf,
      int batch,
      List<Mutation> writes,
      long snapshotTs,
      long minCommitTs) {
    long commitTs = Math.max(minCommitTs, floorTs);
    for (Mutation write : writes) {
      VersionedValue newest = MvccStore.newestVersion(reader, write.key());
      boolean exists = newest != null && !newest.isTombstone();
      long newestTs = newest == null ? 0 : newest.commitTs();
      if (write.kind() == Mutation.Kind.INSERT
          && isThere(reader, provisionalOf, batch, write.key(), exists)) {
        throw new KvException(new KvError.KeyExists(write.key()));
      }
      if (write.replacesTs() != Mutation.BLIND && write.replacesTs() != (exists ? newestTs : 0)) {
        throw new KvException(new KvError.WriteConflict(write.key()));
      }
      if (newestTs > snapshotTs) {
        throw new KvException(new KvError.WriteConflict(write.key()));
      }
      commitTs = Math.max(commitTs, newestTs + 1);
    }
    return commitTs;
  }

  /** Whether a row is there for an insert: the transaction's own earlier batches count. */
  private static boolean isThere(
      EngineReader reader, @Nullable TxnId provisionalOf, int batch, byte[] key, boolean exists) {
    if (provisionalOf == null) {
      return exists;
    }
    ProvisionalWrite own = MvccStore.provisional(reader, key);
    if (own == null || !own.txn().equals(provisionalOf)) {
      return exists;
    }
    // The same batch sent again must not fail because of its own writes.
    for (ProvisionalWrite.Entry entry : own.entries().reversed()) {
      if (entry.batch() != batch) {
        return !entry.isDelete();
      }
    }
    return exists;
  }

  /**
   * Checks that nothing read has changed up to the commit timestamp. Returns other transactions'
   * provisional writes that might still change it.
   */
  private List<ProvisionalWrite> validate(TxnId id, List<ValidatedRead> reads, long commitTs)
      throws InterruptedException {
    List<ProvisionalWrite> inTheWay = new ArrayList<>(0);
    long threshold = replica.state().gcThreshold();
    for (ValidatedRead read : reads) {
      if (read.readTs() < threshold) {
        throw new KvException(new KvError.SnapshotTooOld(read.readTs(), threshold));
      }
      inTheWay.addAll(MvccStore.conflictsIn(engine(), read.span(), commitTs, id, CONFLICTS_MAX));
      byte[] changed =
          MvccStore.changedKeyIn(engine(), read.span(), read.readTs(), commitTs, ChangeKind.ANY);
      if (changed != null) {
        throw new KvException(new KvError.ReadChanged(changed));
      }
    }
    return inTheWay;
  }

  private void checkLocks(LeaseTerm term, TxnId id, List<HeldLock> locks, List<Mutation> writes) {
    rowLocks.checkNotExpelled(term, id);
    if (locks.isEmpty()) {
      return;
    }
    Set<byte[]> written = keysWrittenOver(writes);
    KvError lost =
        rowLocks.firstLost(
            term, id, locks.stream().filter(lock -> !written.contains(lock.key())).toList());
    if (lost != null) {
      throw new KvException(lost);
    }
  }

  /** A row that the transaction itself writes over a known version needs no proof of its lock. */
  private static Set<byte[]> keysWrittenOver(List<Mutation> writes) {
    Set<byte[]> keys = new TreeSet<>(Bytes::compare);
    for (Mutation write : writes) {
      if (write.replacesTs() != Mutation.BLIND) {
        keys.add(write.key());
      }
    }
    return keys;
  }

  private static List<byte[]> keysOf(List<Mutation> writes) {
    List<byte[]> keys = new ArrayList<>(writes.size());
    for (Mutation write : writes) {
      keys.add(write.key());
    }
    return keys;
  }

  private static List<KeySpan> spansOf(List<ValidatedRead> reads) {
    List<KeySpan> spans = new ArrayList<>(reads.size());
    for (ValidatedRead read : reads) {
      spans.add(read.span());
    }
    return spans;
  }

  private static boolean contains(List<byte[]> keys, byte[] wanted) {
    for (byte[] key : keys) {
      if (Arrays.equals(key, wanted)) {
        return true;
      }
    }
    return false;
  }

  private KeySpan inside(KeySpan wanted) {
    return replica
        .span()
        .intersect(wanted)
        .orElseGet(() -> new KeySpan(wanted.start(), wanted.start()));
  }

  private void checkInside(List<byte[]> keys, List<KeySpan> spans) {
    if (!isInside(keys, spans)) {
      throw decisions.stale();
    }
  }

  private boolean isInside(List<byte[]> keys, List<KeySpan> spans) {
    KeySpan all = replica.span();
    for (byte[] key : keys) {
      if (!all.contains(key)) {
        return false;
      }
    }
    for (KeySpan span : spans) {
      if (!all.contains(span)) {
        return false;
      }
    }
    return true;
  }

  private Engine engine() {
    return replica.context().engine();
  }
}
