package io.shardforge.raft.group;

import java.io.Serial;

/** A proposal that was not put into the log, because this node does not lead (yet, or any more). */
public final class NotLeaderException extends GroupException {
  @Serial private static final long serialVersionUID = 1L;

  private final int leaderNode;

  public NotLeaderException(long shardId, int leaderNode) {
    super(
        "this node does not lead shard "
            + shardId
            + (leaderNode == 0 ? "" : "; node " + leaderNode + " does"));
    this.leaderNode = leaderNode;
  }

  /** The node that leads as far as this one knows, 0 if it does not. */
  public int leaderNode() {
    return leaderNode;
  }
}
