package io.shardforge.raft.route;

import java.util.concurrent.CompletableFuture;

/** One service's answer to calls. */
@FunctionalInterface
public interface RpcHandler {
  /**
   * Answers one call; runs on the executor that the service was registered with. A failure's
   * message travels to the caller.
   *
   * @param fromNode the caller's node id, 0 if it has none yet
   */
  CompletableFuture<byte[]> handle(int fromNode, byte[] payload);
}
