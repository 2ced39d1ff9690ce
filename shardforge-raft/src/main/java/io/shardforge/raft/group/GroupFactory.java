package io.shardforge.raft.group;

import io.shardforge.raft.kv.ShardDescriptor;
import java.io.IOException;
import java.util.List;

/** Where replicas get their log from. */
public interface GroupFactory {
  /** Joins this node's member of the shard's log, and starts to apply what is committed. */
  RaftGroup open(ShardDescriptor shard, ReplicatedState state);

  /**
   * Makes this node's part of a log that others make, too, or have already; it is durable when this
   * returns. Does nothing if it is there. Whoever calls this must know that this node has never had
   * a part of that log: it has forgotten every promise that it may have made.
   *
   * @param members with which the log begins, at {@link AppliedIndex#SEED}; none where others have
   *     begun it: then its leader sends this node the state
   */
  default void seed(long shardId, List<String> members) throws IOException {
    throw new UnsupportedOperationException("a log that cannot be cut off another one");
  }

  /**
   * Removes this node's part of a log that it has left for good; it is gone durably when this
   * returns. What it promised in elections is kept, for the case that it comes back.
   */
  default void forget(long shardId) throws IOException {
    throw new UnsupportedOperationException("a log that cannot be left for good");
  }

  /** Joins a log that {@link #seed} has made. */
  default RaftGroup openSeeded(ShardDescriptor shard, ReplicatedState state) {
    return open(shard, state);
  }
}
