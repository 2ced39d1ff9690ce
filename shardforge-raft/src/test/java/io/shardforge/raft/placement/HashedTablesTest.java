package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterView.NodeView;
import io.shardforge.raft.placement.ClusterView.Reach;
import io.shardforge.raft.route.Locality;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The arcs of tables that are cut by hash: where they begin, and which nodes have them. */
final class HashedTablesTest {
  private static final int TABLE = 1_000;
  private static final byte[] ROWS = KeySpace.indexPrefix(TABLE, 1);
  private static final byte[] ROWS_END = KeySpace.indexPrefix(TABLE, 2);
  private static final KeySpan DATA = KeySpace.dataSpan();
  private static final int ARCS = 16;

  private static byte[] slot(String hex) {
    return Bytes.concat(ROWS, HexFormat.of().parseHex(hex));
  }

  private static HashedTables arcs(int arcs) {
    return new HashedTables(Map.of(TABLE, arcs));
  }

  private static ShardDescriptor shard(long id, byte[] start, byte[] end) {
    return new ShardDescriptor(id, new KeySpan(start, end), 1, List.of(1, 2, 3));
  }

  @Test
  void bordersAreEvenAndSurroundTheRows() {
    assertThat(HashedTables.borders(TABLE, 4))
        .containsExactly(ROWS, slot("4000"), slot("8000"), slot("c000"), ROWS_END);
    assertThat(HashedTables.borders(TABLE, 3))
        .containsExactly(ROWS, slot("5555"), slot("aaaa"), ROWS_END);
    assertThat(HashedTables.borders(TABLE, 1)).containsExactly(ROWS, ROWS_END);
    assertThat(HashedTables.borders(TABLE, 256)).hasSize(257).endsWith(slot("ff00"), ROWS_END);
  }

  @Test
  void onlyTheBordersOfArcsAreWanted() {
    for (byte[] border : HashedTables.borders(TABLE, 4)) {
      assertThat(arcs(4).wants(border)).isTrue();
      assertThat(new HashedTables(Map.of(TABLE + 1, 4)).wants(border)).isFalse();
    }
    assertThat(arcs(4).wants(slot("2000"))).isFalse();
    assertThat(arcs(8).wants(slot("2000"))).isTrue();
    assertThat(arcs(4).wants(slot("400000"))).isFalse();
    assertThat(arcs(4).wants(DATA.start())).isFalse();
    assertThat(new HashedTables(Map.of()).wants(slot("4000"))).isFalse();
  }

  @Test
  void whatIsMissingIsCutExceptInShardsThatAreMoving() {
    ShardDescriptor left = shard(2, DATA.start(), slot("8000"));
    ShardDescriptor right = shard(3, slot("8000"), DATA.end());
    assertThat(arcs(4).missingBorders(List.of(left, right)))
        .containsExactly(ROWS, slot("4000"), slot("c000"), ROWS_END);
    assertThat(arcs(4).missingBorders(List.of(left.movingTo(List.of(1, 2, 4)), right)))
        .containsExactly(slot("c000"), ROWS_END);
    assertThat(new HashedTables(Map.of()).missingBorders(List.of(left, right))).isEmpty();
  }

  @Test
  void nothingIsCutForTablesOnNodesThatAreFull() {
    List<ShardDescriptor> shards = new ArrayList<>();
    byte[] start = DATA.start();
    for (int id = 2; id <= HashedTables.REPLICAS_A_NODE_MAX; id++) {
      byte[] end = Bytes.concat(DATA.start(), new byte[] {0, (byte) (id >> 8), (byte) id});
      shards.add(shard(id, start, end));
      start = end;
    }
    shards.add(shard(1_000, start, DATA.end()));
    assertThat(shards).hasSize(HashedTables.REPLICAS_A_NODE_MAX);
    assertThat(arcs(4).missingBorders(shards)).isEmpty();
    assertThat(arcs(4).missingBorders(shards.subList(1, shards.size()))).hasSize(5);
  }

  /** The arcs of a table that was just cut, all where the one shard was. */
  private static List<ShardDescriptor> freshArcs() {
    List<ShardDescriptor> shards = new ArrayList<>();
    shards.add(
        new ShardDescriptor(
            ShardDescriptor.META_SHARD_ID, KeySpace.metaSpan(), 1, List.of(1, 2, 3)));
    byte[] start = DATA.start();
    long id = 2;
    for (byte[] border : HashedTables.borders(TABLE, ARCS)) {
      shards.add(shard(id++, start, border));
      start = border;
    }
    shards.add(shard(id, start, DATA.end()));
    return shards;
  }

  private static List<NodeView> nodes(int count) {
    List<NodeView> nodes = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      nodes.add(new NodeView(id, NodeState.ACTIVE, Reach.HERE, Locality.NONE));
    }
    return nodes;
  }

  private static boolean isArc(ShardDescriptor shard) {
    return Bytes.startsWith(shard.span().start(), ROWS);
  }

  @Test
  void everyNodeHasAndLeadsSeveralArcs() {
    for (int count : new int[] {3, 4, 5}) {
      ClusterView end =
          PlacementTest.settle(
              PlacementTest.view(nodes(count), freshArcs(), ReplicaFactors.all(3), 4));
      Map<Integer, Integer> has = new TreeMap<>();
      Map<Integer, Integer> leads = new TreeMap<>();
      for (ShardDescriptor shard : end.shards()) {
        if (isArc(shard)) {
          shard.nodeIds().forEach(node -> has.merge(node, 1, Integer::sum));
          leads.merge(shard.nodeIds().getFirst(), 1, Integer::sum);
        }
      }
      assertThat(has).hasSize(count);
      assertThat(leads).hasSize(count);
      assertThat(has.values()).allMatch(arcs -> arcs >= 3 * ARCS / count - 3);
      assertThat(leads.values()).allMatch(arcs -> arcs >= ARCS / count - 2);
    }
  }

  @Test
  void aNodeThatJoinsTakesArcsAndNoOtherMoves() {
    ClusterView before =
        PlacementTest.settle(PlacementTest.view(nodes(4), freshArcs(), ReplicaFactors.all(3), 4));
    ClusterView after =
        PlacementTest.settle(
            PlacementTest.view(nodes(5), before.shards(), ReplicaFactors.all(3), 4));
    int taken = 0;
    for (int i = 0; i < before.shards().size(); i++) {
      List<Integer> old = before.shards().get(i).nodeIds();
      for (int node : after.shards().get(i).nodeIds()) {
        if (!old.contains(node)) {
          assertThat(node).isEqualTo(5);
          taken += isArc(before.shards().get(i)) ? 1 : 0;
        }
      }
    }
    assertThat(taken).isGreaterThanOrEqualTo(ARCS / 4);
  }
}
