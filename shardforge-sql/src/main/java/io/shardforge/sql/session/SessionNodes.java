package io.shardforge.sql.session;

import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.sql.function.NodeFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** What a session may do to the cluster's nodes: as a superuser everything, otherwise nothing. */
final class SessionNodes implements NodeFunctions {
  private final Session session;

  SessionNodes(Session session) {
    this.session = session;
  }

  @Override
  public String setState(long node, NodeState state) {
    requireSuperuser(session);
    ClusterControl cluster = session.services().cluster();
    if (cluster.nodes().stream().noneMatch(known -> known.nodeId() == node)) {
      throw new ShardForgeException(ErrorCode.UNDEFINED_OBJECT, "node " + node + " does not exist");
    }
    NodeState now = cluster.setNodeState((int) node, state);
    if (state == NodeState.DRAINING && now != state) {
      throw new ShardForgeException(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "node " + node + " is " + now.word() + " and cannot be drained")
          .withHint("Recommission it first.");
    }
    return now.word();
  }

  /** Refuses everybody else what concerns the whole cluster. */
  static void requireSuperuser(Session session) {
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "must be superuser to change nodes and replicas");
    }
  }
}
