package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.placement.ReplicaComparison.ReplicaSum;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comparing replicas finds, while transactions go on. */
final class ReplicaComparisonTest {
  private static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final byte[] PREFIX = KeySpace.indexPrefix(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final KeySpan SPAN = KeySpan.ofPrefix(PREFIX);
  private static final int ROWS = 200;

  private final Clock clock = new SystemClock();
  private final LocalCluster cluster =
      LocalCluster.start(
          3, 1, clock, Randomness.secure(), Thread::startVirtualThread, ReplicaSettings.defaults());

  @BeforeEach
  void load() {
    write(0, ROWS, "old");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static byte[] key(int number) {
    return Bytes.concat(PREFIX, "row%05d".formatted(number).getBytes(StandardCharsets.UTF_8));
  }

  private Deadline deadline() {
    return Deadline.after(clock, Duration.ofSeconds(30));
  }

  private Txn begin() {
    Txn txn = cluster.transactions().begin(Isolation.REPEATABLE_READ, false);
    txn.beginStatement(deadline(), Duration.ZERO);
    return txn;
  }

  private void write(int from, int to, String value) {
    Txn txn = begin();
    for (int i = from; i < to; i++) {
      txn.put(TABLE, key(i), value.getBytes(StandardCharsets.UTF_8));
    }
    txn.finishStatement(true);
    txn.commit();
  }

  private long now() {
    Txn txn = begin();
    long now = txn.readTimestamp();
    txn.rollback();
    return now;
  }

  private List<ReplicaSum> sumsAt(long timestamp) throws InterruptedException {
    return cluster.control().sumUp(SPAN, timestamp, deadline());
  }

  @Test
  void replicasAreTheSameAtATimestampThatOthersWriteAfter() throws InterruptedException {
    long then = now();
    List<ReplicaSum> before = sumsAt(then);
    write(0, ROWS / 2, "new");
    Txn open = begin();
    open.put(TABLE, key(ROWS), new byte[] {1});

    assertThat(sumsAt(then)).isEqualTo(before).hasSize(cluster.nodes().size());
    assertThat(before).allMatch(sum -> sum.entries() == ROWS && sum.unanswered() == null);
    assertThat(before.stream().map(ReplicaSum::sum).distinct()).hasSize(1);
    assertThat(sumsAt(now())).noneMatch(sum -> sum.sum() == before.getFirst().sum());
    open.rollback();
  }

  @Test
  void eachShardIsSummedUpByItself() throws InterruptedException {
    var border = cluster.control().splitAt(key(50), deadline());
    List<ReplicaSum> sums = sumsAt(now());

    assertThat(sums).hasSize(2 * cluster.nodes().size());
    assertThat(sums)
        .allMatch(sum -> sum.entries() == (sum.shardId() == border.shardId() ? ROWS - 50 : 50));
  }

  @Test
  void aValueThatDiffersIsFound() throws InterruptedException {
    Engine odd = cluster.node(2).engine();
    byte[] stored = Objects.requireNonNull(odd.get(Family.CURRENT, key(7))).clone();
    stored[stored.length - 1] ^= 1;
    odd.write(odd.newBatch().put(Family.CURRENT, key(7), stored));

    List<ReplicaSum> sums = sumsAt(now());
    long right = sums.stream().filter(sum -> sum.nodeId() == 1).findFirst().orElseThrow().sum();
    assertThat(sums).allMatch(sum -> sum.nodeId() == 2 != (sum.sum() == right));
  }

  @Test
  void aNodeThatIsDownIsNamed() throws InterruptedException {
    cluster.cutOff(3);

    assertThat(sumsAt(now())).allMatch(sum -> sum.nodeId() == 3 == (sum.unanswered() != null));
  }
}
