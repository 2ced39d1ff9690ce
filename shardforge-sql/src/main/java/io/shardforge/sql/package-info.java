/**
 * The SQL layer: sessions, parsing, catalog, planning and execution. Imports {@code
 * io.shardforge.raft} and {@code io.shardforge.storage}.
 */
@NullMarked
package io.shardforge.sql;

import org.jspecify.annotations.NullMarked;
