/**
 * Judges of histories by one invariant each: {@link io.shardforge.raft.check.invariant.Bank},
 * {@link io.shardforge.raft.check.invariant.GrowOnlySet}, {@link
 * io.shardforge.raft.check.invariant.LongFork} and {@link
 * io.shardforge.raft.check.invariant.Monotonic}. Confined to the caller's thread. Imports only
 * {@code io.shardforge.raft.check} and its transactions.
 */
@NullMarked
package io.shardforge.raft.check.invariant;

import org.jspecify.annotations.NullMarked;
