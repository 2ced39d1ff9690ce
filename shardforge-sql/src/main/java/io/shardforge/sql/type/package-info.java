/**
 * SQL types: PostgreSQL's type table, value representations, text and binary forms. Pure; any
 * thread.
 */
@NullMarked
package io.shardforge.sql.type;

import org.jspecify.annotations.NullMarked;
