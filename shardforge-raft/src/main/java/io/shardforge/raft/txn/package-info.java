/**
 * Transactions as the layers above use them: snapshots, row locks, buffered writes, commits over
 * one or many shards. A transaction belongs to one thread at a time; the client, its heartbeats and
 * the deadlock detector serve any number. Imports raft.kv, raft.oracle and storage.
 */
@NullMarked
package io.shardforge.raft.txn;

import org.jspecify.annotations.NullMarked;
