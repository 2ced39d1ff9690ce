/**
 * The cluster's own tables and beginnings: who belongs to it, how a node becomes a member, and how
 * nodes find each other again after a restart.
 *
 * <p>Threads: handlers and loops run on virtual threads and may block. Imports the routes between
 * nodes and the transactions that the cluster's tables are written with.
 */
@NullMarked
package io.shardforge.raft.meta;

import org.jspecify.annotations.NullMarked;
