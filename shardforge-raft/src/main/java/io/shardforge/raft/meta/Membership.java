package io.shardforge.raft.meta;

import io.shardforge.raft.route.NodeAddress;

/**
 * What a node became: its place in the cluster, and what the cluster looks like.
 *
 * @param self the node's announcement, with its id and incarnation
 */
public record Membership(NodeAddress self, ClusterPlan plan) {}
