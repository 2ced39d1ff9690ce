package io.shardforge.raft.shard;

import io.shardforge.raft.kv.ShardDescriptor;
import java.util.Collection;
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

  /**
   * Records for all nodes where a shard's replicas are or are going to be. May block; fails if it
   * cannot be recorded now. Returns false while the map does not know the shard at all: then it was
   * split off and will be recorded first.
   */
  boolean recordMove(ShardDescriptor shard);

  /** Tells nodes of a shard that has come to them or left them, if they can be reached. */
  void tell(ShardDescriptor shard, Collection<Integer> nodes);

  /**
   * Records for all nodes that a shard has taken its right neighbor in; as above.
   *
   * @param right the neighbor, which is no more
   */
  void recordMerge(ShardDescriptor merged, ShardDescriptor right);
}
