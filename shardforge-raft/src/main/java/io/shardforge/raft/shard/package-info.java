/**
 * One node's copies of shards: what the lease holder judges (latches, locks, reads, commits) and
 * what every copy applies. Requests run on their caller's thread, apply on the log's. Imports
 * raft.kv, raft.command, raft.group, raft.oracle, raft.txn's deadlock detector and storage.
 */
@NullMarked
package io.shardforge.raft.shard;

import org.jspecify.annotations.NullMarked;
