package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterView.NodeView;
import io.shardforge.raft.placement.ClusterView.Reach;
import io.shardforge.raft.route.Locality;
import io.shardforge.storage.clock.Randomness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Leaders spread by what they have to do. */
final class LeaderLoadTest {
  private static final int ROUNDS_MAX = 1_000;

  private static List<NodeView> nodes(int count) {
    List<NodeView> nodes = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      nodes.add(new NodeView(id, NodeState.ACTIVE, Reach.HERE, Locality.NONE));
    }
    return nodes;
  }

  private static ClusterView view(
      List<NodeView> nodes, List<ShardDescriptor> shards, @Nullable Map<Long, Long> rates) {
    return new ClusterView(nodes, shards, ReplicaFactors.all(3), 2, rates);
  }

  private static Map<Integer, Long> requests(ClusterView view, Map<Long, Long> rates) {
    Map<Integer, Long> sums = new HashMap<>();
    for (NodeView node : view.nodes()) {
      sums.put(node.nodeId(), 0L);
    }
    for (ShardDescriptor shard : view.shards()) {
      long rate = rates.getOrDefault(shard.shardId(), 0L);
      sums.merge(shard.nodeIds().getFirst(), rate, Long::sum);
    }
    return sums;
  }

  @Test
  void busyShardsAreLedByDifferentNodes() {
    List<ShardDescriptor> shards =
        List.of(
            PlacementTest.shard(1, 1, 2, 3),
            PlacementTest.shard(2, 1, 2, 3),
            PlacementTest.shard(3, 2, 3, 1),
            PlacementTest.shard(4, 2, 3, 1),
            PlacementTest.shard(5, 3, 1, 2),
            PlacementTest.shard(6, 3, 1, 2));
    Map<Long, Long> rates = Map.of(1L, 1_000L, 2L, 900L, 3L, 40L);
    ClusterView end = PlacementTest.settle(view(nodes(3), shards, rates));
    int first = end.shards().get(0).nodeIds().getFirst();
    assertThat(end.shards().get(1).nodeIds().getFirst()).isNotEqualTo(first);
    assertThat(requests(end, rates).values()).contains(1_000L);
  }

  @Test
  void aNodeThatLeadsTheBusiestShardLeadsLittleElse() {
    List<ShardDescriptor> shards = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      shards.add(PlacementTest.shard(i, 1 + i % 3, 1 + (i + 1) % 3, 1 + (i + 2) % 3));
    }
    Map<Long, Long> rates = new HashMap<>();
    for (long i = 1; i <= 9; i++) {
      rates.put(i, i == 3 ? 5_000L : 300L);
    }
    ClusterView end = PlacementTest.settle(view(nodes(3), shards, rates));
    assertThat(requests(end, rates)).containsEntry(1, 5_000L);
    assertThat(requests(end, rates).values()).contains(1_200L);
  }

  @Test
  void nothingIsChosenBeforeItIsKnownHowBusyShardsAre() {
    List<ShardDescriptor> shards =
        List.of(PlacementTest.shard(1, 1, 2, 3), PlacementTest.shard(2, 1, 2, 3));
    assertThat(Placement.decide(view(nodes(3), shards, null))).isEmpty();
    assertThat(Placement.decide(view(nodes(3), shards, Map.of()))).hasSize(1);
    List<NodeView> drained = new ArrayList<>(nodes(3));
    drained.set(0, new NodeView(1, NodeState.DRAINING, Reach.HERE, Locality.NONE));
    assertThat(Placement.decide(view(drained, shards, null)))
        .as("what must be is done all the same")
        .hasSize(2);
  }

  @Test
  void itComesToRestEvenedOut() {
    Randomness random = Randomness.seeded(21);
    for (int run = 0; run < 500; run++) {
      int nodeCount = 3 + random.nextInt(4);
      Map<Long, Long> rates = new HashMap<>();
      List<ShardDescriptor> shards = shards(random, nodeCount, 4 + random.nextInt(20), rates);
      ClusterView end = PlacementTest.settle(view(nodes(nodeCount), shards, rates));
      Map<Integer, Long> sums = requests(end, rates);
      for (ShardDescriptor shard : end.shards()) {
        long rate = rates.getOrDefault(shard.shardId(), 0L);
        long own = sums.getOrDefault(shard.nodeIds().getFirst(), 0L);
        for (int other : shard.nodeIds()) {
          // Handing it over would leave the other one less busy by no more than the margin.
          assertThat(own - rate - sums.getOrDefault(other, 0L))
              .as("run %s: %s of %s with %s", run, shard, sums, rates)
              .isLessThan(own / 5 + 10L * shards.size());
        }
      }
    }
  }

  @Test
  void figuresThatWaverMoveNothingToAndFro() {
    Randomness random = Randomness.seeded(22);
    for (int run = 0; run < 50; run++) {
      int nodeCount = 3 + random.nextInt(3);
      Map<Long, Long> rates = new HashMap<>();
      List<ShardDescriptor> shards =
          new ArrayList<>(shards(random, nodeCount, 4 + random.nextInt(12), rates));
      List<NodeView> nodes = nodes(nodeCount);
      shards = new ArrayList<>(PlacementTest.settle(view(nodes, shards, rates)).shards());
      Set<Long> moved = new HashSet<>();
      for (int round = 0; round < ROUNDS_MAX; round++) {
        Map<Long, Long> measured = new HashMap<>();
        rates.forEach(
            (shard, rate) -> measured.put(shard, rate * (920 + random.nextInt(161)) / 1_000));
        for (Placement.Change change : Placement.decide(view(nodes, shards, measured))) {
          assertThat(moved.add(change.shard().shardId()))
              .as("run %s: %s goes a second time: %s", run, change, rates)
              .isTrue();
          shards.set(shards.indexOf(change.shard()), change.shard().on(change.nodeIds()));
        }
      }
    }
  }

  private static List<ShardDescriptor> shards(
      Randomness random, int nodeCount, int count, Map<Long, Long> rates) {
    List<ShardDescriptor> shards = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      List<Integer> all = new ArrayList<>();
      for (int id = 1; id <= nodeCount; id++) {
        all.add(random.nextInt(all.size() + 1), id);
      }
      shards.add(PlacementTest.shard(i, all.subList(0, 3).toArray(Integer[]::new)));
      rates.put((long) i, random.nextInt(3) == 0 ? 0L : (long) random.nextInt(5_000));
    }
    return shards;
  }
}
