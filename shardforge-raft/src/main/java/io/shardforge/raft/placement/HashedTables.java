package io.shardforge.raft.placement;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.HashSlots;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables that are cut by a hash of their key. The rows of each are a ring of slots, cut into
 * even arcs; every arc has shards of its own, which go from node to node as any do.
 *
 * @param arcs the number of arcs by the id that the table's keys have
 */
public record HashedTables(Map<Integer, Integer> arcs) {
  /**
   * Nothing is cut for tables while nodes have that many replicas on average: each has a log, which
   * costs memory. Arcs share shards meanwhile, and lose nothing but the spread.
   */
  static final int REPLICAS_A_NODE_MAX = 300;

  /** Rows are in the first index. */
  private static final int ROWS = 1;

  public HashedTables {
    arcs = Map.copyOf(arcs);
  }

  /** Where shards begin so that each arc of a table has its own, in key order. */
  static List<byte[]> borders(int tableId, int arcs) {
    List<byte[]> borders = new ArrayList<>(HashSlots.arcStarts(tableId, ROWS, arcs));
    borders.add(KeySpace.indexSpan(tableId, ROWS).end());
    return borders;
  }

  /** Whether a border is between arcs, or between one and something else. */
  boolean wants(byte[] border) {
    int table = KeySpace.tableIdOf(border);
    Integer number = arcs.get(table);
    return number != null
        && borders(table, number).stream().anyMatch(wanted -> Arrays.equals(wanted, border));
  }

  /** The keys at which shards have to be split, in no shard that is changing. */
  List<byte[]> missingBorders(List<ShardDescriptor> shards) {
    if (!hasRoom(shards)) {
      return List.of();
    }
    List<byte[]> wanted = new ArrayList<>();
    arcs.forEach((table, number) -> wanted.addAll(borders(table, number)));
    return missing(wanted, shards);
  }

  /** The shards that begin at borders of arcs. */
  List<Long> shardsAtBorders(List<ShardDescriptor> shards) {
    return shards.stream()
        .filter(shard -> wants(shard.span().start()))
        .map(ShardDescriptor::shardId)
        .toList();
  }

  /** Whether nodes can do with more shards. */
  static boolean hasRoom(List<ShardDescriptor> shards) {
    long replicas = 0;
    Set<Integer> nodes = new HashSet<>();
    for (ShardDescriptor shard : shards) {
      replicas += shard.nodeIds().size();
      nodes.addAll(shard.nodeIds());
    }
    return replicas < (long) nodes.size() * REPLICAS_A_NODE_MAX;
  }

  /** Those of some keys at which no shard begins, but could: none that is changing has them. */
  static List<byte[]> missing(List<byte[]> wanted, List<ShardDescriptor> shards) {
    List<byte[]> missing = new ArrayList<>();
    for (byte[] key : wanted) {
      for (ShardDescriptor shard : shards) {
        KeySpan span = shard.span();
        if (!shard.isMeta()
            && !shard.isChanging()
            && span.contains(key)
            && Bytes.compare(span.start(), key) != 0) {
          missing.add(key);
        }
      }
    }
    return missing;
  }
}
