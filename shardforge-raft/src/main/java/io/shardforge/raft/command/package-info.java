/**
 * What goes through a shard's log: one file per command, with its bytes and its deterministic
 * effect. Runs on the log's apply thread; imports raft.kv's buffers and storage.
 */
@NullMarked
package io.shardforge.raft.command;

import org.jspecify.annotations.NullMarked;
