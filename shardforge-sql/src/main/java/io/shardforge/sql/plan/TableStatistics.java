package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.TableDescriptor;

/** What the planner asks about a table's contents. */
@FunctionalInterface
public interface TableStatistics {
  /** Rows assumed in a table that was never counted. */
  double ROWS_UNKNOWN = 1_000;

  /** Estimated rows, at least 1. */
  double rows(TableDescriptor table);

  /** What ANALYZE last counted. */
  static TableStatistics of(CatalogSnapshot catalog) {
    return table -> {
      long rows = catalog.rowCount(table.id());
      return rows < 0 ? ROWS_UNKNOWN : Math.max(1, rows);
    };
  }

  /** Knows nothing. */
  TableStatistics NONE = _ -> ROWS_UNKNOWN;
}
