package io.shardforge.server;

import io.shardforge.raft.route.AddressBook;
import io.shardforge.raft.route.NodeIdentity;
import io.shardforge.raft.route.PeerDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.storage.clock.Clock;
import java.util.concurrent.Executor;

/**
 * What connects a node with others, cluster or not.
 *
 * @param raftHandlers runs consensus messages; bounded
 * @param blocking runs what may block, on virtual threads
 * @param copying runs copies of whole replicas, on a thread of the system's each
 */
record Links(
    NodeIdentity identity,
    AddressBook book,
    RpcServices services,
    PeerDialer dialer,
    Executor raftHandlers,
    Executor blocking,
    Executor copying,
    Clock clock) {}
