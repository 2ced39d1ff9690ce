package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.group.LocalLog;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvResult.TxnOutcome;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.ValidatedRead;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Commits in one round, message by message: what their rules stop. */
final class ParallelCommitTest extends ClusterTest {
  private static final byte[] A = key(1, "a");
  private static final byte[] B = key(2, "b");

  @Override
  LocalCluster startCluster() {
    return startCluster(Duration.ofMillis(700));
  }

  private LocalCluster startCluster(Duration txnExpiry) {
    return LocalCluster.start(
        1,
        4,
        clock,
        Randomness.seeded(1),
        Thread::startVirtualThread,
        new ReplicaSettings(
            Duration.ofSeconds(60), txnExpiry, Duration.ofHours(4), Duration.ofSeconds(60)));
  }

  private RawRequests raw() {
    return new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
  }

  /** What home is sent, with the primary key A and B elsewhere. */
  private static KvRequest.Stage home(RawRequests txn, long ceilingTs) {
    return stage(txn, A, ceilingTs, List.of(A, B));
  }

  private static KvRequest.Stage elsewhere(RawRequests txn, long ceilingTs) {
    return stage(txn, B, ceilingTs, List.of());
  }

  private static KvRequest.Stage stage(
      RawRequests txn, byte[] key, long ceilingTs, List<byte[]> names) {
    Mutation write = RawRequests.put(key, "staged", 1);
    return new KvRequest.Stage(
        A,
        List.of(write),
        Long.MAX_VALUE,
        txn.id().high() + 1,
        ceilingTs,
        1,
        txn.id().high(),
        names,
        0);
  }

  private static long minTs(KvResult result) {
    return ((KvResult.Prepared) result).minCommitTs();
  }

  private static TxnOutcome push(RawRequests asker, RawRequests txn, long pushTs) {
    return push(asker, txn.id(), pushTs);
  }

  private static TxnOutcome push(RawRequests asker, TxnId id, long pushTs) {
    return (TxnOutcome) asker.result(A, new KvRequest.Push(id, A, pushTs, true));
  }

  /** Asks until the transaction is decided: its coordinator is silent. */
  private TxnOutcome recovered(RawRequests txn) {
    return recovered(txn.id());
  }

  private TxnOutcome recovered(TxnId id) {
    RawRequests asker = raw();
    long end = clock.monotonicNanos() + PATIENCE.toNanos();
    TxnOutcome outcome;
    do {
      outcome = push(asker, id, asker.timestamp());
      assertThat(clock.monotonicNanos()).as("the end of patience").isLessThan(end);
    } while (outcome.state() == TxnOutcome.State.STAGED
        || outcome.state() == TxnOutcome.State.PENDING);
    return outcome;
  }

  @Test
  void whatIsInPlaceIsFoundCommitted() {
    RawRequests txn = raw();
    long first = minTs(txn.result(A, home(txn, Long.MAX_VALUE)));
    RawRequests reader = raw();
    // Raises what B may commit at.
    reader.result(B, new KvRequest.Get(List.of(key(2, "other")), reader.id().high()));
    long second = minTs(txn.result(B, elsewhere(txn, Long.MAX_VALUE)));
    assertThat(second).isGreaterThan(first);
    assertThat(read(B)).isEqualTo("staged");
    assertThat(read(A)).isEqualTo("staged");
    assertThat(recovered(txn)).isEqualTo(new TxnOutcome(TxnOutcome.State.COMMITTED, second));
    // The coordinator comes to the same.
    KvResult.Committed late =
        (KvResult.Committed) txn.result(A, new KvRequest.FinishStaged(A, second, List.of(A)));
    assertThat(late.commitTs()).isEqualTo(second);
  }

  @Test
  void whatIsMissingIsFencedAndAllIsAborted() {
    RawRequests txn = raw();
    txn.result(A, home(txn, Long.MAX_VALUE));
    assertThat(recovered(txn).state()).isEqualTo(TxnOutcome.State.ABORTED);
    assertThat(txn.error(B, elsewhere(txn, Long.MAX_VALUE))).isInstanceOf(KvError.TxnAborted.class);
    assertThat(txn.error(A, home(txn, Long.MAX_VALUE))).isInstanceOf(KvError.TxnAborted.class);
    assertThat(txn.error(A, new KvRequest.FinishStaged(A, txn.timestamp(), List.of(A))))
        .isInstanceOf(KvError.TxnAborted.class);
    assertThat(read(A)).isNull();
    assertThat(read(B)).isNull();
  }

  @Test
  void stagedTransactionsAreNotPushed() {
    // Nobody falls silent, however slow the machine is.
    cluster.close();
    cluster = startCluster(PATIENCE);
    RawRequests txn = raw();
    RawRequests asker = raw();
    long before = asker.timestamp();
    // A push before it was staged moves it above.
    assertThat(push(asker, txn, before).state()).isEqualTo(TxnOutcome.State.PENDING);
    long least = minTs(txn.result(A, home(txn, Long.MAX_VALUE)));
    assertThat(least).isGreaterThan(before);
    txn.result(B, elsewhere(txn, Long.MAX_VALUE));
    assertThat(push(asker, txn, before).state()).isEqualTo(TxnOutcome.State.PENDING);
    long later = asker.timestamp();
    assertThat(later).isGreaterThanOrEqualTo(least);
    assertThat(push(asker, txn, later).state()).isEqualTo(TxnOutcome.State.STAGED);
    txn.result(A, new KvRequest.FinishStaged(A, least, List.of(A)));
    assertThat(push(asker, txn, later).state()).isEqualTo(TxnOutcome.State.COMMITTED);
  }

  @Test
  void noShardGoesAboveTheCeiling() {
    RawRequests txn = raw();
    long ceilingTs = txn.timestamp();
    RawRequests reader = raw();
    reader.result(B, new KvRequest.Get(List.of(key(2, "other")), reader.id().high()));
    assertThat(txn.error(B, elsewhere(txn, ceilingTs))).isInstanceOf(KvError.CommitTsTooLow.class);
    assertThat(read(B)).isNull();
  }

  @Test
  void theOwnProofOfReadsIsNotInTheWayButOthersAre() {
    // The shards' leases begin with a timestamp of their own.
    assertThat(read(A)).isNull();
    assertThat(read(B)).isNull();
    RawRequests txn = raw();
    long ceilingTs = txn.timestamp();
    KvRequest proof =
        new KvRequest.Validate(
            List.of(new ValidatedRead(KeySpan.ofKey(key(2, "other")), txn.id().high())),
            List.of(),
            ceilingTs);
    txn.result(B, proof);
    assertThat(minTs(txn.result(B, elsewhere(txn, ceilingTs)))).isEqualTo(ceilingTs);

    RawRequests second = raw();
    long secondTs = second.timestamp();
    second.result(
        A,
        new KvRequest.Validate(
            List.of(new ValidatedRead(KeySpan.ofKey(key(1, "other")), second.id().high())),
            List.of(),
            secondTs));
    raw().result(A, new KvRequest.Get(List.of(key(1, "other")), secondTs));
    assertThat(second.error(A, home(second, secondTs))).isInstanceOf(KvError.CommitTsTooLow.class);
  }

  @Test
  void lateCopiesFindTheOutcome() {
    RawRequests txn = raw();
    long first = minTs(txn.result(A, home(txn, Long.MAX_VALUE)));
    long second = minTs(txn.result(B, elsewhere(txn, Long.MAX_VALUE)));
    long commitTs = Math.max(first, second);
    // Another copy stages nothing anew.
    assertThat(minTs(txn.result(A, home(txn, Long.MAX_VALUE)))).isEqualTo(first);
    assertThat(minTs(txn.result(B, elsewhere(txn, Long.MAX_VALUE)))).isEqualTo(second);
    txn.result(A, new KvRequest.FinishStaged(A, commitTs, List.of(A)));
    txn.result(B, new KvRequest.Resolve(txn.id(), commitTs, KeySpan.ofKey(B), List.of(B)));
    txn.result(A, new KvRequest.ForgetRecords(List.of(new RecordName(txn.id(), A))));
    write(A, "newer");
    assertThat(txn.result(A, home(txn, Long.MAX_VALUE)))
        .isEqualTo(new KvResult.Committed(commitTs));
    assertThat(read(A)).isEqualTo("newer");
  }

  /** Outcomes are forgotten by their age, and late copies ask for them. */
  @Test
  void anOutcomeIsNoOlderThanTheCommitThatWasSent() {
    RawRequests txn = raw();
    long sentTs = raw().timestamp();
    KvRequest.Stage request = home(txn, Long.MAX_VALUE);
    long least =
        minTs(
            txn.result(
                A,
                new KvRequest.Stage(
                    A,
                    request.writes(),
                    Long.MAX_VALUE,
                    txn.id().high() + 1,
                    Long.MAX_VALUE,
                    1,
                    sentTs,
                    request.names(),
                    0)));
    assertThat(least).isGreaterThanOrEqualTo(sentTs);
  }

  /** The home shard may have been a smaller one when the record was decided. */
  @Test
  void theEndResolvesWhatOthersLeft() {
    RawRequests txn = raw();
    long first = minTs(txn.result(A, home(txn, Long.MAX_VALUE)));
    long second = minTs(txn.result(B, elsewhere(txn, Long.MAX_VALUE)));
    long commitTs = Math.max(first, second);
    txn.result(A, new KvRequest.FinishStaged(A, commitTs, List.of()));
    assertThat(MvccStore.provisional(cluster.node(1).engine(), A)).isNotNull();
    txn.result(A, new KvRequest.FinishStaged(A, commitTs, List.of(A)));
    assertThat(MvccStore.provisional(cluster.node(1).engine(), A)).isNull();
    assertThat(read(A)).isEqualTo("staged");
  }

  @Test
  void aRecordThatIsUnstagedDecidesAlone() {
    RawRequests txn = raw();
    txn.result(A, home(txn, Long.MAX_VALUE));
    KvRequest.Prepare unstage =
        new KvRequest.Prepare(A, List.of(), Long.MAX_VALUE, txn.id().high() + 1, 2, null, 0);
    txn.result(A, unstage);
    txn.result(B, elsewhere(txn, Long.MAX_VALUE));
    assertThat(txn.error(A, home(txn, Long.MAX_VALUE))).isInstanceOf(KvError.TxnAborted.class);
    // All is in place, but that does not count any more.
    assertThat(recovered(txn).state()).isEqualTo(TxnOutcome.State.ABORTED);
    assertThat(read(B)).isNull();
  }

  /** A coordinator that is not heard of between its requests. */
  private TxnCoordinator coordinator(KvSender sender, Clock itsClock) {
    return new TxnCoordinator(
        1,
        cluster,
        sender,
        cluster.node(1).timestamps(),
        itsClock,
        Randomness.seeded(7),
        Thread::startVirtualThread);
  }

  private Txn beginBy(KvSender sender, Clock itsClock) {
    Txn txn = begin(coordinator(sender, itsClock), Isolation.READ_COMMITTED);
    txn.put(TABLE, B, bytes("b"));
    next(txn);
    // Home is where the last statement has written.
    txn.put(TABLE, A, bytes("a"));
    return txn;
  }

  /** Others have found it committed meanwhile. */
  @Test
  void aFailureAfterAllIsInPlaceUndoesNothing() {
    CompletableFuture<Boolean> atHome = new CompletableFuture<>();
    KvSender sender =
        (shard, batch) -> {
          KvResponse response = cluster.node(1).send(shard, batch);
          if (batch.requests().getFirst() instanceof KvRequest.Stage stage) {
            if (!stage.names().isEmpty()) {
              atHome.complete(true);
              return response;
            }
            join(atHome);
            TxnOutcome outcome = recovered(Objects.requireNonNull(batch.txn()).id());
            assertThat(outcome.state()).isEqualTo(TxnOutcome.State.COMMITTED);
            throw new IllegalStateException("made up");
          }
          return response;
        };
    Txn txn = beginBy(sender, clock);
    assertThat(txn.commit()).isPositive();
    assertThat(read(A)).isEqualTo("a");
    assertThat(read(B)).isEqualTo("b");
  }

  /** As in PostgreSQL, where a reader waits for nobody. */
  @Test
  void nobodyWaitsToReadWhileAPartWaitsForARowLock() {
    // Nobody falls silent, however slow the machine is.
    cluster.close();
    cluster = startCluster(PATIENCE);
    CompletableFuture<Boolean> atHome = new CompletableFuture<>();
    KvSender sender =
        (shard, batch) -> {
          KvResponse response = cluster.node(1).send(shard, batch);
          if (batch.requests().getFirst() instanceof KvRequest.Stage stage
              && !stage.names().isEmpty()) {
            atHome.complete(true);
          }
          return response;
        };
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(List.of(B), LockStrength.UPDATE, LockWait.BLOCK);
    Txn txn = beginBy(sender, clock);
    CompletableFuture<Long> commit = async(txn::commit);
    join(atHome);
    assertThat(read(A)).isNull();
    assertThat(commit).isNotDone();
    holder.rollback();
    assertThat(join(commit)).isPositive();
    assertThat(read(A)).isEqualTo("a");
    assertThat(read(B)).isEqualTo("b");
  }

  /** One of two copies of a request may be the victim of a deadlock, and the other one go on. */
  @Test
  void aDeadlockOfOneCopyIsNotToldWhereAnotherCopyCommitted() {
    KvSender sender =
        (shard, batch) -> {
          KvResponse response = cluster.node(1).send(shard, batch);
          return batch.requests().getFirst() instanceof KvRequest.CommitWrites
              ? new KvResponse.Failed(new KvError.Deadlock(new TxnId(1, 1), new TxnId(2, 2), A))
              : response;
        };
    Txn txn = begin(coordinator(sender, clock), Isolation.READ_COMMITTED);
    txn.put(TABLE, A, bytes("a"));
    assertThat(txn.commit()).isPositive();
    assertThat(read(A)).isEqualTo("a");
  }

  /** Else nobody could write home before the other shard is back. */
  @Test
  void aCommitThatRunsOutOfTimeIsEnded() {
    AtomicLong aheadNanos = new AtomicLong();
    AtomicInteger aborts = new AtomicInteger();
    CompletableFuture<TxnId> id = new CompletableFuture<>();
    KvSender sender =
        (shard, batch) -> {
          KvResponse down = new KvResponse.Failed(new KvError.Unavailable(shard.shardId(), "down"));
          return switch (batch.requests().getFirst()) {
            case KvRequest.Stage stage when stage.names().isEmpty() -> {
              id.complete(Objects.requireNonNull(batch.txn()).id());
              aheadNanos.set(2 * TxnCommit.COMMIT_TIMEOUT.toNanos());
              yield down;
            }
            case KvRequest.Abort _ when aborts.getAndIncrement() == 0 -> down;
            default -> cluster.node(1).send(shard, batch);
          };
        };
    Txn txn = beginBy(sender, new AheadClock(clock, aheadNanos));
    assertThat(errorOf(txn::commit)).isInstanceOf(KvError.Unavailable.class);
    RawRequests asker = raw();
    assertThat(push(asker, join(id), asker.timestamp()).state())
        .isEqualTo(TxnOutcome.State.ABORTED);
    assertThat(read(A)).isNull();
  }

  /** A clock that goes ahead of another one. */
  private record AheadClock(Clock of, AtomicLong aheadNanos) implements Clock {
    @Override
    public long wallMillis() {
      return of.wallMillis();
    }

    @Override
    public long monotonicNanos() {
      return of.monotonicNanos() + aheadNanos.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      of.sleep(duration);
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
      of.parkNanos(blocker, nanos);
    }
  }

  /** A shard that does not answer is no failure of the one that asks, and nobody asks in haste. */
  @Test
  void recoveryWaitsForShardsThatDoNotAnswer() {
    RawRequests txn = raw();
    txn.result(A, home(txn, Long.MAX_VALUE));
    LocalLog log = cluster.log(cluster.locate(B).shardId());
    log.hold();
    try {
      CompletableFuture<Boolean> first = async(() -> lookInVain(txn));
      RawRequests asker = raw();
      long later = asker.timestamp();
      while (!first.isDone()) {
        long start = clock.monotonicNanos();
        assertThat(push(asker, txn, later).state()).isEqualTo(TxnOutcome.State.STAGED);
        assertThat(clock.monotonicNanos() - start)
            .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
      }
      assertThat(join(first)).isTrue();
    } finally {
      log.letGo();
    }
    assertThat(recovered(txn).state()).isEqualTo(TxnOutcome.State.ABORTED);
  }

  /** Asks until one answer has taken so long that a shard was asked in vain for it. */
  private boolean lookInVain(RawRequests txn) {
    RawRequests asker = raw();
    long later = asker.timestamp();
    long end = clock.monotonicNanos() + PATIENCE.toNanos();
    while (true) {
      long start = clock.monotonicNanos();
      assertThat(push(asker, txn, later).state()).isEqualTo(TxnOutcome.State.STAGED);
      long now = clock.monotonicNanos();
      if (now - start > Duration.ofSeconds(1).toNanos()) {
        return true;
      }
      if (now - end > 0) {
        return false;
      }
    }
  }

  @Test
  void transactionsCommitInOneRoundAndInTwo() {
    for (boolean parallel : new boolean[] {true, false}) {
      cluster.node(1).transactions().commitInParallel(parallel);
      for (Isolation isolation : Isolation.values()) {
        Txn txn = begin(isolation);
        String before = text(txn.get(A));
        txn.put(TABLE, B, bytes(parallel + " " + isolation + " after " + before));
        txn.put(TABLE, key(2, "other"), bytes("x"));
        txn.put(TABLE, A, bytes(parallel + " " + isolation));
        long commitTs = txn.commit();
        Txn reader = begin(isolation);
        assertThat(reader.readTimestamp()).isGreaterThanOrEqualTo(commitTs);
        assertThat(text(reader.get(A))).isEqualTo(parallel + " " + isolation);
        assertThat(text(reader.get(B))).isEqualTo(parallel + " " + isolation + " after " + before);
        reader.rollback();
      }
    }
  }
}
