/**
 * What a node is told from outside: one immutable tree of records, read once at start-up from
 * flags, environment, a file and defaults. The only package that reads environment variables and
 * system properties. Single-threaded; imports storage and raft.route's addresses only.
 */
@NullMarked
package io.shardforge.server.config;

import org.jspecify.annotations.NullMarked;
