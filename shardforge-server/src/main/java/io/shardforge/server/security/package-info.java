/**
 * Who may connect: SCRAM-SHA-256 and the rules for when a password is asked. Pure; on the
 * connection's thread.
 */
@NullMarked
package io.shardforge.server.security;

import org.jspecify.annotations.NullMarked;
