package io.shardforge.raft.group;

/** What happens when this node must not go on: in a server, the process ends. */
@FunctionalInterface
public interface FatalHandler {
  /** Stops the node; may return before it has stopped, and may be called again. */
  void stopNode(String reason, Throwable cause);
}
