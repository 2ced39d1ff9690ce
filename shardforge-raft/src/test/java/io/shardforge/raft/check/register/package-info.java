/**
 * The judge of single registers: whether one order explains all their operations and keeps real
 * time ({@link io.shardforge.raft.check.register.Linearizability}). Confined to the caller's
 * thread. Imports only {@code io.shardforge.raft.check}.
 */
@NullMarked
package io.shardforge.raft.check.register;

import org.jspecify.annotations.NullMarked;
