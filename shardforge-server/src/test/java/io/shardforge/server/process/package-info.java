/**
 * Tests of real server processes, each in a network namespace of its own: the loads that clients
 * put on them, the faults that strike them meanwhile, and what the judges of histories say
 * afterwards. Threads are those of the clients and of the nemesis; imports the judges of {@code
 * raft.check} and reaches the servers only as their users do, by SQL, HTTP and signals.
 */
@NullMarked
package io.shardforge.server.process;

import org.jspecify.annotations.NullMarked;
