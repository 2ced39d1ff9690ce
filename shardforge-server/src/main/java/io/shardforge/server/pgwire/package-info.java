/**
 * The PostgreSQL wire protocol, 3.0 and 3.2: bytes to messages on the event loops, one virtual
 * thread a connection from messages to Session verbs and back to bytes.
 */
@NullMarked
package io.shardforge.server.pgwire;

import org.jspecify.annotations.NullMarked;
