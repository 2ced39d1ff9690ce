package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shards that are split because they have grown. */
final class SizeSplitsTest {
  private static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final byte[] PREFIX = KeySpace.indexPrefix(KeySpace.FIRST_USER_TABLE_ID, 1);
  private static final int ROWS = 400;
  private static final int ROW_BYTES = 1_000;

  private final Clock clock = new SystemClock();
  private final LocalCluster cluster = LocalCluster.start(1, clock);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static byte[] key(int number) {
    return Bytes.concat(PREFIX, "row%05d".formatted(number).getBytes(StandardCharsets.UTF_8));
  }

  private void load(int rows) {
    Txn txn = cluster.transactions().begin(Isolation.READ_COMMITTED, false);
    txn.beginStatement(Deadline.after(clock, Duration.ofSeconds(30)), Duration.ZERO);
    for (int i = 0; i < rows; i++) {
      txn.put(TABLE, key(i), new byte[ROW_BYTES]);
    }
    txn.finishStatement(true);
    txn.commit();
  }

  private void awaitResolved() {
    Await.until("the rows are there", () -> replica(cluster.locate(key(0))).sizeBytes() > 0);
  }

  private Replica replica(ShardDescriptor shard) {
    Replica replica = cluster.node(1).replicas().get(shard.shardId());
    if (replica == null) {
      throw new IllegalStateException("no replica of " + shard);
    }
    return replica;
  }

  @Test
  void halvesAndHalvesAgain() {
    load(ROWS);
    awaitResolved();
    int before = cluster.shards().size();
    long size = replica(cluster.locate(key(0))).sizeBytes();
    SizeSplits splits =
        new SizeSplits(cluster.splitter(), _ -> {}, () -> size / 3, Runnable::run, clock);
    Await.until(
        "no shard is larger than a third",
        () -> {
          splits.look(cluster.node(1).replicas().all());
          return cluster.node(1).replicas().all().stream()
              .filter(replica -> !replica.shard().isMeta())
              .allMatch(replica -> replica.sizeBytes() <= size / 3);
        });
    // Halves of halves: four parts of about the same size.
    assertThat(cluster.shards()).hasSize(before + 3);
    List<Long> sizes = new ArrayList<>();
    for (ShardDescriptor shard : cluster.locate(KeySpace.dataSpan())) {
      sizes.add(replica(shard).sizeBytes());
    }
    assertThat(sizes).allSatisfy(part -> assertThat(part).isBetween(size / 5, size / 3));
  }

  @Test
  void whatIsSmallIsLeftAlone() {
    load(ROWS);
    awaitResolved();
    int before = cluster.shards().size();
    new SizeSplits(cluster.splitter(), _ -> {}, () -> 1L << 30, Runnable::run, clock)
        .look(cluster.node(1).replicas().all());
    assertThat(cluster.shards()).hasSize(before);
  }

  @Test
  void oneRowIsNotCut() {
    load(1);
    awaitResolved();
    int before = cluster.shards().size();
    new SizeSplits(cluster.splitter(), _ -> {}, () -> 10, Runnable::run, clock)
        .look(cluster.node(1).replicas().all());
    assertThat(cluster.shards()).hasSize(before);
  }

  @Test
  void theSizeIsASettingOfTheCluster() {
    ClusterControl control = cluster.control();
    assertThat(control.setting(ClusterSetting.SHARD_SIZE_MAX)).isEqualTo("4GB");
    control.set(ClusterSetting.SHARD_SIZE_MAX, "64MB");
    assertThat(control.setting(ClusterSetting.SHARD_SIZE_MAX)).isEqualTo("64MB");
    assertThat(ClusterSetting.SHARD_SIZE_MAX.number("64MB")).isEqualTo(64L << 20);
    control.set(ClusterSetting.SHARD_SIZE_MAX, null);
    assertThat(control.setting(ClusterSetting.SHARD_SIZE_MAX)).isEqualTo("4GB");
    for (String wrong : List.of("", "x", "-1", "1kB", "5 apples")) {
      assertThatThrownBy(() -> control.set(ClusterSetting.SHARD_SIZE_MAX, wrong))
          .isInstanceOf(ShardForgeException.class);
    }
  }
}
