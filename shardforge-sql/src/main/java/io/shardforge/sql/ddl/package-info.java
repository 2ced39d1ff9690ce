/**
 * Statements that change the catalog, and what they do to the data: new tables and indexes,
 * rebuilds and checks of existing rows. Every change is part of the session's transaction and runs
 * on its thread. Imports parse nodes, the catalog, row codecs, types and expressions; the binder
 * and the planner are handed in behind interfaces of this package.
 */
@NullMarked
package io.shardforge.sql.ddl;

import org.jspecify.annotations.NullMarked;
