package io.shardforge.raft.shard;

import io.shardforge.raft.kv.ShardDescriptor;
import java.util.List;

/** The map of shards, as replicas tell it what has become of theirs. */
public interface ShardMap {
  /** Takes note for this node's own requests. Must not block. */
  void learn(List<ShardDescriptor> shards);

  /**
   * Records for all nodes that a shard was split, unless that is recorded already. May block; fails
   * if it cannot be recorded now.
   */
  void recordSplit(ShardDescriptor parent, ShardDescriptor child);
}
