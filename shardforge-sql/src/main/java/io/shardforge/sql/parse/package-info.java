/**
 * SQL text to PostgreSQL's parse tree, by libpg_query (PostgreSQL's own grammar) called through
 * FFM. Native code runs only on the executor handed to {@link io.shardforge.sql.parse.SqlParser},
 * whose threads have large stacks; parsed statements are immutable and shared. The only package of
 * this module that imports java.lang.foreign.
 */
@NullMarked
package io.shardforge.sql.parse;

import org.jspecify.annotations.NullMarked;
