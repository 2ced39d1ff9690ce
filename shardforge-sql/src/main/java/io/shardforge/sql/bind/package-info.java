/**
 * Parse tree to typed relational algebra with PostgreSQL's semantics: names, types, overloads,
 * implicit casts, grouping rules, and its errors with their positions. Pure computation on the
 * calling thread over one catalog snapshot; imports parse, catalog, type and function.
 */
@NullMarked
package io.shardforge.sql.bind;

import org.jspecify.annotations.NullMarked;
