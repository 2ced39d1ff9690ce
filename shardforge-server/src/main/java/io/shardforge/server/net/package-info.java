/** Listening sockets, event loops and TLS of the client-facing ports. */
@NullMarked
package io.shardforge.server.net;

import org.jspecify.annotations.NullMarked;
