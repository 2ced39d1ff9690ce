package io.shardforge.raft.meta;

import java.util.Locale;

/** What a node's operator wants of it. */
public enum NodeState {
  /** It holds and leads its share. */
  ACTIVE,
  /** It keeps its replicas and leads nothing. */
  DRAINING,
  /** It is being emptied. */
  DECOMMISSIONING,
  /** It holds nothing, and may be stopped for good. */
  DECOMMISSIONED;

  /** Whether its replicas are to be on other nodes. */
  public boolean losesReplicas() {
    return this == DECOMMISSIONING || this == DECOMMISSIONED;
  }

  /**
   * Whether a node may come into this state from another one. What is empty need not be emptied, is
   * not drained either, and nobody is let go of who was taken back meanwhile.
   */
  boolean mayFollow(NodeState before) {
    return switch (this) {
      case ACTIVE -> true;
      case DRAINING -> !before.losesReplicas();
      case DECOMMISSIONING -> before != DECOMMISSIONED;
      case DECOMMISSIONED -> before == DECOMMISSIONING;
    };
  }

  /** Its name in SQL and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
