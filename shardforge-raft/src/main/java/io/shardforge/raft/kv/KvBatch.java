package io.shardforge.raft.kv;

import io.shardforge.storage.clock.Deadline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests for one shard, served in order until one fails.
 *
 * @param shardId with {@code epoch}, the shard as the sender knows it
 * @param txn null for requests outside any transaction
 */
public record KvBatch(
    long shardId,
    long epoch,
    @Nullable TxnHeader txn,
    Deadline deadline,
    List<KvRequest> requests) {
  /** A batch of one request. */
  public static KvBatch of(
      ShardDescriptor shard, @Nullable TxnHeader txn, Deadline deadline, KvRequest request) {
    return new KvBatch(shard.shardId(), shard.epoch(), txn, deadline, List.of(request));
  }

  /**
   * Whether any replica may serve it that knows of all commits up to the timestamps read: reads of
   * no transaction that could have written.
   */
  public boolean isReadByAnybody() {
    if (txn != null) {
      return false;
    }
    for (KvRequest request : requests) {
      if (!(request instanceof KvRequest.Get
          || request instanceof KvRequest.Scan
          || request instanceof KvRequest.Versions
          || request instanceof KvRequest.SumUp)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the answer to its last copy says all, whatever became of earlier ones. Not so with the
   * steps of a commit: a copy under way may still be carried out after another one was refused.
   */
  public boolean isRepeatable() {
    for (KvRequest request : requests) {
      if (request instanceof KvRequest.CommitWrites
          || request instanceof KvRequest.Prepare
          || request instanceof KvRequest.Stage
          || request instanceof KvRequest.FinishStaged
          || request instanceof KvRequest.CommitRecord
          || request instanceof KvRequest.Split
          || request instanceof KvRequest.Move) {
        return false;
      }
    }
    return true;
  }

  /** The same requests for the shard as it is known now. */
  public KvBatch addressedTo(ShardDescriptor shard) {
    return new KvBatch(shard.shardId(), shard.epoch(), txn, deadline, requests);
  }
}
