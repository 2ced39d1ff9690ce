package io.shardforge.sql.function;

import io.shardforge.raft.meta.NodeState;

/** What functions ask of the cluster's nodes. Obtained from EvalContext.services(). */
public interface NodeFunctions {
  /** Says what is wanted of a node; returns the word for its state then. */
  String setState(long node, NodeState state);
}
