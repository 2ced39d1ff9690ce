package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.meta.ScrubReport;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comparing replicas in the background finds, and what it does about it. */
final class ScrubTest {
  private static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final byte[] PREFIX = KeySpace.indexPrefix(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final int ROWS = 100;

  private final Clock clock = new SystemClock();
  private final LocalCluster cluster =
      LocalCluster.start(
          3, 1, clock, Randomness.secure(), Thread::startVirtualThread, ReplicaSettings.defaults());
  private final MetaTable metaTable = new MetaTable(cluster.transactions(), clock);
  private final List<List<Integer>> moves = new ArrayList<>();
  private boolean isBeingDropped;

  @BeforeEach
  void load() {
    Txn txn = cluster.transactions().begin(Isolation.REPEATABLE_READ, false);
    txn.beginStatement(Deadline.after(clock, Duration.ofSeconds(30)), Duration.ZERO);
    for (int i = 0; i < ROWS; i++) {
      txn.put(TABLE, key(i), "value".getBytes(StandardCharsets.UTF_8));
    }
    txn.finishStatement(true);
    txn.commit();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static byte[] key(int number) {
    return Bytes.concat(PREFIX, "row%05d".formatted(number).getBytes(StandardCharsets.UTF_8));
  }

  /** A pass in which what moves shards is only written down. */
  private ScrubReport pass() throws InterruptedException {
    KvSender sender =
        (shard, batch) -> {
          if (batch.requests().getFirst() instanceof KvRequest.Move move) {
            moves.add(move.nodeIds());
            return KvResponse.of(KvResult.Done.INSTANCE);
          }
          return cluster.node(1).send(shard, batch);
        };
    Scrub scrub =
        new Scrub(
            cluster::shards,
            metaTable,
            new ReplicaComparison(
                cluster, sender, (id, _, batch) -> cluster.node(id).replicas().serve(batch), clock),
            span -> isBeingDropped,
            sender,
            cluster.transactions(),
            // Due as it is: what a round would start is started below.
            _ -> {},
            clock);
    scrub.round(true);
    scrub.pass();
    return metaTable.scrubReport();
  }

  private void damage(int node, int row) {
    Engine engine = cluster.node(node).engine();
    byte[] stored = Objects.requireNonNull(engine.get(Family.CURRENT, key(row))).clone();
    stored[stored.length - 1] ^= (byte) node;
    engine.write(engine.newBatch().put(Family.CURRENT, key(row), stored));
  }

  private long dataShard() {
    return cluster.locate(key(0)).shardId();
  }

  @Test
  void replicasThatAreAlikeAreLeftAlone() throws InterruptedException {
    ScrubReport report = pass();
    assertThat(report.findings()).isEmpty();
    assertThat(report.passes()).isEqualTo(1);
    assertThat(report.shardId()).isZero();
    assertThat(report.shardsDone()).isEqualTo(cluster.shards().size());
    assertThat(report.bytesDone()).isGreaterThan(ROWS * 5L);
    assertThat(report.endedMillis()).isPositive();
    assertThat(moves).isEmpty();
    assertThat(pass().passes()).isEqualTo(2);
  }

  @Test
  void theOddOneOutIsMadeAnew() throws InterruptedException {
    damage(2, 7);
    ScrubReport report = pass();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.shardId()).isEqualTo(dataShard());
          assertThat(finding.odd()).containsExactly(2);
          assertThat(finding.isRebuilt()).isTrue();
        });
    assertThat(moves).hasSize(1);
    assertThat(moves.getFirst()).containsExactlyInAnyOrder(1, 3);
  }

  /** Each replica drops the rows of a table that is no more at a time of its own. */
  @Test
  void whatIsBeingDroppedMayDiffer() throws InterruptedException {
    damage(2, 7);
    isBeingDropped = true;
    assertThat(pass().findings()).isEmpty();
    assertThat(moves).isEmpty();
  }

  @Test
  void withoutAMajorityItIsOnlyReported() throws InterruptedException {
    damage(2, 7);
    damage(3, 7);
    ScrubReport report = pass();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.odd()).containsExactly(1, 2, 3);
          assertThat(finding.isRebuilt()).isFalse();
          assertThat(finding.words()).contains("no majority");
        });
    assertThat(moves).isEmpty();
  }

  @Test
  void aReplicaThatDoesNotAnswerIsNotOdd() throws InterruptedException {
    ShardDescriptor shard = new ShardDescriptor(7, KeySpace.dataSpan(), 1, List.of(1, 2, 3));
    ReplicaSum one = new ReplicaSum(7, 1, 5, 50, null);
    ReplicaSum two = new ReplicaSum(7, 2, 5, 50, null);
    ReplicaSum other = new ReplicaSum(7, 2, 5, 51, null);
    ReplicaSum silent = new ReplicaSum(7, 3, 0, 0, "it is down");
    assertThat(Scrub.oddOnes(shard, List.of(one, two, silent))).isEmpty();
    // Two that differ, and nobody to decide between them.
    assertThat(Scrub.oddOnes(shard, List.of(one, other, silent))).containsExactly(1, 2);
  }

  @Test
  void readingIsPacedByTheBytesRead() {
    assertThat(ClusterSetting.SCRUB_RATE.number("64kB")).isEqualTo(64 << 10);
    assertThat(Scrub.pauseOf(1_000_000, 4_000_000, 0)).isEqualTo(Duration.ofMillis(250));
    assertThat(Scrub.pauseOf(1_000_000, 4_000_000, 200_000_000)).isEqualTo(Duration.ofMillis(50));
    assertThat(Scrub.pauseOf(1_000_000, 4_000_000, 300_000_000)).isEqualTo(Duration.ZERO);
  }
}
