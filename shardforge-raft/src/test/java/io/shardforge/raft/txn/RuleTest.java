package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.ValidatedRead;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol's rules, by their numbers: each with the interleaving that it stops. */
final class RuleTest extends ClusterTest {
  private static final byte[] A = key(1, "a");
  private static final byte[] B = key(2, "b");
  private static final ReplicaSettings SETTINGS =
      new ReplicaSettings(
          Duration.ofSeconds(60),
          Duration.ofMillis(1500),
          Duration.ofHours(4),
          Duration.ofSeconds(60));

  @Override
  LocalCluster startCluster() {
    return LocalCluster.start(
        1, 4, clock, Randomness.seeded(1), Thread::startVirtualThread, SETTINGS);
  }

  private RawRequests raw() {
    return new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
  }

  private static String value(KvResult result) {
    byte[] value = ((KvResult.Values) result).values().getFirst().value();
    return String.valueOf(text(value));
  }

  // ---- 2: commit timestamps ----

  @Test
  void rule2CommitIsAboveEveryReadOfTheShard() {
    RawRequests txn = raw();
    long later = txn.timestamp();
    txn.result(A, new KvRequest.Get(List.of(key(1, "elsewhere")), later));
    KvResult result =
        txn.result(A, txn.commit(List.of(RawRequests.put(A, "1", 1)), txn.timestamp()));
    assertThat(((KvResult.Committed) result).commitTs()).isGreaterThan(later);
  }

  @Test
  void rule2CommitIsAboveTheVersionItReplaces() {
    RawRequests old = raw();
    long newer = write(A, "newer");
    KvResult result =
        old.result(A, old.commit(List.of(RawRequests.put(A, "1", 1)), old.timestamp()));
    assertThat(((KvResult.Committed) result).commitTs()).isGreaterThan(newer);
  }

  @Test
  void rule2CommitsDoNotRunAheadOfTheOracle() {
    long commitTs = 0;
    for (int i = 0; i < 50; i++) {
      // Each replaces the one before without having asked the oracle since.
      RawRequests txn = raw();
      commitTs = write(A, "v" + i);
      KvResult result =
          txn.result(A, txn.commit(List.of(RawRequests.put(A, "1", 1)), txn.id().high()));
      assertThat(((KvResult.Committed) result).commitTs()).isGreaterThan(commitTs);
      commitTs = ((KvResult.Committed) result).commitTs();
      assertThat(commitTs).isLessThanOrEqualTo(cluster.node(1).timestamps().newest() + 1);
    }
    assertThat(raw().timestamp()).isGreaterThanOrEqualTo(commitTs);
  }

  @Test
  void rule2ReadsAboveWhatTheOracleIssuedAreRefused() {
    RawRequests txn = raw();
    long future = txn.timestamp() + (Duration.ofMinutes(1).toMillis() << Timestamp.LOGICAL_BITS);
    assertThat(txn.error(A, new KvRequest.Get(List.of(A), future)))
        .isInstanceOf(KvError.TimestampInFuture.class);
    assertThat(errorOf(() -> cluster.transactions().beginAsOf(future)))
        .isInstanceOf(KvError.TimestampInFuture.class);
  }

  // ---- 3: locks ----

  @Test
  void rule3CommitFailsIfItsLockIsGone() {
    RawRequests txn = raw();
    KvResult.Locked locked =
        (KvResult.Locked)
            txn.result(
                A,
                new KvRequest.Lock(
                    List.of(A), LockStrength.UPDATE, LockWait.BLOCK, 0, txn.timestamp()));
    KvRequest.CommitWrites otherLease =
        new KvRequest.CommitWrites(
            List.of(RawRequests.put(key(1, "other"), "1", 1)),
            List.of(),
            List.of(new HeldLock(A, LockStrength.UPDATE, locked.leaseNumber() + 1)),
            Long.MAX_VALUE,
            0,
            txn.timestamp(),
            List.of(),
            0);
    assertThat(txn.error(A, otherLease)).isInstanceOf(KvError.LockLost.class);
    assertThat(
            txn.error(
                A,
                new KvRequest.Release(
                    List.of(
                        new HeldLock(key(1, "never"), LockStrength.SHARE, locked.leaseNumber())))))
        .isInstanceOf(KvError.LockLost.class);
  }

  @Test
  void rule3WriteOfAnotherVersionThanTheOneSeenIsRefused() {
    long seen = write(A, "1");
    write(A, "2");
    RawRequests txn = raw();
    Mutation stale = new Mutation(Mutation.Kind.PUT, TableVersion.NONE, A, bytes("3"), seen, 1);
    assertThat(txn.error(A, txn.commit(List.of(stale), txn.timestamp())))
        .isInstanceOf(KvError.WriteConflict.class);
    assertThat(txn.error(A, txn.prepare(A, stale))).isInstanceOf(KvError.WriteConflict.class);
  }

  @Test
  void rule3LocksOfASilentTransactionAreTakenAndItsCommitFails() {
    RawRequests silent = raw();
    KvResult.Locked locked =
        (KvResult.Locked)
            silent.result(
                A,
                new KvRequest.Lock(
                    List.of(A), LockStrength.UPDATE, LockWait.BLOCK, 0, silent.timestamp()));
    Txn other = begin(Isolation.READ_COMMITTED);
    other.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    other.commit();
    assertThat(
            silent.error(
                A,
                new KvRequest.Release(
                    List.of(new HeldLock(A, LockStrength.UPDATE, locked.leaseNumber())))))
        .isInstanceOf(KvError.TxnAborted.class);
    assertThat(
            silent.error(
                A,
                new KvRequest.Lock(
                    List.of(A), LockStrength.UPDATE, LockWait.BLOCK, 0, silent.timestamp())))
        .isInstanceOf(KvError.TxnAborted.class);
  }

  // ---- 4: validation ----

  @Test
  void rule4PushedTransactionDoesNotCommitBelowThePush() {
    RawRequests writer = raw();
    long minCommitTs = writer.prepared(A, RawRequests.put(A, "1", 1));
    RawRequests reader = raw();
    long readTs = reader.timestamp();
    assertThat(value(reader.result(A, new KvRequest.Get(List.of(A), readTs)))).isEqualTo("null");
    assertThat(writer.error(A, writer.commitRecord(A, minCommitTs, false)))
        .isInstanceOfSatisfying(
            KvError.CommitTsTooLow.class,
            error -> assertThat(error.minCommitTs()).isGreaterThan(readTs));
    KvResult raised = writer.result(A, writer.commitRecord(A, minCommitTs, true));
    assertThat(((KvResult.Committed) raised).commitTs()).isGreaterThan(readTs);
    // The same read again, now that the record is committed and not yet resolved.
    assertThat(value(reader.result(A, new KvRequest.Get(List.of(A), readTs)))).isEqualTo("null");
    assertThat(value(reader.result(A, new KvRequest.Get(List.of(A), reader.timestamp()))))
        .isEqualTo("1");
  }

  @Test
  void rule4ScanPushesToo() {
    RawRequests writer = raw();
    long minCommitTs = writer.prepared(B, RawRequests.put(A, "1", 1));
    writer.prepared(B, RawRequests.put(B, "1", 1));
    Txn reader = begin(Isolation.REPEATABLE_READ);
    assertThat(scan(reader, KeySpace.tableSpan(table(1)), false)).isEmpty();
    assertThat(writer.error(B, writer.commitRecord(B, minCommitTs, false)))
        .isInstanceOf(KvError.CommitTsTooLow.class);
    writer.result(B, writer.commitRecord(B, minCommitTs, true));
    next(reader);
    assertThat(scan(reader, KeySpace.tableSpan(table(1)), false)).isEmpty();
    Txn later = begin(Isolation.REPEATABLE_READ);
    assertThat(scan(later, KeySpace.tableSpan(table(1)), false)).containsExactly("a=1");
    later.rollback();
    reader.rollback();
  }

  @Test
  void rule4ValidationKeepsLaterWritesAboveItsTimestamp() {
    // Its own timestamps are below what is validated.
    RawRequests old = raw();
    long oldTs = old.timestamp();
    RawRequests txn = raw();
    long readTs = txn.timestamp();
    long commitTs = txn.timestamp();
    txn.result(
        A,
        new KvRequest.Validate(
            List.of(new ValidatedRead(KeySpan.ofKey(A), readTs)), List.of(), commitTs));
    KvResult later = old.result(A, old.commit(List.of(RawRequests.put(A, "1", 1)), oldTs));
    assertThat(((KvResult.Committed) later).commitTs()).isGreaterThan(commitTs);
    assertThat(
            txn.error(
                A,
                new KvRequest.Validate(
                    List.of(new ValidatedRead(KeySpan.ofKey(A), readTs)),
                    List.of(),
                    txn.timestamp())))
        .isInstanceOf(KvError.ReadChanged.class);
  }

  @Test
  void rule4ValidationPushesPreparedWritesOfOthers() {
    RawRequests writer = raw();
    long minCommitTs = writer.prepared(A, RawRequests.put(A, "1", 1));
    RawRequests txn = raw();
    long readTs = txn.id().high();
    long commitTs = txn.timestamp();
    txn.result(
        A,
        new KvRequest.Validate(
            List.of(new ValidatedRead(KeySpan.ofKey(A), readTs)), List.of(), commitTs));
    assertThat(writer.error(A, writer.commitRecord(A, minCommitTs, false)))
        .isInstanceOf(KvError.CommitTsTooLow.class);
  }

  // ---- 5: latches ----

  @Test
  void rule5ReadWaitsForTheWriteUnderWay() {
    long shard = cluster.locate(A).shardId();
    RawRequests writer = raw();
    long sentTs = writer.timestamp();
    // Somebody has the lease: it could not be taken while the log is held.
    assertThat(read(A)).isNull();
    cluster.log(shard).hold();
    CompletableFuture<KvResult> commit =
        async(() -> writer.result(A, writer.commit(List.of(RawRequests.put(A, "1", 1)), sentTs)));
    while (cluster.log(shard).heldCount() == 0) {
      Thread.onSpinWait();
    }
    RawRequests reader = raw();
    long readTs = reader.timestamp();
    CompletableFuture<String> read =
        async(() -> value(reader.result(A, new KvRequest.Get(List.of(A), readTs))));
    // Elsewhere on the shard nobody waits.
    assertThat(value(reader.result(A, new KvRequest.Get(List.of(key(1, "z")), readTs))))
        .isEqualTo("null");
    assertThat(read).isNotDone();
    cluster.log(shard).letGo();
    long commitTs = ((KvResult.Committed) join(commit)).commitTs();
    assertThat(join(read)).isEqualTo(commitTs <= readTs ? "1" : "null");
    assertThat(value(reader.result(A, new KvRequest.Get(List.of(A), readTs))))
        .as("the same read again sees the same")
        .isEqualTo(join(read));
  }

  // ---- 10: records ----

  @Test
  void rule10DelayedPrepareIsRefusedAfterTheAbort() {
    RawRequests txn = raw();
    txn.result(A, new KvRequest.Abort(A, List.of()));
    assertThat(txn.error(A, txn.prepare(A, RawRequests.put(A, "1", 1))))
        .isInstanceOf(KvError.TxnAborted.class);
    assertThat(txn.error(A, txn.commitRecord(A, txn.timestamp(), true)))
        .isInstanceOf(KvError.TxnAborted.class);
  }

  @Test
  void rule10CommitNeedsAPendingRecord() {
    RawRequests txn = raw();
    txn.prepared(A, RawRequests.put(B, "1", 1));
    assertThat(txn.error(A, txn.commitRecord(A, txn.timestamp(), true)))
        .isInstanceOf(KvError.TxnAborted.class);
  }

  @Test
  void rule10AbortOfACommittedTransactionTellsItsOutcome() {
    RawRequests txn = raw();
    long minCommitTs = txn.prepared(A, RawRequests.put(A, "1", 1));
    long commitTs =
        ((KvResult.Committed) txn.result(A, txn.commitRecord(A, minCommitTs, true))).commitTs();
    assertThat(txn.result(A, new KvRequest.Abort(A, List.of())))
        .isEqualTo(new KvResult.TxnOutcome(KvResult.TxnOutcome.State.COMMITTED, commitTs));
    assertThat(((KvResult.Committed) txn.result(A, txn.commitRecord(A, 0, true))).commitTs())
        .as("the commit sent again")
        .isEqualTo(commitTs);
  }

  @Test
  void rule10PreparedTransactionOfADeadCoordinatorIsAborted() {
    RawRequests dead = raw();
    dead.prepared(A, RawRequests.put(A, "1", 1));
    dead.prepared(A, RawRequests.put(B, "1", 1));
    assertThat(write(B, "2")).isPositive();
    assertThat(dead.error(A, dead.commitRecord(A, dead.timestamp(), true)))
        .isInstanceOf(KvError.TxnAborted.class);
    assertThat(read(B)).isEqualTo("2");
    assertThat(read(A)).isNull();
  }

  @Test
  void rule10CommittedTransactionOfADeadCoordinatorIsFinished() {
    RawRequests dead = raw();
    long first = dead.prepared(A, RawRequests.put(A, "1", 1));
    long second = dead.prepared(A, RawRequests.put(B, "1", 1));
    dead.result(A, dead.commitRecord(A, Math.max(first, second), true));
    assertThat(read(B)).isEqualTo("1");
    Txn other = begin(Isolation.READ_COMMITTED);
    assertThat(text(other.lock(List.of(B), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value()))
        .isEqualTo("1");
    other.rollback();
  }

  @Test
  void rule10LateCopyOfAPrepareChangesNothing() {
    RawRequests txn = raw();
    long first = txn.prepared(A, RawRequests.put(A, "1", 1));
    long second = txn.prepared(A, RawRequests.put(B, "1", 1));
    KvResult committed = txn.result(A, txn.commitRecord(A, Math.max(first, second), true));
    long commitTs = ((KvResult.Committed) committed).commitTs();
    txn.result(B, new KvRequest.Resolve(txn.id(), commitTs, KeySpan.ofKey(B), List.of(B)));
    assertThat(txn.error(A, txn.prepare(A, RawRequests.put(A, "1", 1))))
        .isInstanceOf(KvError.TxnAborted.class);
    // On another shard a copy lands, and is taken away like the leftover that it is.
    txn.prepared(A, RawRequests.put(B, "1", 1));
    txn.result(B, new KvRequest.Resolve(txn.id(), commitTs, KeySpan.ofKey(B), List.of(B)));
    assertThat(read(B)).isEqualTo("1");
    assertThat(write(B, "2")).isGreaterThan(commitTs);
  }

  @Test
  void rule10CommitByWritingIsRefusedAfterAnAbort() {
    RawRequests txn = raw();
    long least = txn.prepared(A, RawRequests.put(B, "1", 1));
    txn.result(A, new KvRequest.Abort(A, List.of(KeySpan.ofKey(B))));
    assertThat(txn.error(A, txn.commit(RawRequests.put(A, "1", 1), KeySpan.ofKey(B), least)))
        .isInstanceOf(KvError.TxnAborted.class);
    assertThat(read(A)).isNull();
    assertThat(read(B)).isNull();
  }

  @Test
  void rule10CommitByWritingIsTheFateOfWhatWasPreparedElsewhere() {
    RawRequests txn = raw();
    long least = txn.prepared(A, RawRequests.put(B, "1", 1));
    txn.result(A, txn.commit(RawRequests.put(A, "1", 1), KeySpan.ofKey(B), least));
    assertThat(read(A)).isEqualTo("1");
    assertThat(read(B)).isEqualTo("1");
  }

  @Test
  void rule4CommitByWritingGoesAboveWhatReadersElsewhereWereTold() {
    RawRequests txn = raw();
    long least = txn.prepared(A, RawRequests.put(B, "1", 1));
    long readTs = raw().timestamp();
    KvResult told = txn.result(A, new KvRequest.Push(txn.id(), A, readTs, false));
    assertThat(told).isEqualTo(new KvResult.TxnOutcome(KvResult.TxnOutcome.State.PENDING, 0));
    KvResult committed =
        txn.result(A, txn.commit(RawRequests.put(A, "1", 1), KeySpan.ofKey(B), least));
    assertThat(((KvResult.Committed) committed).commitTs()).isGreaterThan(readTs);
  }

  // ---- 11: outcomes of commits by writing ----

  @Test
  void rule11CommitSentAgainAfterItsRecordWasForgottenIsNotAppliedAgain() {
    RawRequests txn = raw();
    long least = txn.prepared(A, RawRequests.put(B, "1", 1));
    KvRequest.CommitWrites commit = txn.commit(RawRequests.put(A, "1", 1), KeySpan.ofKey(B), least);
    KvResult first = txn.result(A, commit);
    long commitTs = ((KvResult.Committed) first).commitTs();
    txn.result(B, new KvRequest.Resolve(txn.id(), commitTs, KeySpan.ofKey(B), List.of(B)));
    txn.result(A, new KvRequest.ForgetRecords(List.of(new RecordName(txn.id(), A))));
    write(A, "2");
    assertThat(txn.result(A, commit)).isEqualTo(first);
    assertThat(read(A)).isEqualTo("2");
  }

  @Test
  void rule11CommitSentAgainIsNotAppliedAgain() {
    RawRequests txn = raw();
    KvRequest.CommitWrites commit =
        txn.commit(List.of(RawRequests.put(A, "1", 1)), txn.timestamp());
    KvResult first = txn.result(A, commit);
    write(A, "2");
    assertThat(txn.result(A, commit)).isEqualTo(first);
    assertThat(read(A)).isEqualTo("2");
  }

  /** Whoever asks for it later must not find it gone: outcomes go by their age. */
  @Test
  void rule11AnOutcomeIsNoOlderThanTheCommitThatWasSent() {
    RawRequests txn = raw();
    long sentTs = raw().timestamp();
    KvRequest.CommitWrites commit = txn.commit(List.of(RawRequests.put(A, "1", 1)), sentTs);
    long commitTs = ((KvResult.Committed) txn.result(A, commit)).commitTs();
    assertThat(commitTs).isGreaterThanOrEqualTo(sentTs);
  }

  @Test
  void rule11SecondSendOfAnInsertDoesNotFindItsOwnRow() {
    RawRequests txn = raw();
    Mutation insert =
        new Mutation(Mutation.Kind.INSERT, TableVersion.NONE, A, bytes("1"), Mutation.BLIND, 1);
    KvRequest.CommitWrites commit = txn.commit(List.of(insert), txn.timestamp());
    KvResult first = txn.result(A, commit);
    assertThat(txn.result(A, commit)).isEqualTo(first);
  }

  // ---- 12: history ----

  @Test
  void rule12OldSnapshotsSeeOverwrittenAndDeletedRows() {
    write(A, "1");
    long before = raw().timestamp();
    write(A, "2");
    Txn deleter = begin(Isolation.READ_COMMITTED);
    deleter.delete(TABLE, A);
    deleter.commit();
    assertThat(read(A)).isNull();
    Txn old = cluster.transactions().beginAsOf(before);
    next(old);
    assertThat(text(old.get(A))).isEqualTo("1");
    assertThat(scan(old, KeySpace.tableSpan(table(1)), false)).containsExactly("a=1");
    old.rollback();
  }

  // ---- 13: schema ----

  @Test
  void rule13WritePlannedOnAnOlderVersionIsRefusedAfterTheSchemaChange() {
    int table = table(1);
    Txn change = begin(Isolation.READ_COMMITTED);
    change.put(TableVersion.NONE, KeySpace.tablePrefix(5), bytes("v2"));
    change.raiseSchemaFloor(table, 2, KeySpace.tableSpan(table));
    change.put(new TableVersion(table, 2), A, bytes("own"));
    change.commit();
    Txn late = begin(Isolation.READ_COMMITTED);
    late.put(new TableVersion(table, 1), A, bytes("late"));
    assertThat(errorOf(late::commit))
        .isInstanceOfSatisfying(
            KvError.SchemaChanged.class, error -> assertThat(error.floor()).isEqualTo(2));
    Txn current = begin(Isolation.READ_COMMITTED);
    current.put(new TableVersion(table, 2), A, bytes("current"));
    current.commit();
    assertThat(read(A)).isEqualTo("current");
  }

  @Test
  void rule13SchemaChangeCommitsAboveTheWritesThatItsFloorLetBe() {
    int table = table(1);
    Txn change = begin(Isolation.SERIALIZABLE);
    assertThat(change.get(B)).isNull();
    Txn before = begin(Isolation.READ_COMMITTED);
    before.put(new TableVersion(table, 1), A, bytes("before"));
    before.commit();
    // The rows are copied elsewhere, but that one is above the snapshot.
    change.put(TableVersion.NONE, KeySpace.tablePrefix(5), bytes("v2"));
    change.raiseSchemaFloor(table, 2, KeySpace.tableSpan(table));
    assertThat(scan(change, KeySpace.tableSpan(table), false)).isEmpty();
    assertThat(errorOf(change::commit)).isInstanceOf(KvError.ReadChanged.class);
    // One that reads nothing, as one that empties the table, is not before what it takes away.
    Txn emptying = begin(Isolation.READ_COMMITTED);
    assertThat(emptying.get(B)).isNull();
    Txn again = begin(Isolation.READ_COMMITTED);
    again.put(new TableVersion(table, 1), A, bytes("again"));
    long againTs = again.commit();
    emptying.put(TableVersion.NONE, KeySpace.tablePrefix(5), bytes("v2"));
    emptying.raiseSchemaFloor(table, 2, KeySpace.tableSpan(table));
    assertThat(emptying.commit()).isGreaterThan(againTs);
  }

  @Test
  void rule13FloorOfAFailedSchemaChangeGoesBack() {
    int table = table(1);
    Txn change = begin(Isolation.READ_COMMITTED);
    change.put(TableVersion.NONE, KeySpace.tablePrefix(5), bytes("v2"));
    change.raiseSchemaFloor(table, 2, KeySpace.tableSpan(table));
    CompletableFuture<Long> waiting =
        async(() -> {
          Txn txn = begin(Isolation.READ_COMMITTED);
          txn.put(new TableVersion(table, 1), A, bytes("waited"));
          return txn.commit();
        });
    change.rollback();
    assertThat(join(waiting)).isPositive();
    assertThat(read(A)).isEqualTo("waited");
  }

  @Test
  void rule13SchemaChangeDoesNotWaitForWhoQueuesBehindAnOlderWrite() {
    int table = table(1);
    RawRequests older = raw();
    long commitTs = older.prepared(A, RawRequests.put(A, "older", 1));
    Running late =
        start(() -> {
          Txn queued = begin(Isolation.READ_COMMITTED);
          queued.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
          queued.put(new TableVersion(table, 1), A, bytes("late"));
          return queued.commit();
        });
    late.awaitIn("RowLocks", "waitFor");
    Running change = start(() -> change(table));
    change.awaitIn("SchemaFloors", "awaitProvisional");
    var _ = older.result(A, older.commitRecord(A, commitTs, true));
    assertThat(join(change.end())).isPositive();
    assertThat(errorOf(() -> join(late.end()))).isInstanceOf(KvError.SchemaChanged.class);
    assertThat(read(A)).isEqualTo("older");
  }

  @Test
  void rule13WaitingForASchemaChangeMayBePartOfADeadlock() {
    int table = table(1);
    byte[] row = key(2, "row");
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(List.of(row), LockStrength.UPDATE, LockWait.BLOCK);
    // Has written the table, and needs the row to go on.
    Running writer =
        start(() -> {
          Txn txn = begin(Isolation.READ_COMMITTED);
          txn.put(new TableVersion(table, 1), A, bytes("writer"));
          txn.put(new TableVersion(table(2), 1), row, bytes("writer"));
          return txn.commit();
        });
    awaitWritten(A);
    // Needs the writer's end.
    Running change = start(() -> change(table));
    change.awaitIn("SchemaFloors", "awaitProvisional");
    // Needs the end of the schema change.
    Running held =
        start(() -> {
          holder.put(new TableVersion(table, 1), key(1, "other"), bytes("holder"));
          return holder.commit();
        });
    List<KvError> errors = new ArrayList<>();
    for (Running running : List.of(writer, change, held)) {
      try {
        join(running.end());
      } catch (KvException e) {
        errors.add(e.error());
      }
    }
    assertThat(errors).hasAtLeastOneElementOfType(KvError.Deadlock.class);
    assertThat(errors)
        .allMatch(e -> e instanceof KvError.Deadlock || e instanceof KvError.SchemaChanged);
  }

  /** Waits until somebody has written a row provisionally, or locked it. */
  private void awaitWritten(byte[] key) {
    boolean free;
    do {
      Txn probe = begin(Isolation.READ_COMMITTED);
      free =
          !probe.lock(List.of(key), LockStrength.UPDATE, LockWait.SKIP_LOCKED).getFirst().skipped();
      probe.rollback();
      LockSupport.parkNanos(Running.POLL_NANOS);
    } while (free);
  }

  private long change(int table) {
    Txn txn = begin(Isolation.READ_COMMITTED);
    try {
      txn.put(TableVersion.NONE, KeySpace.tablePrefix(5), bytes("v2"));
      txn.raiseSchemaFloor(table, 2, KeySpace.tableSpan(table));
      return txn.commit();
    } catch (KvException e) {
      txn.rollback();
      throw e;
    }
  }

  /** Something that runs on a thread of its own, which serves its requests too. */
  private record Running(Thread thread, CompletableFuture<Long> end) {
    private static final long POLL_NANOS = 1_000_000;

    /** Waits until it has come to a place from which others must let it go on. */
    void awaitIn(String type, String method) {
      while (Arrays.stream(thread.getStackTrace())
          .noneMatch(frame ->
              frame.getClassName().endsWith("." + type) && frame.getMethodName().equals(method))) {
        assertThat(end).as("it was to wait in " + method).isNotDone();
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private static Running start(Supplier<Long> action) {
    CompletableFuture<Long> end = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                end.complete(action.get());
              } catch (RuntimeException | Error e) {
                end.completeExceptionally(e);
              }
            });
    return new Running(thread, end);
  }

  @Test
  void rule13CatalogVersionGrowsWithEveryChangeOfTheCatalog() {
    Txn before = begin(Isolation.READ_COMMITTED);
    before.rollback();
    Txn change = begin(Isolation.READ_COMMITTED);
    change.put(TableVersion.NONE, KeySpace.tablePrefix(5), bytes("one shard"));
    change.commit();
    Txn between = begin(Isolation.READ_COMMITTED);
    between.rollback();
    assertThat(between.catalogVersion()).isGreaterThan(before.catalogVersion());
    Txn both = begin(Isolation.READ_COMMITTED);
    both.put(TABLE, A, bytes("data"));
    both.put(TableVersion.NONE, KeySpace.tablePrefix(5), bytes("two shards"));
    both.commit();
    Txn after = begin(Isolation.READ_COMMITTED);
    after.rollback();
    assertThat(after.catalogVersion()).isGreaterThan(between.catalogVersion());
  }

  // ---- 14: batches ----

  @Test
  void rule14LastPrepareFailsIfABatchIsMissing() {
    RawRequests txn = raw();
    KeySpan span = KeySpace.tableSpan(table(1));
    txn.result(A, txn.prepare(A, List.of(RawRequests.put(A, "1", 1)), 1, null));
    assertThat(
            txn.error(
                A,
                txn.prepare(
                    A,
                    List.of(RawRequests.put(key(1, "c"), "3", 3)),
                    3,
                    new KvRequest.Seal(List.of(1, 2), List.of(), span))))
        .isInstanceOf(KvError.TxnAborted.class);
    txn.result(A, txn.prepare(A, List.of(RawRequests.put(key(1, "b"), "2", 2)), 2, null));
    txn.result(
        A,
        txn.prepare(
            A,
            List.of(RawRequests.put(key(1, "c"), "3", 3)),
            3,
            new KvRequest.Seal(List.of(1, 2), List.of(), span)));
  }

  @Test
  void rule14LateBatchOfAnUndoneStatementIsRefused() {
    RawRequests txn = raw();
    KeySpan span = KeySpace.tableSpan(table(1));
    KvRequest.Prepare batch = txn.prepare(A, List.of(RawRequests.put(A, "undone", 2)), 1, null);
    txn.result(A, batch);
    txn.result(A, new KvRequest.Undo(span, 2, 2));
    assertThat(txn.error(A, batch)).isInstanceOf(KvError.TxnAborted.class);
    txn.result(
        A,
        txn.prepare(
            A,
            List.of(RawRequests.put(key(1, "c"), "3", 3)),
            2,
            new KvRequest.Seal(List.of(), List.of(new KvRequest.Range(2, 2)), span)));
    txn.result(A, txn.commitRecord(A, txn.timestamp(), true));
    assertThat(read(A)).isNull();
  }

  @Test
  void rule14BatchAfterTheLastOneIsRefused() {
    RawRequests txn = raw();
    txn.prepared(A, RawRequests.put(A, "1", 1));
    assertThat(txn.error(A, txn.prepare(A, List.of(RawRequests.put(key(1, "b"), "2", 1)), 2, null)))
        .isInstanceOf(KvError.TxnAborted.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aScanDoesNotRemoveWhatARollbackLeftFewByFew(boolean reverse) {
    RawRequests txn = raw();
    write(key(1, "a"), "below all");
    write(key(1, "z"), "above all");
    List<Mutation> writes = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      writes.add(RawRequests.put(key(1, "b%05d".formatted(i)), "never", 1));
    }
    KeySpan span = KeySpace.tableSpan(table(1));
    byte[] primary = key(1, "b00000");
    txn.result(
        primary, txn.prepare(primary, writes, 1, new KvRequest.Seal(List.of(), List.of(), span)));
    txn.result(primary, new KvRequest.Abort(primary, List.of(span)));
    long before = appliedIndex(primary);
    List<String> rows = scan(begin(Isolation.READ_COMMITTED), span, reverse);
    assertThat(rows).containsExactlyInAnyOrder("a=below all", "z=above all");
    assertThat(appliedIndex(primary) - before).isLessThan(20);
  }

  private long appliedIndex(byte[] key) {
    return Objects.requireNonNull(cluster.node(1).replicas().get(cluster.locate(key).shardId()))
        .applied()
        .index();
  }

  @Test
  void duplicateInsertAcrossBatchesIsFound() {
    RawRequests txn = raw();
    Mutation insert =
        new Mutation(Mutation.Kind.INSERT, TableVersion.NONE, A, bytes("1"), Mutation.BLIND, 1);
    KvRequest.Prepare first = txn.prepare(A, List.of(insert), 1, null);
    txn.result(A, first);
    txn.result(A, first);
    assertThat(txn.error(A, txn.prepare(A, List.of(insert), 2, null)))
        .isInstanceOf(KvError.KeyExists.class);
    assertThat(Bytes.compare(A, B)).isNotZero();
  }
}
