/**
 * Where replicas and their leaders should be.
 *
 * <p>Threads: each class is driven by one thread that the node gives it. Decides only; the logs do.
 */
@NullMarked
package io.shardforge.raft.placement;

import org.jspecify.annotations.NullMarked;
