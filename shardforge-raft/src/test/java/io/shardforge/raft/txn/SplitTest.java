package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.group.LocalLog;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.local.LocalNode;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Shards that are split while transactions are under way on them. */
final class SplitTest extends ClusterTest {
  // No transaction here is given up for the machine being slow: large ones take seconds.
  private static final ReplicaSettings SETTINGS =
      new ReplicaSettings(
          Duration.ofMillis(400),
          Duration.ofSeconds(30),
          Duration.ofHours(4),
          Duration.ofSeconds(60));
  private static final byte[] BORDER = key(1, "m");

  @Override
  LocalCluster startCluster() {
    return LocalCluster.start(
        3, 4, clock, Randomness.seeded(1), Thread::startVirtualThread, SETTINGS);
  }

  private ShardSplitter.Border split(byte[] key) {
    try {
      return cluster.splitter().splitAt(key, Deadline.after(clock, Duration.ofSeconds(20)));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void bothPartsHaveTheirRows() {
    write(key(1, "a"), "1");
    write(key(1, "z"), "2");
    ShardDescriptor before = cluster.locate(BORDER);
    ShardSplitter.Border border = split(BORDER);
    assertThat(border.isNew()).isTrue();
    ShardDescriptor parent = cluster.locate(key(1, "a"));
    ShardDescriptor child = cluster.locate(key(1, "z"));
    assertThat(child.shardId()).isEqualTo(border.shardId());
    assertThat(parent.span()).isEqualTo(new KeySpan(before.span().start(), BORDER));
    assertThat(child.span()).isEqualTo(new KeySpan(BORDER, before.span().end()));
    assertThat(parent.epoch()).isEqualTo(before.epoch() + 1);
    assertThat(read(key(1, "a"))).isEqualTo("1");
    assertThat(read(key(1, "z"))).isEqualTo("2");
    write(key(1, "b"), "3");
    write(key(1, "y"), "4");
    Txn txn = begin(Isolation.SERIALIZABLE);
    assertThat(scan(txn, KeySpace.tableSpan(table(1)), true))
        .containsExactly("z=2", "y=4", "b=3", "a=1");
    txn.put(TABLE, key(1, "a"), bytes("5"));
    txn.put(TABLE, key(1, "z"), bytes("6"));
    txn.commit();
    assertThat(read(key(1, "a")) + read(key(1, "z"))).isEqualTo("56");
    for (LocalNode node : cluster.nodes()) {
      Replica replica = node.replicas().get(border.shardId());
      assertThat(replica).as("on node " + node.id()).isNotNull();
    }
  }

  @Test
  void anExistingBorderIsLeftAlone() {
    ShardSplitter.Border first = split(BORDER);
    int count = cluster.shards().size();
    ShardSplitter.Border second = split(BORDER);
    assertThat(second).isEqualTo(new ShardSplitter.Border(first.shardId(), false));
    assertThat(cluster.shards()).hasSize(count);
  }

  @Test
  void splitsCanBeSplit() {
    for (int i = 0; i < 20; i++) {
      write(key(1, "k%02d".formatted(i)), String.valueOf(i));
    }
    for (int i = 1; i < 20; i += 2) {
      assertThat(split(key(1, "k%02d".formatted(i))).isNew()).isTrue();
    }
    Txn txn = begin(Isolation.REPEATABLE_READ);
    assertThat(scan(txn, KeySpace.tableSpan(table(1)), false)).hasSize(20);
    txn.rollback();
  }

  @Test
  void aSnapshotTakenBeforeIsReadAfter() {
    write(key(1, "a"), "old");
    write(key(1, "z"), "old");
    Txn txn = begin(Isolation.REPEATABLE_READ);
    assertThat(text(txn.get(key(1, "a")))).isEqualTo("old");
    split(BORDER);
    write(key(1, "a"), "new");
    write(key(1, "z"), "new");
    assertThat(text(txn.get(key(1, "a")))).isEqualTo("old");
    assertThat(text(txn.get(key(1, "z")))).isEqualTo("old");
    txn.commit();
  }

  @Test
  void readsBeforeTheSplitAreProvedAfterIt() {
    write(key(1, "a"), "1");
    write(key(1, "z"), "1");
    Txn first = begin(Isolation.SERIALIZABLE);
    Txn second = begin(Isolation.SERIALIZABLE);
    // Each reads what the other one writes.
    first.get(key(1, "a"));
    second.get(key(1, "z"));
    split(BORDER);
    first.put(TABLE, key(1, "z"), bytes("2"));
    second.put(TABLE, key(1, "a"), bytes("2"));
    first.commit();
    assertThat(errorOf(second::commit)).isInstanceOf(KvError.ReadChanged.class);
  }

  @Test
  void preparedTransactionsAreDecidedAfterIt() {
    RawRequests raw = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    byte[] primary = key(1, "z");
    byte[] other = key(1, "a");
    raw.prepared(primary, RawRequests.put(primary, "p", 1));
    long least = raw.prepared(primary, RawRequests.put(other, "q", 1));
    split(BORDER);
    KvResult.Committed committed =
        (KvResult.Committed) raw.result(primary, raw.commitRecord(primary, least + 1, true));
    assertThat(committed.commitTs()).isGreaterThan(least);
    // Whoever meets the provisional write finds the record in the other part.
    assertThat(read(other)).isEqualTo("q");
    assertThat(read(primary)).isEqualTo("p");
  }

  @Test
  void aCommitSentAgainLearnsItsOutcome() {
    RawRequests done = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    List<Mutation> writes =
        List.of(RawRequests.put(key(1, "a"), "1", 1), RawRequests.put(key(1, "z"), "1", 1));
    KvRequest commit = done.commit(writes, done.timestamp());
    long commitTs = ((KvResult.Committed) done.result(key(1, "a"), commit)).commitTs();
    RawRequests never = new RawRequests(cluster, clock, Isolation.READ_COMMITTED);
    KvRequest unsent = never.commit(writes, never.timestamp());
    split(BORDER);
    assertThat(done.result(key(1, "a"), commit)).isEqualTo(new KvResult.Committed(commitTs));
    ShardDescriptor now = cluster.locate(key(1, "a"));
    assertThat(never.error(key(1, "a"), unsent))
        .as("the epoch that was named: it never happened")
        .isEqualTo(new KvError.StaleShard(now.shardId(), now.epoch()));
  }

  @Test
  void aLostAnswerToAPrepareIsNoRowOfSomebodyElse() {
    // Read, so that it is prepared on both shards and decided by a record.
    Txn txn = begin(Isolation.SERIALIZABLE);
    assertThat(txn.get(key(2, "read"))).isNull();
    txn.insert(TABLE, key(1, "z"), bytes("1"));
    txn.insert(TABLE, key(2, "z"), bytes("1"));
    LocalLog log = cluster.log(cluster.locate(BORDER).shardId());
    log.hold();
    CompletableFuture<@Nullable KvError> failure =
        async(() -> {
          try {
            txn.commit();
            return null;
          } catch (KvException e) {
            return e.error();
          }
        });
    while (log.heldCount() == 0) {
      Thread.onSpinWait();
    }
    log.failNext(LocalLog.Fault.ANSWER_LOST);
    log.letGo();
    split(BORDER);
    assertThat(join(failure))
        .as("nobody else has inserted that row")
        .isIn(null, new KvError.TxnAborted(txn.id()));
  }

  @Test
  void locksAreKept() {
    write(key(1, "a"), "1");
    write(key(1, "z"), "1");
    Txn holder = begin(Isolation.READ_COMMITTED);
    List<byte[]> rows = List.of(key(1, "a"), key(1, "z"));
    holder.lock(rows, LockStrength.UPDATE, LockWait.BLOCK);
    CompletableFuture<List<LockedRow>> waiter =
        async(() -> {
          Txn txn = begin(cluster.node(2).transactions(), Isolation.READ_COMMITTED);
          List<LockedRow> locked = txn.lock(rows, LockStrength.UPDATE, LockWait.BLOCK);
          txn.rollback();
          return locked;
        });
    split(BORDER);
    for (byte[] row : rows) {
      Txn other = begin(Isolation.READ_COMMITTED);
      assertThat(errorOf(() -> other.lock(List.of(row), LockStrength.UPDATE, LockWait.NOWAIT)))
          .isInstanceOf(KvError.LockNotAvailable.class);
      other.rollback();
    }
    assertThat(waiter).isNotDone();
    // It writes one row, and must have held the lock of the other one until then.
    next(holder);
    holder.put(TABLE, key(1, "a"), bytes("2"));
    holder.commit();
    assertThat(text(join(waiter).getFirst().value())).isEqualTo("2");
  }

  @Test
  void shippedWritesStayTogether() {
    int rows = BufferedTxn.BUFFER_ROWS_MAX + 5_000;
    Txn txn = begin(Isolation.READ_COMMITTED);
    for (int i = 0; i < rows; i++) {
      txn.insert(TABLE, key(1, "k%06d".formatted(i)), bytes("x"));
    }
    txn.finishStatement(false);
    split(key(1, "k%06d".formatted(rows / 3)));
    int savepoint = txn.savepoint();
    next(txn);
    for (int i = 0; i < rows; i++) {
      txn.insert(TABLE, key(1, "u%06d".formatted(i)), bytes("x"));
    }
    txn.finishStatement(false);
    split(key(1, "u%06d".formatted(rows / 2)));
    txn.rollbackTo(savepoint);
    split(key(1, "k%06d".formatted(rows / 2)));
    next(txn);
    txn.insert(TABLE, key(1, "last"), bytes("x"));
    txn.finishStatement(true);
    txn.commit();
    Txn after = begin(Isolation.REPEATABLE_READ);
    assertThat(scan(after, KeySpace.tableSpan(table(1)), false)).hasSize(rows + 1);
    after.rollback();
  }

  @Test
  void anUnrecordedSplitIsFinishedByWhoeverLeadsNext() {
    write(key(1, "a"), "1");
    write(key(1, "z"), "1");
    ShardDescriptor before = cluster.locate(BORDER);
    cluster.setMapCutOff(true);
    CompletableFuture<ShardSplitter.Border> border = async(() -> split(BORDER));
    CompletableFuture<String> blocked = async(() -> String.valueOf(read(key(1, "z"))));
    awaitSplit(before);
    int leader = cluster.log(before.shardId()).leaderNode();
    cluster.log(before.shardId()).elect(1 + leader % 3);
    assertThat(cluster.shards()).contains(before);
    cluster.setMapCutOff(false);
    assertThat(join(blocked)).isEqualTo("1");
    assertThat(join(border).isNew()).isTrue();
    assertThat(read(key(1, "a"))).isEqualTo("1");
  }

  /** Until no node has the whole shard any more. */
  private void awaitSplit(ShardDescriptor shard) {
    for (LocalNode node : cluster.nodes()) {
      Replica replica = node.replicas().get(shard.shardId());
      while (replica != null && replica.shard().epoch() == shard.epoch()) {
        Thread.onSpinWait();
      }
    }
  }
}
