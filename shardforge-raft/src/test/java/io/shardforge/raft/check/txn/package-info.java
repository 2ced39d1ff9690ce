/**
 * Judges of transactional histories after Kingsbury and Alvaro, "Elle: Inferring Isolation
 * Anomalies from Experimental Observations" (VLDB 2020): version orders from what was read,
 * dependencies between transactions from version orders, and cycles among dependencies, named as in
 * Adya's thesis. {@link io.shardforge.raft.check.txn.ListAppend} and {@link
 * io.shardforge.raft.check.txn.RwRegister} are the doors. Each judgement is confined to its
 * caller's thread. Imports only {@code io.shardforge.raft.check}.
 */
@NullMarked
package io.shardforge.raft.check.txn;

import org.jspecify.annotations.NullMarked;
