package io.shardforge.sql.catalog;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ANALYZE found out about a table: its rows, and the values of its columns. */
public record StatisticsDescriptor(int id, long version, long rows, List<ColumnStatistics> columns)
    implements CatalogObject {
  /** The number of rows of a table that was never analyzed. */
  public static final long UNKNOWN = -1;

  public StatisticsDescriptor {
    columns = List.copyOf(columns);
  }

  /** The same without what it says about some columns. */
  StatisticsDescriptor without(Set<Integer> numbers) {
    return new StatisticsDescriptor(
        id,
        version + 1,
        rows,
        columns.stream().filter(column -> !numbers.contains(column.column())).toList());
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
