package io.shardforge.raft.route;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvResponse;

/** The replicas on this node, as the router reaches them without a network. */
public interface LocalReplicas {
  /** Whether this node has a replica of the shard. */
  boolean holds(long shardId);

  /**
   * Serves a batch on the calling thread, or answers that this node does not lead the shard. Must
   * be called only for a shard that it {@link #holds}.
   */
  KvResponse serve(KvBatch batch) throws InterruptedException;
}
