package io.shardforge.raft.route;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who this node is: its cluster, once it belongs to one, and its own announcement. Changes once,
 * when a new node joins a cluster. Safe for all threads.
 */
public final class NodeIdentity {
  private volatile Self self;

  /**
   * One state of the identity.
   *
   * @param clusterId 16 bytes in hexadecimal digits, empty without a cluster
   */
  public record Self(String clusterId, NodeAddress address) {
    public Self {
      if (!clusterId.isEmpty() && HexFormat.of().parseHex(clusterId).length != 16) {
        throw new IllegalArgumentException("not a cluster id: " + clusterId);
      }
    }

    public boolean hasCluster() {
      return !clusterId.isEmpty();
    }
  }

  public NodeIdentity(Self self) {
    this.self = self;
  }

  public Self self() {
    return self;
  }

  public int nodeId() {
    return self.address().nodeId();
  }

  /** Becomes a member of a cluster, or announces new addresses. */
  public void become(Self next) {
    self = next;
  }

  /** Why a node of that cluster must not talk to this one; null if it may. */
  @Nullable String refusalOf(String peerClusterId) {
    Self mine = self;
    if (!mine.hasCluster() || peerClusterId.isEmpty() || mine.clusterId().equals(peerClusterId)) {
      return null;
    }
    return "this node belongs to cluster "
        + mine.clusterId()
        + ", the caller to cluster "
        + peerClusterId;
  }
}
