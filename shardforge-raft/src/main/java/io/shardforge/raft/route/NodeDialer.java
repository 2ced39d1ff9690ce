package io.shardforge.raft.route;

import io.shardforge.storage.clock.Deadline;
import java.util.concurrent.CompletableFuture;

/** Calls a service of another node, or of this one, by the node's id. */
public interface NodeDialer {
  /**
   * Completes with the handler's reply, or fails with an {@link RpcException}. Without a deadline
   * of its own a call gets {@link RpcLimits#CALL_TIME_MAX}.
   */
  CompletableFuture<byte[]> call(int nodeId, int service, byte[] payload, Deadline deadline);
}
