/**
 * Jepsen's history files: EDN, one map for each invocation and completion. A {@link
 * io.shardforge.raft.check.file.HistoryFile} gives the judges what Jepsen recorded, and Elle what
 * our own runs recorded; {@link io.shardforge.raft.check.file.JudgeFile} is the command that judges
 * a file. Confined to the caller's thread. Imports only the other packages of the checkers.
 */
@NullMarked
package io.shardforge.raft.check.file;

import org.jspecify.annotations.NullMarked;
