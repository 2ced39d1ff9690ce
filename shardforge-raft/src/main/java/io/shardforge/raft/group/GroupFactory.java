package io.shardforge.raft.group;

import io.shardforge.raft.kv.ShardDescriptor;

/** Where replicas get their log from. */
public interface GroupFactory {
  /** Joins this node's member of the shard's log, and starts to apply what is committed. */
  RaftGroup open(ShardDescriptor shard, ReplicatedState state);
}
