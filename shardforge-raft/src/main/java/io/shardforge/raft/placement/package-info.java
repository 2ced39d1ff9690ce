/**
 * Where shards are cut, and where their replicas and leaders should be; what operators ask of all
 * of them.
 *
 * <p>Threads: what has rounds is driven by one thread that the node gives it, the rest is for any
 * thread. Decides only; the logs do. Imports the replicas, the cluster's tables and what they need.
 */
@NullMarked
package io.shardforge.raft.placement;

import org.jspecify.annotations.NullMarked;
