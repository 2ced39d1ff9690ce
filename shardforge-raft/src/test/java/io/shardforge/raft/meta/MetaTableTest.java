package io.shardforge.raft.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.route.Await;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cluster's own table of shards, as several nodes write it. */
final class MetaTableTest {
  private static final int ROUNDS = 20;
  private static final byte[] BORDER = KeySpace.indexPrefix(KeySpace.FIRST_USER_TABLE_ID, 1);

  private final Clock clock = new SystemClock();
  private final LocalCluster cluster = LocalCluster.start(1, clock);
  private final MetaTable table = new MetaTable(cluster.transactions(), clock);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static long idAfter(CyclicBarrier start, MetaTable table) {
    try {
      start.await();
      return table.nextShardId();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoMeetsAnotherOneTriesAgain() throws Exception {
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < ROUNDS; i++) {
      CyclicBarrier start = new CyclicBarrier(2);
      List<CompletableFuture<Long>> both =
          List.of(
              CompletableFuture.supplyAsync(
                  () -> idAfter(start, table), Thread::startVirtualThread),
              CompletableFuture.supplyAsync(
                  () -> idAfter(start, table), Thread::startVirtualThread));
      for (CompletableFuture<Long> id : both) {
        ids.add(Await.result(id));
      }
    }
    assertThat(ids).hasSize(2 * ROUNDS);
  }

  @Test
  void aMergeTakesTheRightShardOutOfTheMap() {
    KeySpan data = KeySpace.dataSpan();
    ShardDescriptor meta = new ShardDescriptor(1, KeySpace.metaSpan(), 1, List.of(1));
    ShardDescriptor left = new ShardDescriptor(2, new KeySpan(data.start(), BORDER), 2, List.of(1));
    ShardDescriptor right = new ShardDescriptor(3, new KeySpan(BORDER, data.end()), 2, List.of(1));
    table.writeFirstShards(List.of(meta, left, right));
    table.noteOwnBorder(3);
    table.noteOwnBorder(99);
    assertThat(table.ownBorders()).as("of shards that are there").containsExactly(3L);
    ShardDescriptor merged = new ShardDescriptor(2, data, 3, List.of(1));
    table.recordMerge(merged, right);
    assertThat(table.shards()).containsExactly(meta, merged);
    // Whatever is older comes too late.
    table.recordSplit(left, right);
    assertThat(table.recordMove(right)).isFalse();
    assertThat(table.shards()).containsExactly(meta, merged);
  }

  @Test
  void aNodeThatIsEmptyStaysSoUntilItIsTakenBack() {
    assertThat(table.setNodeState(4, NodeState.DECOMMISSIONED)).isEqualTo(NodeState.ACTIVE);
    assertThat(table.setNodeState(4, NodeState.DRAINING)).isEqualTo(NodeState.DRAINING);
    assertThat(table.setNodeState(4, NodeState.DECOMMISSIONING))
        .isEqualTo(NodeState.DECOMMISSIONING);
    assertThat(table.setNodeState(4, NodeState.DRAINING)).isEqualTo(NodeState.DECOMMISSIONING);
    assertThat(table.setNodeState(4, NodeState.DECOMMISSIONED)).isEqualTo(NodeState.DECOMMISSIONED);
    assertThat(table.setNodeState(4, NodeState.DECOMMISSIONING))
        .isEqualTo(NodeState.DECOMMISSIONED);
    assertThat(table.nodeStates()).containsExactly(Map.entry(4, NodeState.DECOMMISSIONED));
    assertThat(table.setNodeState(4, NodeState.ACTIVE)).isEqualTo(NodeState.ACTIVE);
    assertThat(table.setNodeState(4, NodeState.DECOMMISSIONED)).isEqualTo(NodeState.ACTIVE);
  }
}
