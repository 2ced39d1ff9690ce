package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterView.NodeView;
import io.shardforge.raft.placement.ClusterView.Reach;
import io.shardforge.raft.route.Locality;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where replicas and leaders are sent, for clusters made up. */
final class PlacementTest {
  private static final int ROUNDS_MAX = 2_000;

  private static NodeView node(int id) {
    return new NodeView(id, NodeState.ACTIVE, Reach.HERE, Locality.NONE);
  }

  private static NodeView node(int id, NodeState state) {
    return new NodeView(id, state, Reach.HERE, Locality.NONE);
  }

  private static NodeView node(int id, Reach reach) {
    return new NodeView(id, NodeState.ACTIVE, reach, Locality.NONE);
  }

  static ShardDescriptor shard(long id, Integer... nodes) {
    return new ShardDescriptor(id, KeySpan.ALL, 1, List.of(nodes));
  }

  private static List<Placement.Change> decide(
      List<NodeView> nodes, List<ShardDescriptor> shards, int factor) {
    return Placement.decide(view(nodes, shards, ReplicaFactors.all(factor), 100));
  }

  /** A cluster in which nobody asks for anything. */
  static ClusterView view(
      List<NodeView> nodes, List<ShardDescriptor> shards, ReplicaFactors factors, int movesMax) {
    return new ClusterView(nodes, shards, factors, movesMax, Map.of());
  }

  /** Does what is decided, again and again, until nothing is. */
  static ClusterView settle(ClusterView view) {
    List<ShardDescriptor> shards = new ArrayList<>(view.shards());
    for (int round = 0; round < ROUNDS_MAX; round++) {
      ClusterView now =
          new ClusterView(
              view.nodes(), shards, view.factors(), view.movesMax(), view.requestRates());
      List<Placement.Change> changes = Placement.decide(now);
      if (changes.isEmpty()) {
        return now;
      }
      for (Placement.Change change : changes) {
        check(now, change);
        int at = shards.indexOf(change.shard());
        assertThat(at).as("one change a shard").isNotNegative();
        shards.set(at, change.shard().on(change.nodeIds()));
      }
    }
    throw new AssertionError("it does not come to an end: " + shards);
  }

  /** What no change may do, whatever comes after it. */
  private static void check(ClusterView view, Placement.Change change) {
    List<Integer> before = change.shard().nodeIds();
    List<Integer> after = change.nodeIds();
    assertThat(after).doesNotHaveDuplicates().isNotEmpty();
    assertThat(after.stream().filter(node -> !before.contains(node)).count()).isLessThan(2);
    assertThat(before.stream().filter(node -> !after.contains(node)).count()).isLessThan(2);
    long usable = view.nodes().stream().filter(NodeView::takesReplicas).count();
    int factor = view.factors().of(change.shard());
    if (usable >= factor && before.size() >= factor) {
      assertThat(after.size()).isGreaterThanOrEqualTo(factor);
    }
    for (int node : after) {
      if (!before.contains(node)) {
        assertThat(view.node(node).orElseThrow().takesReplicas()).isTrue();
      }
    }
  }

  private static Map<Integer, Integer> counts(ClusterView view, boolean leaders) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (ShardDescriptor shard : view.shards()) {
      (leaders ? shard.nodeIds().subList(0, 1) : shard.nodeIds())
          .forEach(node -> counts.merge(node, 1, Integer::sum));
    }
    return counts;
  }

  @Test
  void nothingIsDoneWhereAllIsWell() {
    assertThat(
            decide(
                List.of(node(1), node(2), node(3)),
                List.of(shard(1, 1, 2, 3), shard(2, 2, 3, 1), shard(3, 3, 1, 2)),
                3))
        .isEmpty();
  }

  @Test
  void newNodesTakeTheirShare() {
    List<ShardDescriptor> shards = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      shards.add(shard(i + 1, 1 + i % 3, 1 + (i + 1) % 3, 1 + (i + 2) % 3));
    }
    ClusterView end =
        settle(
            view(
                List.of(node(1), node(2), node(3), node(4), node(5)),
                shards,
                ReplicaFactors.all(3),
                2));
    assertThat(counts(end, false).values()).allMatch(count -> count == 6);
    assertThat(counts(end, true).values()).allMatch(count -> count == 2);
  }

  @Test
  void onlySoManyMovesAreBegunAtOnce() {
    List<ShardDescriptor> shards = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      shards.add(shard(i + 1, 1 + i % 3, 1 + (i + 1) % 3, 1 + (i + 2) % 3));
    }
    shards.set(8, shards.get(8).movingTo(List.of(1, 2, 4)));
    List<Placement.Change> changes =
        Placement.decide(
            view(
                List.of(node(1), node(2), node(3), node(4), node(5)),
                shards,
                ReplicaFactors.all(3),
                3));
    assertThat(changes).hasSize(2);
  }

  @Test
  void aLostNodeIsReplacedAndOneThatIsAwayIsNot() {
    List<ShardDescriptor> shards = List.of(shard(1, 1, 2, 3), shard(2, 2, 3, 4));
    assertThat(decide(List.of(node(1), node(2), node(3), node(4, Reach.AWAY)), shards, 3))
        .isEmpty();
    List<Placement.Change> changes =
        decide(List.of(node(1), node(2), node(3), node(4, Reach.LOST)), shards, 3);
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst().nodeIds()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void withoutAnotherNodeALostReplicaStays() {
    assertThat(
            decide(List.of(node(1), node(2), node(3, Reach.LOST)), List.of(shard(1, 1, 2, 3)), 3))
        .isEmpty();
    assertThat(
            decide(
                List.of(node(1), node(2), node(3, NodeState.DECOMMISSIONING)),
                List.of(shard(1, 1, 2, 3)),
                3))
        .isEmpty();
  }

  @Test
  void ofFiveReplicasThreeAreEnoughWhereNodesLeave() {
    List<NodeView> nodes =
        List.of(
            node(1),
            node(2),
            node(3),
            node(4, NodeState.DECOMMISSIONING),
            node(5, NodeState.DECOMMISSIONING));
    ClusterView end =
        settle(view(nodes, List.of(shard(1, 1, 2, 3, 4, 5)), ReplicaFactors.all(5), 2));
    assertThat(end.shards().getFirst().nodeIds()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void aHigherFactorIsReachedAndALowerOneToo() {
    List<NodeView> nodes = List.of(node(1), node(2), node(3), node(4), node(5));
    List<ShardDescriptor> shards = List.of(shard(1, 1, 2, 3), shard(2, 3, 4, 5));
    ClusterView five = settle(view(nodes, shards, ReplicaFactors.all(5), 2));
    assertThat(five.shards()).allMatch(shard -> shard.nodeIds().size() == 5);
    ClusterView three = settle(view(nodes, five.shards(), ReplicaFactors.all(3), 2));
    assertThat(three.shards()).allMatch(shard -> shard.nodeIds().size() == 3);
  }

  @Test
  void fourNodesKeepThreeReplicasOfFive() {
    List<NodeView> nodes = List.of(node(1), node(2), node(3), node(4));
    ClusterView end = settle(view(nodes, List.of(shard(1, 1, 2, 3)), ReplicaFactors.all(5), 2));
    assertThat(end.shards().getFirst().nodeIds()).hasSize(3);
  }

  @Test
  void aDrainedNodeLeadsNothingAndKeepsItsReplicas() {
    List<NodeView> nodes = List.of(node(1, NodeState.DRAINING), node(2), node(3));
    ClusterView end =
        settle(
            view(
                nodes,
                List.of(shard(1, 1, 2, 3), shard(2, 1, 3, 2), shard(3, 3, 2, 1)),
                ReplicaFactors.all(3),
                2));
    assertThat(counts(end, true)).doesNotContainKey(1);
    assertThat(counts(end, false)).containsEntry(1, 3);
  }

  @Test
  void aMoveToANodeThatWasLostIsTurnedElsewhere() {
    ShardDescriptor moving = shard(1, 1, 2, 3).movingTo(List.of(1, 2, 4));
    List<Placement.Change> changes =
        decide(
            List.of(node(1), node(2), node(3), node(4, Reach.LOST), node(5)), List.of(moving), 3);
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst().nodeIds()).containsExactlyInAnyOrder(1, 2, 5);
  }

  @Test
  void clustersOfAnyKindComeToRest() {
    Randomness random = Randomness.seeded(7);
    for (int run = 0; run < 2_000; run++) {
      int nodeCount = 1 + random.nextInt(7);
      List<NodeView> nodes = new ArrayList<>();
      for (int id = 1; id <= nodeCount; id++) {
        int kind = random.nextInt(12);
        nodes.add(
            switch (kind) {
              case 0 -> node(id, NodeState.DRAINING);
              case 1 -> node(id, NodeState.DECOMMISSIONING);
              case 2 -> node(id, Reach.AWAY);
              case 3 -> node(id, Reach.LOST);
              default -> node(id);
            });
      }
      List<ShardDescriptor> shards = new ArrayList<>();
      int shardCount = 1 + random.nextInt(20);
      for (int i = 1; i <= shardCount; i++) {
        List<Integer> all = new ArrayList<>();
        for (int id = 1; id <= nodeCount; id++) {
          all.add(random.nextInt(all.size() + 1), id);
        }
        int size = 1 + random.nextInt(Math.min(5, nodeCount));
        shards.add(shard(i, all.subList(0, size).toArray(Integer[]::new)));
      }
      int factor = Arrays.asList(1, 3, 5).get(random.nextInt(3));
      ClusterView end =
          settle(view(nodes, shards, ReplicaFactors.all(factor), 1 + random.nextInt(4)));
      long usable = nodes.stream().filter(NodeView::takesReplicas).count();
      if (usable < factor) {
        continue;
      }
      for (ShardDescriptor shard : end.shards()) {
        assertThat(shard.nodeIds().size()).as("%s of %s", shard, nodes).isEqualTo(factor);
        assertThat(new HashSet<>(shard.nodeIds())).hasSize(factor);
        for (int id : shard.nodeIds()) {
          assertThat(end.node(id).orElseThrow().losesReplicas()).isFalse();
        }
      }
    }
  }
}
