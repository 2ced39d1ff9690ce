package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.HashSlots;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A table that is cut by hash on real logs: the cluster cuts it by itself and spreads the arcs. */
final class ArcsOnLogsTest extends ShardsOnLogs {
  private static final int TABLE = KeySpace.FIRST_USER_TABLE_ID;
  private static final int ARCS = 4;

  private void cutByHash(int arcs) {
    var _ =
        retrying(() -> {
          Txn txn = node(1).transactions.begin(Isolation.READ_COMMITTED, false);
          try {
            txn.beginStatement(Deadline.after(node(1).rpc.clock, STATEMENT_TIME), Duration.ZERO);
            MetaTable.putTableArcs(txn, TABLE, arcs);
            return txn.commit();
          } finally {
            txn.rollback();
          }
        });
  }

  /** The shards of the arcs as the map has them, as far as there are any. */
  private List<ShardDescriptor> arcs() {
    List<ShardDescriptor> found = new ArrayList<>();
    try {
      node(2).map.refresh();
    } catch (KvException e) {
      return found;
    }
    for (byte[] start : HashSlots.arcStarts(TABLE, 1, ARCS)) {
      node(2).map.all().stream()
          .filter(shard -> Arrays.equals(shard.span().start(), start))
          .forEach(found::add);
    }
    return found;
  }

  @Test
  void theClusterCutsATableAndSpreadsItsArcs() throws Exception {
    for (int i = 0; i < 20; i++) {
      write(1, "%c row".formatted(i * 12), "1");
    }
    List<String> before = rows(1);
    cutByHash(ARCS);
    place();
    Await.until("all arcs have shards", () -> arcs().size() == ARCS);
    Await.until(
        "the system may take the borders back one day",
        () -> {
          Set<Long> own = retrying(() -> node(3).metaTable.ownBorders());
          return arcs().stream().allMatch(arc -> own.contains(arc.shardId()));
        });
    assertThat(rows(3)).isEqualTo(before);

    start(4, 1, new MemoryEngine(), true, _ -> {});
    place();
    Await.until(
        "four nodes have their share of the arcs",
        () -> {
          Map<Integer, Integer> counts = new TreeMap<>();
          List<ShardDescriptor> arcs = arcs();
          for (ShardDescriptor arc : arcs) {
            if (arc.isChanging()) {
              return false;
            }
            arc.nodeIds().forEach(id -> counts.merge(id, 1, Integer::sum));
          }
          return arcs.size() == ARCS
              && counts.size() == 4
              && counts.values().stream().allMatch(count -> count >= ARCS / 2);
        });
    assertThat(rows(4)).isEqualTo(before);
  }
}
