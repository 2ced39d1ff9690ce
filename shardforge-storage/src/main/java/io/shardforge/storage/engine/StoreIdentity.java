package io.shardforge.storage.engine;

import java.util.UUID;

/**
 * Whose store a directory is.
 *
 * @param clusterId the cluster that the data belongs to
 * @param nodeId the node's number in that cluster, from 1
 */
public record StoreIdentity(UUID clusterId, int nodeId) {
  public StoreIdentity {
    if (nodeId < 1) {
      throw new IllegalArgumentException("node id " + nodeId);
    }
  }
}
