/**
 * The road between nodes: one port a node, one multiplexed connection a peer, calls by node id and
 * service number; and which node to send a shard's batch to.
 *
 * <p>Threads: bytes are moved by the network loops handed in at construction; a service's handlers
 * run on the executor it was registered with; replies complete on a network loop, so what is
 * chained on them must not block. Imports Netty and protobuf.
 */
@NullMarked
package io.shardforge.raft.route;

import org.jspecify.annotations.NullMarked;
