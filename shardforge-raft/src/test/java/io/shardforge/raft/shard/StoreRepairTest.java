package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.route.Await;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that has lost the stores of two of its three nodes goes on from the third. */
final class StoreRepairTest {
  private static final List<Integer> NODES = List.of(1, 2, 3);
  private static final List<ShardDescriptor> SHARDS =
      List.of(
          new ShardDescriptor(1, KeySpace.metaSpan(), 1, NODES),
          new ShardDescriptor(2, KeySpace.dataSpan(), 1, NODES));
  private static final int ROWS = 50;

  /** So far ahead of this machine's clock that nothing else brings timestamps there. */
  private static final long AHEAD = Duration.ofHours(1).toMillis() << 18;

  @TempDir @Nullable Path directory;

  private Path root() {
    Path root = directory;
    if (root == null) {
      throw new IllegalStateException("no directory");
    }
    return root;
  }

  private static StoreRepair repairOf(LogsCluster cluster, MemoryEngine engine) {
    return new StoreRepair(engine, cluster.directory(1), 1, 1, SHARDS);
  }

  @Test
  void whatTheSurvivorHasIsThereAndTheClusterTakesWrites() throws Exception {
    try (LogsCluster cluster = new LogsCluster(root(), SHARDS)) {
      cluster.begin(NODES);
      List<String> expected = new ArrayList<>();
      long newest = 0;
      for (int i = 0; i < ROWS; i++) {
        String name = "row%03d".formatted(i);
        newest = Math.max(newest, cluster.write(1 + i % 3, name, "v" + i));
        expected.add(name + "=v" + i);
        if (i == ROWS / 2) {
          // What comes now is in the survivor's log only: a crash forgets the rest.
          cluster.node(1).engine.flush();
        }
      }
      long last = cluster.node(2).replicas.get(2) == null ? 0 : lastIndex(cluster, 2);
      Await.until("the survivor has it all", () -> lastIndex(cluster, 1) >= last);
      MemoryEngine engine = cluster.crash(1);
      var _ = cluster.crash(2);
      var _ = cluster.crash(3);

      StoreRepair repair = repairOf(cluster, engine);
      assertThat(repair.examine(Set.of(1, 2)))
          .extracting(StoreRepair.Finding::verdict)
          .containsOnly(StoreRepair.Verdict.HAS_MAJORITY);
      List<StoreRepair.Finding> found = repair.examine(Set.of(1));
      assertThat(found)
          .hasSize(2)
          .allSatisfy(finding -> {
            assertThat(finding.verdict()).isEqualTo(StoreRepair.Verdict.TO_BE_REBUILT);
            assertThat(finding.voters()).containsExactlyInAnyOrderElementsOf(NODES);
          });
      StoreRepair.Finding data = found.get(1);
      assertThat(data.logEnd().index()).isGreaterThan(data.applied().index());
      assertThat(data.newest()).isGreaterThanOrEqualTo(newest);
      // A look changes nothing.
      assertThat(repair.examine(Set.of(1))).isEqualTo(found);

      long above = newest + AHEAD;
      assertThat(repair.apply(Set.of(1), above)).hasSize(2);
      assertThat(repair.examine(Set.of(1)))
          .extracting(StoreRepair.Finding::verdict)
          .containsOnly(StoreRepair.Verdict.REBUILT);
      assertThat(repair.apply(Set.of(1), above)).isEmpty();

      cluster.start(1, 1, 2, engine, false, SHARDS);
      assertThat(cluster.rows(1)).isEqualTo(expected);
      assertThat(cluster.write(1, "zzz", "new")).isGreaterThan(above);
      Await.until(
          "the shards are on this node alone",
          () -> SHARDS.stream().allMatch(shard -> isAlone(cluster, shard.shardId())));
      Await.until("the map says so", () -> isMapOfOneNode(cluster));
      // Nothing of it happens again.
      MemoryEngine later = cluster.crash(1);
      cluster.start(1, 1, 3, later, false, SHARDS);
      assertThat(cluster.rows(1)).hasSize(ROWS + 1).containsAll(expected);
      assertThat(cluster.fatal()).isNull();
    }
  }

  private static long lastIndex(LogsCluster cluster, int node) {
    Replica replica = cluster.node(node).replicas.get(2);
    return replica == null ? -1 : replica.applied().index();
  }

  private static boolean isMapOfOneNode(LogsCluster cluster) {
    return LogsCluster.retrying(() -> cluster.node(1).metaTable.shards()).stream()
        .allMatch(shard -> shard.nodeIds().equals(List.of(1)) && shard.epoch() > 1);
  }

  private static boolean isAlone(LogsCluster cluster, long shardId) {
    Replica replica = cluster.node(1).replicas.get(shardId);
    return replica != null
        && replica.shard().nodeIds().equals(List.of(1))
        && cluster.group(1, shardId).voters().equals(Set.of(1));
  }
}
