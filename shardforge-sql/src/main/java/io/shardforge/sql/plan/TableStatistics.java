package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.TableDescriptor;

/** What the planner asks about a table's contents. */
@FunctionalInterface
public interface TableStatistics {
  /** Rows assumed in a table that was never counted. */
  double ROWS_UNKNOWN = 1_000;

  /** Estimated rows, at least 1. */
  double rows(TableDescriptor table);

  /** Knows nothing. */
  TableStatistics NONE = _ -> ROWS_UNKNOWN;
}
