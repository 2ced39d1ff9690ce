/**
 * A whole cluster in one process, in memory and without sockets: for tests of the layers above and
 * of the protocol itself. For any thread; imports every other package of the module but its network
 * and consensus library.
 */
@NullMarked
package io.shardforge.raft.local;

import org.jspecify.annotations.NullMarked;
