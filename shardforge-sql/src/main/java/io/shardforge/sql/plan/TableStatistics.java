package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.StatisticsDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the planner asks about a table's contents. */
@FunctionalInterface
public interface TableStatistics {
  /** Rows assumed in a table that was never counted. */
  double ROWS_UNKNOWN = 1_000;

  /** Estimated rows, at least 1. */
  double rows(TableDescriptor table);

  /** What is known of the values of a column, null for nothing. */
  default @Nullable ColumnStatistics column(TableDescriptor table, int ordinal) {
    return null;
  }

  /** What is known of the values of several columns together. */
  default List<CombinedStatistics> combined(TableDescriptor table) {
    return List.of();
  }

  /** What ANALYZE last found. */
  static TableStatistics of(CatalogSnapshot catalog) {
    return new TableStatistics() {
      @Override
      public double rows(TableDescriptor table) {
        long rows = catalog.rowCount(table.id());
        return rows < 0 ? ROWS_UNKNOWN : Math.max(1, rows);
      }

      @Override
      public @Nullable ColumnStatistics column(TableDescriptor table, int ordinal) {
        StatisticsDescriptor found = catalog.statistics(table.id());
        return found == null ? null : found.column(table.columns().get(ordinal).number());
      }

      @Override
      public List<CombinedStatistics> combined(TableDescriptor table) {
        return catalog.combinedStatistics().stream()
            .filter(combined -> combined.tableId() == table.id())
            .toList();
      }
    };
  }

  /** Knows nothing. */
  TableStatistics NONE = _ -> ROWS_UNKNOWN;
}
