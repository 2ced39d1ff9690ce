package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.group.LocalLog;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes of leader, lost answers and paused nodes, on three nodes. */
final class FailoverTest extends ClusterTest {
  private static final byte[] A = key(1, "a");
  private static final byte[] B = key(2, "b");
  private static final ReplicaSettings SETTINGS =
      new ReplicaSettings(
          Duration.ofMillis(400),
          Duration.ofSeconds(1),
          Duration.ofHours(4),
          Duration.ofSeconds(60));

  @Override
  LocalCluster startCluster() {
    return LocalCluster.start(
        3, 4, clock, Randomness.seeded(1), Thread::startVirtualThread, SETTINGS);
  }

  private LocalLog logOf(byte[] key) {
    return cluster.log(cluster.locate(key).shardId());
  }

  private boolean holdsLease(int node, byte[] key) {
    return cluster.node(node).replicas().holdsLease(cluster.locate(key).shardId());
  }

  private int otherThan(int node) {
    return node % 3 + 1;
  }

  @ParameterizedTest
  @EnumSource(
      value = LocalLog.Fault.class,
      names = {"ANSWER_LOST", "PROPOSAL_LOST"})
  void commitWithALostAnswerIsAppliedExactlyOnce(LocalLog.Fault fault) {
    write(A, "0");
    for (int i = 1; i <= 3; i++) {
      Txn txn = begin(Isolation.READ_COMMITTED);
      String before =
          text(txn.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value());
      assertThat(before).isEqualTo(String.valueOf(i - 1));
      txn.put(TABLE, A, bytes(String.valueOf(i)));
      logOf(A).failNext(fault);
      txn.commit();
    }
    assertThat(read(A)).isEqualTo("3");
  }

  @ParameterizedTest
  @EnumSource(
      value = LocalLog.Fault.class,
      names = {"ANSWER_LOST", "PROPOSAL_LOST"})
  void commitOverShardsWithLostAnswersIsAtomic(LocalLog.Fault fault) {
    for (int i = 1; i <= 3; i++) {
      Txn txn = begin(Isolation.READ_COMMITTED);
      txn.put(TABLE, A, bytes(String.valueOf(i)));
      txn.put(TABLE, B, bytes(String.valueOf(i)));
      logOf(i % 2 == 0 ? A : B).failNext(fault);
      txn.commit();
      Txn reader = begin(Isolation.REPEATABLE_READ);
      assertThat(text(reader.get(A))).isEqualTo(String.valueOf(i));
      assertThat(text(reader.get(B))).isEqualTo(String.valueOf(i));
      reader.rollback();
    }
  }

  @Test
  void rule6NewLeaderServesOnlyWhenTheOldLeaseHasRunOut() throws InterruptedException {
    write(A, "1");
    int old = logOf(A).leaderNode();
    assertThat(holdsLease(old, A)).isTrue();
    cluster.cutOff(old);
    int next = otherThan(old);
    for (ShardDescriptor led : cluster.shards()) {
      if (cluster.log(led.shardId()).leaderNode() == old) {
        cluster.log(led.shardId()).elect(next);
      }
    }
    while (!holdsLease(next, A)) {
      Thread.onSpinWait();
    }
    assertThat(holdsLease(old, A)).as("two hold the lease").isFalse();
    // The old one, asked directly, does not answer.
    ShardDescriptor shard = cluster.locate(A);
    KvResponse answer =
        cluster
            .node(old)
            .replicas()
            .serve(
                KvBatch.of(
                    shard,
                    null,
                    Deadline.after(clock, Duration.ofMillis(50)),
                    new KvRequest.Get(List.of(A), cluster.node(old).timestamps().newest())));
    assertThat(answer)
        .isInstanceOfSatisfying(
            KvResponse.Failed.class,
            failed -> assertThat(failed.error()).isInstanceOf(KvError.NotLeader.class));
    cluster.reconnect(old);
    assertThat(read(A)).isEqualTo("1");
  }

  @Test
  void rule6EveryTermTakesALeaseOfItsOwn() {
    write(A, "1");
    long shard = cluster.locate(A).shardId();
    int leader = logOf(A).leaderNode();
    long before =
        Objects.requireNonNull(cluster.node(leader).replicas().get(shard)).state().leaseNumber();
    logOf(A).elect(leader);
    write(A, "2");
    long after =
        Objects.requireNonNull(cluster.node(leader).replicas().get(shard)).state().leaseNumber();
    assertThat(after).isGreaterThan(before);
  }

  @Test
  void rule6CommitAfterAChangeOfLeaderIsAboveReadsOfTheOldOne() {
    write(A, "1");
    Txn reader = begin(Isolation.REPEATABLE_READ);
    assertThat(text(reader.get(A))).isEqualTo("1");
    logOf(A).elect(otherThan(logOf(A).leaderNode()));
    long commitTs = write(A, "2");
    assertThat(commitTs).isGreaterThan(reader.readTimestamp());
    next(reader);
    assertThat(text(reader.get(A))).isEqualTo("1");
    reader.rollback();
  }

  @Test
  void rule3LockIsNoProofAfterAChangeOfLeader() {
    write(A, "1");
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    holder.put(TABLE, B, bytes("guarded by the lock"));
    logOf(A).elect(otherThan(logOf(A).leaderNode()));
    Txn other = begin(Isolation.READ_COMMITTED);
    assertThat(errorOf(() -> other.lock(List.of(A), LockStrength.UPDATE, LockWait.NOWAIT)))
        .as("the holder goes first still")
        .isInstanceOf(KvError.LockNotAvailable.class);
    other.rollback();
    assertThat(errorOf(holder::commit)).isInstanceOf(KvError.LockLost.class);
    assertThat(read(B)).isNull();
  }

  @Test
  void rule3LockIsLostWithAGatewayThatDoesNotAnswer() {
    write(A, "1");
    int old = logOf(A).leaderNode();
    int next = otherThan(old);
    int gateway = otherThan(next);
    Txn holder = begin(cluster.node(gateway).transactions(), Isolation.READ_COMMITTED);
    holder.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    holder.put(TABLE, A, bytes("2"));
    cluster.cutOff(gateway);
    logOf(A).elect(next);
    Txn other = begin(cluster.node(next).transactions(), Isolation.READ_COMMITTED);
    other.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    other.put(TABLE, A, bytes("3"));
    other.commit();
    cluster.reconnect(gateway);
    assertThat(errorOf(holder::commit)).isInstanceOf(KvError.WriteConflict.class);
    assertThat(read(A)).isEqualTo("3");
  }

  /** Otherwise a waiter would change the row, and a transaction that did nothing wrong fail. */
  @Test
  void whoeverWaitsForARowStaysBehindItsHolderAtANewLeader() {
    write(A, "1");
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    CompletableFuture<Boolean> waiter =
        async(() -> {
          Txn txn = begin(cluster.node(2).transactions(), Isolation.READ_COMMITTED);
          String seen =
              text(txn.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value());
          txn.put(TABLE, A, bytes(seen + "3"));
          txn.commit();
          return true;
        });
    logOf(A).elect(otherThan(logOf(A).leaderNode()));
    // Locked once more, as by a second statement that changes the row.
    next(holder);
    holder.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    holder.put(TABLE, A, bytes("2"));
    holder.commit();
    assertThat(join(waiter)).isTrue();
    assertThat(read(A)).isEqualTo("23");
  }

  /** The same for rows of several shards: they are changed a while after the commit. */
  @Test
  void whoeverWaitsSeesWhatTheHolderCommittedOverShards() {
    for (int i = 0; i < 8; i++) {
      write(A, "0");
      Txn holder = begin(Isolation.READ_COMMITTED);
      holder.lock(List.of(B), LockStrength.UPDATE, LockWait.BLOCK);
      holder.put(TABLE, B, bytes("1"));
      holder.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
      holder.put(TABLE, A, bytes("1"));
      List<CompletableFuture<Boolean>> waiters =
          Stream.of(A, B)
              .map(key ->
                  async(() -> {
                    Txn txn = begin(cluster.node(2).transactions(), Isolation.READ_COMMITTED);
                    String seen =
                        text(
                            txn.lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK)
                                .getFirst()
                                .value());
                    txn.put(TABLE, key, bytes(seen + "2"));
                    txn.commit();
                    return true;
                  }))
              .toList();
      logOf(A).elect(otherThan(logOf(A).leaderNode()));
      logOf(B).elect(otherThan(logOf(B).leaderNode()));
      // Both new leaders have heard of the holder's locks.
      assertThat(read(A)).isEqualTo("0");
      var _ = read(B);
      holder.commit();
      waiters.forEach(waiter -> assertThat(join(waiter)).isTrue());
      assertThat(read(A)).isEqualTo("12");
      assertThat(read(B)).isEqualTo("12");
    }
  }

  /** The new leader heard of the lock before it was let go at the old one. */
  @Test
  void aLockThatWasReportedIsLetGoWithItsTransaction() {
    write(A, "1");
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    assertThat(cluster.node(1).transactions().locksIn(cluster.locate(A).span())).hasSize(1);
    holder.rollback();
    assertThat(cluster.node(1).transactions().locksIn(cluster.locate(A).span())).isEmpty();
    Txn other = begin(Isolation.READ_COMMITTED);
    other.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    other.commit();
  }

  @Test
  void writtenRowNeedsNoLockIfItIsUnchanged() {
    write(A, "1");
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    txn.put(TABLE, A, bytes("2"));
    logOf(A).elect(otherThan(logOf(A).leaderNode()));
    txn.commit();
    assertThat(read(A)).isEqualTo("2");
  }

  @Test
  void preparedTransactionSurvivesAChangeOfLeader() {
    RawRequests txn = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    long first = txn.prepared(A, RawRequests.put(A, "1", 1));
    long second = txn.prepared(A, RawRequests.put(B, "1", 1));
    logOf(A).elect(otherThan(logOf(A).leaderNode()));
    logOf(B).elect(otherThan(logOf(B).leaderNode()));
    // The provisional write is a lock still.
    Txn other = begin(Isolation.READ_COMMITTED);
    assertThat(
            other.lock(List.of(B), LockStrength.UPDATE, LockWait.SKIP_LOCKED).getFirst().skipped())
        .isTrue();
    other.rollback();
    long low = Math.max(first, second);
    assertThat(txn.error(A, txn.commitRecord(A, low, false)))
        .as("pushes of the old lease are lost: the commit must be above all of them")
        .isInstanceOf(KvError.CommitTsTooLow.class);
    KvResult result = txn.result(A, txn.commitRecord(A, low, true));
    assertThat(((KvResult.Committed) result).commitTs()).isGreaterThan(low);
    assertThat(read(B)).isEqualTo("1");
  }

  @Test
  void timestampsGrowAcrossChangesOfTheOraclesLeader() throws InterruptedException {
    long last = 0;
    for (int i = 0; i < 4; i++) {
      for (int node = 1; node <= 3; node++) {
        KvResult.OracleReply reply =
            cluster.node(node).timestamps().fetch(Deadline.after(clock, PATIENCE));
        assertThat(reply.timestamp()).isGreaterThan(last);
        last = reply.timestamp();
      }
      LocalLog meta = cluster.log(ShardDescriptor.META_SHARD_ID);
      meta.elect(otherThan(meta.leaderNode()));
    }
  }

  @Test
  void gatewaysOnDifferentNodesSeeEachOthersCommitsAtOnce() {
    for (int i = 0; i < 20; i++) {
      Txn writer = begin(cluster.node(1 + i % 3).transactions(), Isolation.SERIALIZABLE);
      writer.put(TABLE, A, bytes("v" + i));
      writer.put(TABLE, B, bytes("v" + i));
      writer.commit();
      Txn reader = begin(cluster.node(1 + (i + 1) % 3).transactions(), Isolation.SERIALIZABLE);
      assertThat(text(reader.get(B))).isEqualTo("v" + i);
      assertThat(text(reader.get(A))).isEqualTo("v" + i);
      reader.rollback();
    }
  }

  @Test
  void waiterForALockFindsTheNewLeader() {
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
    CompletableFuture<Boolean> waiter =
        async(() -> {
          Txn txn = begin(Isolation.READ_COMMITTED);
          txn.lock(List.of(A), LockStrength.UPDATE, LockWait.BLOCK);
          txn.commit();
          return true;
        });
    logOf(A).elect(otherThan(logOf(A).leaderNode()));
    holder.rollback();
    assertThat(join(waiter)).isTrue();
  }
}
