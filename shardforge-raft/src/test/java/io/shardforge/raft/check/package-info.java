/**
 * The vocabulary of the checkers: a {@linkplain io.shardforge.raft.check.History history} of what
 * clients saw, and the {@linkplain io.shardforge.raft.check.Verdict verdict} on it. Judges live in
 * {@code txn} (cycles among transactions), {@code register} (linearizability) and {@code invariant}
 * (bank, set, long fork, monotonic); {@code file} reads and writes Jepsen's files.
 *
 * <p>Everything but {@link io.shardforge.raft.check.HistoryRecorder} is immutable or confined to
 * one thread. Imports nothing of the database: a judge shares no code with the judged.
 */
@NullMarked
package io.shardforge.raft.check;

import org.jspecify.annotations.NullMarked;
