package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;
import java.util.List;

/**
 * A shard as the map of shards knows it.
 *
 * @param shardId 1 is the meta shard
 * @param epoch grows whenever span or replicas change
 * @param nodeIds the nodes that hold a replica, the preferred leader first
 */
public record ShardDescriptor(long shardId, KeySpan span, long epoch, List<Integer> nodeIds) {
  /** The shard of the cluster's own tables and of the timestamp oracle. */
  public static final long META_SHARD_ID = 1;

  public ShardDescriptor {
    nodeIds = List.copyOf(nodeIds);
  }

  public boolean isMeta() {
    return shardId == META_SHARD_ID;
  }
}
