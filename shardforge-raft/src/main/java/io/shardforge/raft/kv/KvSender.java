package io.shardforge.raft.kv;

/**
 * The way to a shard's lease holder.
 *
 * <p>Every request is idempotent under its transaction and sequence, so sending again is always
 * safe. A batch for a lease holder on this node runs on the calling thread.
 */
@FunctionalInterface
public interface KvSender {
  /**
   * Sends one batch, whose keys all lie in one shard, and waits for the answer. Retries where no
   * lease holder was reached until the batch's deadline; {@link KvError.StaleShard} goes back to
   * the caller, who has to group its keys anew.
   */
  KvResponse send(ShardDescriptor shard, KvBatch batch) throws InterruptedException;

  /** The node that answered for a shard last, as far as that is known, else 0. */
  default int answererOf(ShardDescriptor shard) {
    return 0;
  }

  /** Asks the replica of one node, once, whether it leads or not. */
  default KvResponse ask(int nodeId, KvBatch batch) throws InterruptedException {
    return new KvResponse.Failed(
        new KvError.Unavailable(batch.shardId(), "node " + nodeId + " cannot be asked"));
  }
}
