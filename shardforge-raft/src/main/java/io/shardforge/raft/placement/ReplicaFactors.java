package io.shardforge.raft.placement;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How many replicas shards should have. A table that wants another number than the cluster gets
 * shards of its own; until it has them, its rows have as many replicas as those they lie among.
 *
 * @param cluster the number for all others
 * @param tables the numbers of tables that want one of their own, by the id that their keys have
 */
public record ReplicaFactors(int cluster, Map<Integer, Integer> tables) {
  public ReplicaFactors {
    tables = Map.copyOf(tables);
  }

  /** One number for all. */
  public static ReplicaFactors all(int factor) {
    return new ReplicaFactors(factor, Map.of());
  }

  /** The number for a shard. */
  public int of(ShardDescriptor shard) {
    Integer own = tables.get(KeySpace.tableIdOf(shard.span().start()));
    return own != null
            && KeySpace.tableSpan(KeySpace.tableIdOf(shard.span().start())).contains(shard.span())
        ? own
        : cluster;
  }

  /** The keys at which shards have to be split, in no shard that is changing. */
  List<byte[]> missingBorders(List<ShardDescriptor> shards) {
    return HashedTables.missing(borders(), shards);
  }

  private List<byte[]> borders() {
    List<byte[]> borders = new ArrayList<>();
    tables.forEach((table, factor) -> {
      if (factor != cluster) {
        KeySpan span = KeySpace.tableSpan(table);
        borders.add(span.start());
        borders.add(span.end());
      }
    });
    return borders;
  }
}
