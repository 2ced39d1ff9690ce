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
import org.junit.jupiter.api.Test;

/** Replicas kept apart in clusters whose nodes say where they are. */
final class LocalityPlacementTest {
  private static NodeView node(int id, String locality) {
    return node(id, locality, Reach.HERE);
  }

  private static NodeView node(int id, String locality, Reach reach) {
    return new NodeView(id, NodeState.ACTIVE, reach, Locality.parse(locality));
  }

  private static String place(ClusterView view, int id) {
    return view.node(id).orElseThrow().locality().toString();
  }

  /** How many tiers the replicas of a shard share, written without the code that is tested. */
  private static int closeness(ClusterView view, List<Integer> ids) {
    int depth =
        view.nodes().stream().mapToInt(node -> node.locality().tiers().size()).max().orElseThrow();
    int sum = 0;
    for (int one : ids) {
      for (int other : ids) {
        if (one < other) {
          for (int tier = 1; tier <= depth; tier++) {
            sum += prefix(view, one, tier).equals(prefix(view, other, tier)) ? 1 : 0;
          }
        }
      }
    }
    return sum;
  }

  private static List<String> prefix(ClusterView view, int id, int length) {
    List<String> tiers = new ArrayList<>(view.node(id).orElseThrow().locality().tiers());
    while (tiers.size() < length) {
      tiers.add("");
    }
    return tiers.subList(0, length);
  }

  private static int leastCloseness(ClusterView view, List<Integer> chosen, int from, int more) {
    if (more == 0) {
      return closeness(view, chosen);
    }
    int least = Integer.MAX_VALUE;
    for (int at = from; at <= view.nodes().size() - more; at++) {
      List<Integer> next = new ArrayList<>(chosen);
      next.add(view.nodes().get(at).nodeId());
      least = Math.min(least, leastCloseness(view, next, at + 1, more - 1));
    }
    return least;
  }

  @Test
  void eachZoneGetsOneReplicaOfEachShard() {
    List<NodeView> nodes =
        List.of(
            node(1, "region=eu,zone=a"),
            node(2, "region=eu,zone=a"),
            node(3, "region=eu,zone=b"),
            node(4, "region=eu,zone=b"),
            node(5, "region=eu,zone=c"),
            node(6, "region=eu,zone=c"));
    List<ShardDescriptor> shards = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      shards.add(PlacementTest.shard(i, 1, 2, 3));
    }
    ClusterView end =
        PlacementTest.settle(PlacementTest.view(nodes, shards, ReplicaFactors.all(3), 2));
    Map<Integer, Integer> counts = new HashMap<>();
    for (ShardDescriptor shard : end.shards()) {
      Set<String> places = new HashSet<>();
      shard
          .nodeIds()
          .forEach(id -> {
            places.add(place(end, id));
            counts.merge(id, 1, Integer::sum);
          });
      assertThat(places).hasSize(3);
    }
    assertThat(counts.values()).as("and nodes of one zone share evenly").containsOnly(4);
  }

  @Test
  void apartComesBeforeEven() {
    // The nodes of the small zones hold everything, whatever the other two do.
    List<NodeView> nodes =
        List.of(node(1, "zone=a"), node(2, "zone=b"), node(3, "zone=c"), node(4, "zone=c"));
    List<ShardDescriptor> shards = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      shards.add(PlacementTest.shard(i, 1, 3, 4));
    }
    ClusterView end =
        PlacementTest.settle(PlacementTest.view(nodes, shards, ReplicaFactors.all(3), 2));
    assertThat(end.shards())
        .allSatisfy(shard -> assertThat(shard.nodeIds()).contains(1, 2).hasSize(3));
    assertThat(end.shards().stream().filter(shard -> shard.nodeIds().contains(3))).hasSize(3);
  }

  @Test
  void aReplacementGoesWhereTheOthersAreNot() {
    List<NodeView> nodes =
        List.of(
            node(1, "region=eu,zone=a"),
            node(2, "region=eu,zone=b"),
            node(3, "region=us,zone=c", Reach.LOST),
            node(4, "region=eu,zone=a"),
            node(5, "region=us,zone=d"));
    List<Placement.Change> changes =
        Placement.decide(
            PlacementTest.view(
                nodes,
                List.of(
                    PlacementTest.shard(1, 1, 2, 3),
                    PlacementTest.shard(2, 5, 1, 2),
                    PlacementTest.shard(3, 5, 2, 1)),
                ReplicaFactors.all(3),
                2));
    // Node 4 has fewer replicas, but is where node 1 is.
    assertThat(changes.getFirst().shard().shardId()).isEqualTo(1);
    assertThat(changes.getFirst().nodeIds()).containsExactlyInAnyOrder(1, 2, 5);
  }

  @Test
  void ofTooManyReplicasOneOfTwoNeighborsGoes() {
    List<NodeView> nodes =
        List.of(
            node(1, "zone=a"),
            node(2, "zone=b"),
            node(3, "zone=c"),
            node(4, "zone=a"),
            node(5, "zone=b"));
    ClusterView end =
        PlacementTest.settle(
            PlacementTest.view(
                nodes, List.of(PlacementTest.shard(1, 1, 2, 3, 4, 5)), ReplicaFactors.all(3), 2));
    Set<String> places = new HashSet<>();
    end.shards().getFirst().nodeIds().forEach(id -> places.add(place(end, id)));
    assertThat(places).hasSize(3);
  }

  @Test
  void replicasEndUpAsFarApartAsTheyCanBe() {
    Randomness random = Randomness.seeded(11);
    for (int run = 0; run < 1_000; run++) {
      int nodeCount = 3 + random.nextInt(6);
      List<NodeView> nodes = new ArrayList<>();
      for (int id = 1; id <= nodeCount; id++) {
        String region = "region=r" + random.nextInt(3);
        String zone = region + ",zone=z" + random.nextInt(3);
        nodes.add(
            node(
                id,
                switch (random.nextInt(8)) {
                  case 0 -> "";
                  case 1 -> region;
                  case 2 -> zone + ",rack=k" + random.nextInt(2);
                  default -> zone;
                }));
      }
      List<ShardDescriptor> shards = new ArrayList<>();
      for (int i = 1; i <= 1 + random.nextInt(10); i++) {
        List<Integer> all = new ArrayList<>();
        for (int id = 1; id <= nodeCount; id++) {
          all.add(random.nextInt(all.size() + 1), id);
        }
        int size = 1 + random.nextInt(Math.min(5, nodeCount));
        shards.add(PlacementTest.shard(i, all.subList(0, size).toArray(Integer[]::new)));
      }
      int factor = nodeCount >= 5 && random.nextInt(2) == 0 ? 5 : 3;
      ClusterView end =
          PlacementTest.settle(
              PlacementTest.view(nodes, shards, ReplicaFactors.all(factor), 1 + random.nextInt(3)));
      int least = leastCloseness(end, List.of(), 0, factor);
      for (ShardDescriptor shard : end.shards()) {
        assertThat(shard.nodeIds()).hasSize(factor);
        assertThat(closeness(end, shard.nodeIds()))
            .as("run %s: %s of %s", run, shard, nodes)
            .isEqualTo(least);
      }
    }
  }

  @Test
  void noStepBringsReplicasCloserAgain() {
    Randomness random = Randomness.seeded(12);
    for (int run = 0; run < 500; run++) {
      List<NodeView> nodes = new ArrayList<>();
      for (int id = 1; id <= 7; id++) {
        String place = "region=r" + random.nextInt(2) + ",zone=z" + random.nextInt(3);
        nodes.add(node(id, place, random.nextInt(6) == 0 ? Reach.AWAY : Reach.HERE));
      }
      List<ShardDescriptor> shards = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        int first = random.nextInt(5);
        shards.add(PlacementTest.shard(i, first + 1, first + 2, first + 3));
      }
      for (int round = 0; ; round++) {
        assertThat(round).as("rounds").isLessThan(200);
        ClusterView now = PlacementTest.view(nodes, shards, ReplicaFactors.all(3), 1);
        List<Placement.Change> changes = Placement.decide(now);
        if (changes.isEmpty()) {
          break;
        }
        for (Placement.Change change : changes) {
          assertThat(closeness(now, change.nodeIds()))
              .isLessThanOrEqualTo(closeness(now, change.shard().nodeIds()));
          shards.set(shards.indexOf(change.shard()), change.shard().on(change.nodeIds()));
        }
      }
    }
  }
}
