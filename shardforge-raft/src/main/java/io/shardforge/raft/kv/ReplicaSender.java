package io.shardforge.raft.kv;

/** The way to one replica of a shard, for what any of them can answer. */
@FunctionalInterface
public interface ReplicaSender {
  /**
   * Sends a batch to the replica on a node and waits for the answer. Retries until the batch's
   * deadline while the node cannot be reached or has not applied enough.
   */
  KvResponse sendTo(int nodeId, ShardDescriptor shard, KvBatch batch) throws InterruptedException;
}
