package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.route.Await;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Replicas on real logs move between nodes: under load, in crashes, and with a node that dies. */
final class MovesOnLogsTest extends ShardsOnLogs {
  @Test
  void aBankGoesFromThreeNodesToFiveAndBack() throws Exception {
    runBank(() -> {
      split(1, "account12");
      long second = node(1).map.locate(key("account12")).shardId();
      start(4, 1, new MemoryEngine(), true, _ -> {});
      start(5, 1, new MemoryEngine(), true, _ -> {});
      move(1, 2, 4, 2, 3);
      move(2, second, 1, 2, 3, 4);
      awaitOn(2, 4, 2, 3);
      awaitOn(second, 1, 2, 3, 4);
      move(3, 1, 1, 2, 5);
      move(2, second, 5, 2, 4);
      awaitOn(1, 1, 2, 5);
      awaitOn(second, 5, 2, 4);
      awaitNoRows(1, node(1).map.locate(key("account00")).span());
      // And back, to nodes that had them before.
      move(3, 1, 1, 2, 3);
      move(4, 2, 1, 2, 3);
      move(4, second, 3, 2, 4);
      awaitOn(second, 3, 2, 4);
      move(4, second, 3, 2, 1);
      awaitOn(1, 1, 2, 3);
      awaitOn(2, 1, 2, 3);
      awaitOn(second, 3, 2, 1);
    });
    awaitNoRows(4, KeySpace.dataSpan());
    awaitNoRows(5, KeySpace.dataSpan());
  }

  @Test
  void theLeaderThatMovesAShardDies() throws Exception {
    write(1, "a", "1");
    start(4, 1, new MemoryEngine(), true, _ -> {});
    int leader = leaderOf(2);
    List<Integer> others = NODES.stream().filter(id -> id != leader).toList();
    int asking = others.getFirst();
    move(asking, 2, others.get(0), others.get(1), 4);
    MemoryEngine kept = crash(leader);
    write(asking, "b", "2");
    awaitOn(2, others.get(0), others.get(1), 4);
    // It finds that it has left, and lets go of what it had.
    start(leader, 2, kept, false, _ -> {});
    awaitOn(2, others.get(0), others.get(1), 4);
    awaitNoRows(leader, KeySpace.dataSpan());
    assertThat(rows(leader)).containsExactly("a=1", "b=2");
  }

  @Test
  void aCrashWhileACopyIsRemovedIsMadeGood() throws Exception {
    write(1, "a", "1");
    start(4, 1, new MemoryEngine(), true, _ -> {});
    int victim = 1 + leaderOf(2) % 3;
    List<Integer> others = NODES.stream().filter(id -> id != victim).toList();
    AtomicBoolean reached = new AtomicBoolean();
    node(victim)
        .replicas
        .onLeave(_ -> {
          reached.set(true);
          throw new IllegalStateException("the node stops here");
        });
    move(victim, 2, others.get(0), others.get(1), 4);
    Await.until("the copy is void", reached::get);
    MemoryEngine kept = crash(victim);
    start(victim, 2, kept, false, _ -> {});
    awaitOn(2, others.get(0), others.get(1), 4);
    awaitNoRows(victim, KeySpace.dataSpan());
    // It may come back.
    move(4, 2, victim, others.get(0), others.get(1));
    awaitOn(2, victim, others.get(0), others.get(1));
    assertThat(rows(4)).containsExactly("a=1");
  }

  @Test
  void aMoveToANodeThatDiesIsTurnedElsewhere() throws Exception {
    write(1, "a", "1");
    start(4, 1, new MemoryEngine(), true, _ -> {});
    start(5, 1, new MemoryEngine(), true, _ -> {});
    node(4).close();
    nodes().remove(4);
    move(1, 2, 1, 2, 4);
    write(2, "b", "2");
    move(1, 2, 1, 2, 5);
    awaitOn(2, 1, 2, 5);
    write(3, "c", "3");
    assertThat(rows(3)).containsExactly("a=1", "b=2", "c=3");
  }

  /** Waits until all shards are on as many of these nodes as they should be, spread evenly. */
  private void awaitSpread(int asking, Set<Integer> on) {
    Await.until(
        "all shards are on " + on,
        () -> {
          SplitNode node = node(asking);
          try {
            node.map.refresh();
          } catch (KvException e) {
            return false;
          }
          Map<Integer, Integer> counts = new TreeMap<>();
          for (ShardDescriptor shard : node.map.all()) {
            if (shard.isChanging() || shard.nodeIds().size() != 3) {
              return false;
            }
            shard.nodeIds().forEach(id -> counts.merge(id, 1, Integer::sum));
          }
          return counts.keySet().equals(on)
              && counts.values().stream().mapToInt(count -> count).max().orElse(0)
                      - counts.values().stream().mapToInt(count -> count).min().orElse(0)
                  < 2;
        });
  }

  @Test
  void theLoopFillsNewNodesAndEmptiesThoseThatLeave() throws Exception {
    runBank(
        List.of(3),
        () -> {
          split(1, "account08");
          split(1, "account16");
          start(4, 1, new MemoryEngine(), true, _ -> {});
          start(5, 1, new MemoryEngine(), true, _ -> {});
          place();
          awaitSpread(3, Set.of(1, 2, 3, 4, 5));
          retrying(() -> {
            node(4).metaTable.setNodeState(1, NodeState.DECOMMISSIONING);
            node(4).metaTable.setNodeState(4, NodeState.DECOMMISSIONING);
            return true;
          });
          awaitSpread(3, Set.of(2, 3, 5));
          Await.until(
              "both may be stopped",
              () ->
                  retrying(() -> node(5).metaTable.nodeStates())
                      .equals(Map.of(1, NodeState.DECOMMISSIONED, 4, NodeState.DECOMMISSIONED)));
          awaitNoRows(1, KeySpace.dataSpan());
          awaitNoRows(4, KeySpace.dataSpan());
          for (int id : List.of(1, 4)) {
            node(id).close();
            nodes().remove(id);
          }
        });
  }
}
