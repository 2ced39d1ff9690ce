/**
 * A deterministic simulation of everything above the {@code RaftGroup} seam: the real transactions,
 * routers, replicas, commands and oracle of several nodes on one thread, where one seed decides who
 * runs next, what messages are delayed or lost, which nodes stop, and what clients do. The same
 * seed gives the same run to the byte. For one thread; imports everything of the module but its
 * network and consensus library.
 */
@NullMarked
package io.shardforge.raft.sim;

import org.jspecify.annotations.NullMarked;
