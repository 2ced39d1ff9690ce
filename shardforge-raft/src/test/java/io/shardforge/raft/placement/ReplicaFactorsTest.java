package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterView.NodeView;
import io.shardforge.raft.placement.ClusterView.Reach;
import io.shardforge.raft.route.Locality;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Shards of tables that want a number of replicas of their own. */
final class ReplicaFactorsTest {
  private static final int TABLE = 1_000;
  private static final KeySpan SPAN = KeySpace.tableSpan(TABLE);
  private static final KeySpan DATA = KeySpace.dataSpan();
  private static final ShardDescriptor META =
      new ShardDescriptor(ShardDescriptor.META_SHARD_ID, KeySpace.metaSpan(), 1, List.of(1, 2, 3));
  private static final ShardDescriptor WHOLE = shard(2, DATA.start(), DATA.end());
  private static final ShardDescriptor BEFORE = shard(2, DATA.start(), SPAN.start());
  private static final ShardDescriptor OWN = shard(3, SPAN.start(), SPAN.end());
  private static final ShardDescriptor BEHIND = shard(4, SPAN.end(), DATA.end());

  private static ShardDescriptor shard(long id, byte[] start, byte[] end) {
    return new ShardDescriptor(id, new KeySpan(start, end), 1, List.of(1, 2, 3));
  }

  private static ReplicaFactors factors(int own) {
    return new ReplicaFactors(3, Map.of(TABLE, own));
  }

  @Test
  void aTableGetsShardsOfItsOwn() {
    assertThat(factors(5).missingBorders(List.of(META, WHOLE)))
        .containsExactly(SPAN.start(), SPAN.end());
    assertThat(factors(5).missingBorders(List.of(META, BEFORE, shard(3, SPAN.start(), DATA.end()))))
        .containsExactly(SPAN.end());
    assertThat(factors(5).missingBorders(List.of(META, BEFORE, OWN, BEHIND))).isEmpty();
    assertThat(factors(3).missingBorders(List.of(META, WHOLE))).as("it is what all have").isEmpty();
    assertThat(factors(5).missingBorders(List.of(META, WHOLE.movingTo(List.of(1, 2, 4)))))
        .as("a shard that is moving is split later")
        .isEmpty();
  }

  @Test
  void theNumberIsThatOfTheShardsWithinTheTable() {
    assertThat(factors(5).of(OWN)).isEqualTo(5);
    byte[] middle = KeySpace.indexPrefix(TABLE, 2);
    assertThat(factors(5).of(shard(3, SPAN.start(), middle))).isEqualTo(5);
    assertThat(factors(5).of(shard(4, middle, SPAN.end()))).isEqualTo(5);
    assertThat(factors(5).of(shard(4, middle, DATA.end()))).isEqualTo(3);
    for (ShardDescriptor other : List.of(META, WHOLE, BEFORE, BEHIND)) {
      assertThat(factors(5).of(other)).isEqualTo(3);
    }
  }

  @Test
  void onlyItsShardsGetAnotherNumberOfReplicas() {
    List<NodeView> nodes = new ArrayList<>();
    for (int id = 1; id <= 5; id++) {
      nodes.add(new NodeView(id, NodeState.ACTIVE, Reach.HERE, Locality.NONE));
    }
    List<ShardDescriptor> shards = List.of(META, BEFORE, OWN, BEHIND);
    for (int own : new int[] {1, 5}) {
      ClusterView end = PlacementTest.settle(PlacementTest.view(nodes, shards, factors(own), 2));
      for (ShardDescriptor shard : end.shards()) {
        assertThat(shard.nodeIds()).hasSize(shard.shardId() == OWN.shardId() ? own : 3);
      }
    }
  }
}
