package io.shardforge.raft.meta;

import io.shardforge.raft.route.NodeAddress;

/** Gives nodes that come to an existing cluster their place in it. */
@FunctionalInterface
public interface Enrollment {
  /**
   * Finds or makes the place of a node: the next incarnation of the node that was last seen at its
   * address, else a new id. Blocks until the cluster's tables say so; throws what stopped it.
   *
   * @param newcomer its announcement, without an id
   */
  Membership enroll(NodeAddress newcomer) throws InterruptedException;
}
