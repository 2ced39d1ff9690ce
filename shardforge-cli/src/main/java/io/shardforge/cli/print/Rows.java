package io.shardforge.cli.print;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query answered: every value as the server wrote it, null for NULL. */
public record Rows(List<Column> columns, List<@Nullable String[]> rows) {
  /** No column, no row. */
  public static final Rows NONE = new Rows(List.of(), List.of());

  /** A value as text, NULL as nothing. */
  public String text(int row, int column) {
    String value = rows.get(row)[column];
    return value == null ? "" : value;
  }

  /** A value of the first row, "" if there is none. */
  public String first(int column) {
    return rows.isEmpty() ? "" : text(0, column);
  }

  /** The values of one column. */
  public List<String> column(int column) {
    return java.util.stream.IntStream.range(0, rows.size())
        .mapToObj(row -> text(row, column))
        .toList();
  }
}
