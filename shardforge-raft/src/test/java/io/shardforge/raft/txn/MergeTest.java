package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.local.LocalNode;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shards that are merged while transactions are under way on them. */
final class MergeTest extends ClusterTest {
  private static final ReplicaSettings SETTINGS =
      new ReplicaSettings(
          Duration.ofMillis(400),
          Duration.ofSeconds(20),
          Duration.ofHours(4),
          Duration.ofSeconds(60));
  private static final byte[] BORDER = key(1, "m");
  private static final byte[] LEFT = key(1, "a");
  private static final byte[] RIGHT = key(1, "z");

  @Override
  LocalCluster startCluster() {
    return LocalCluster.start(
        3, 4, clock, Randomness.seeded(1), Thread::startVirtualThread, SETTINGS);
  }

  @BeforeEach
  void split() throws InterruptedException {
    write(LEFT, "1");
    write(RIGHT, "1");
    var _ = cluster.splitter().splitAt(BORDER, deadline());
  }

  private Deadline deadline() {
    return Deadline.after(clock, Duration.ofSeconds(20));
  }

  private ShardMerger.Merged merge() {
    Deadline deadline = deadline();
    while (true) {
      try {
        return cluster.merger().mergeAt(BORDER, deadline);
      } catch (KvException e) {
        // A slow machine may lose a lease just then, which changes nothing.
        if (deadline.isExpired(clock)) {
          throw e;
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void itsRowsAreThoseOfBoth() {
    ShardDescriptor left = cluster.locate(LEFT);
    ShardDescriptor right = cluster.locate(RIGHT);
    ShardMerger.Merged merged = merge();
    assertThat(merged).isEqualTo(new ShardMerger.Merged(left.shardId(), true));
    ShardDescriptor both = cluster.locate(RIGHT);
    assertThat(both.shardId()).isEqualTo(left.shardId());
    assertThat(both.epoch()).isGreaterThan(Math.max(left.epoch(), right.epoch()));
    assertThat(both.span().contains(LEFT)).isTrue();
    write(RIGHT, "2");
    Txn txn = begin(Isolation.SERIALIZABLE);
    assertThat(scan(txn, KeySpace.tableSpan(table(1)), false)).containsExactly("a=1", "z=2");
    txn.put(TABLE, LEFT, bytes("3"));
    txn.commit();
    // There is no border any more.
    assertThat(merge().isNew()).isFalse();
  }

  @Test
  void whatIsWrittenLiesAboveWhatWasReadInEitherPart() {
    RawRequests writer = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    RawRequests reader = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    long readTs = reader.timestamp();
    var _ = reader.result(RIGHT, new KvRequest.Get(List.of(RIGHT), readTs));
    merge();
    KvRequest.CommitWrites late =
        writer.commit(List.of(RawRequests.put(RIGHT, "2", 1)), writer.id().high());
    assertThat(((KvResult.Committed) writer.result(RIGHT, late)).commitTs()).isGreaterThan(readTs);
  }

  @Test
  void readsOfBeforeAreProvedAfterIt() {
    Txn first = begin(Isolation.SERIALIZABLE);
    Txn second = begin(Isolation.SERIALIZABLE);
    // Each reads what the other one writes.
    first.get(LEFT);
    second.get(RIGHT);
    merge();
    first.put(TABLE, RIGHT, bytes("2"));
    second.put(TABLE, LEFT, bytes("2"));
    first.commit();
    assertThat(errorOf(second::commit)).isInstanceOf(KvError.ReadChanged.class);
  }

  @Test
  void preparedTransactionsAreDecidedAfterIt() {
    RawRequests raw = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    raw.prepared(RIGHT, RawRequests.put(RIGHT, "p", 1));
    long least = raw.prepared(RIGHT, RawRequests.put(LEFT, "q", 1));
    merge();
    KvResult.Committed committed =
        (KvResult.Committed) raw.result(RIGHT, raw.commitRecord(RIGHT, least + 1, true));
    assertThat(committed.commitTs()).isGreaterThan(least);
    assertThat(read(LEFT)).isEqualTo("q");
    assertThat(read(RIGHT)).isEqualTo("p");
  }

  @Test
  void aCommitSentAgainLearnsItsOutcome() {
    RawRequests done = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    List<Mutation> writes = List.of(RawRequests.put(RIGHT, "2", 1));
    KvRequest commit = done.commit(writes, done.timestamp());
    long commitTs = ((KvResult.Committed) done.result(RIGHT, commit)).commitTs();
    merge();
    assertThat(done.result(RIGHT, commit)).isEqualTo(new KvResult.Committed(commitTs));
  }

  @Test
  void aLockOfBeforeProvesNothingAndStillKeepsOthersWaiting() {
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(List.of(RIGHT), LockStrength.UPDATE, LockWait.BLOCK);
    merge();
    Txn other = begin(Isolation.READ_COMMITTED);
    assertThat(errorOf(() -> other.lock(List.of(RIGHT), LockStrength.UPDATE, LockWait.NOWAIT)))
        .isInstanceOf(KvError.LockNotAvailable.class);
    other.rollback();
    // It must have held the lock until it commits, and nobody can tell.
    next(holder);
    holder.put(TABLE, LEFT, bytes("2"));
    assertThat(errorOf(holder::commit)).isInstanceOf(KvError.LockLost.class);
    assertThat(read(LEFT)).isEqualTo("1");
  }

  @Test
  void closedIsWhatWasClosedInBoth() {
    RawRequests raw = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    long lower = raw.timestamp();
    long higher = raw.timestamp();
    var _ = raw.result(LEFT, new KvRequest.Close(higher));
    var _ = raw.result(RIGHT, new KvRequest.Close(lower));
    long right = closedTs(RIGHT);
    assertThat(closedTs(LEFT)).isGreaterThan(right);
    merge();
    assertThat(closedTs(LEFT)).isEqualTo(right);
    // And both can be closed again.
    var _ = raw.result(LEFT, new KvRequest.Close(higher));
    assertThat(closedTs(RIGHT)).isGreaterThanOrEqualTo(higher);
  }

  /** What the replica of the lease holder has closed. */
  private long closedTs(byte[] key) {
    ShardDescriptor shard = cluster.locate(key);
    for (LocalNode node : cluster.nodes()) {
      Replica replica = node.replicas().get(shard.shardId());
      if (replica != null && replica.holdsLease()) {
        return replica.state().closedTs();
      }
    }
    throw new AssertionError("nobody serves " + shard);
  }
}
