package io.shardforge.raft.shard;

/**
 * The row locks that a shard which was split off takes over on the node that held the parent's
 * lease, if that node is the next to serve it.
 *
 * @param leaseNumber under which the parent was served
 * @param firstNumber the lease since which they have been kept
 */
record InheritedLocks(long leaseNumber, long firstNumber, LockTable locks) {}
