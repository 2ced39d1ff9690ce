package io.shardforge.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What ANALYZE found out about a table: its rows, and the values of its columns. */
public record StatisticsDescriptor(int id, long version, long rows, List<ColumnStatistics> columns)
    implements CatalogObject {
  /** The number of rows of a table that was never analyzed. */
  public static final long UNKNOWN = -1;

  public StatisticsDescriptor {
    columns = List.copyOf(columns);
  }

  /** The statistics of a column by its number, null if there are none. */
  public @Nullable ColumnStatistics column(int number) {
    for (ColumnStatistics column : columns) {
      if (column.column() == number) {
        return column;
      }
    }
    return null;
  }
}
