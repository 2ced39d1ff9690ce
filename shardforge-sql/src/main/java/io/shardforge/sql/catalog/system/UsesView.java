package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.RelationUses;

/** What a node counts of how its relations are used. Obtained from EvalContext.services(). */
public interface UsesView {
  RelationUses uses();

  /** Rows of a table of the session's database that were changed since it was analyzed. */
  long changedRows(int tableId);

  /** Sessions that are connected to a database. */
  int sessions(int databaseId);
}
