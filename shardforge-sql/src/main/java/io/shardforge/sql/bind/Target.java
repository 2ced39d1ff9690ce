package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a statement writes: a table, or a view whose rows are rows of a table.
 *
 * @param name of the relation, as errors have it
 * @param alias what the statement calls it
 * @param columns those that SQL sees, in order
 * @param item the rows of the table that can be changed, by the names of the columns
 * @param defaults what views have instead of the table's, by the ordinals of its columns
 * @param viewChecks what the table's rows must satisfy afterwards, innermost view first
 */
record Target(
    TableDescriptor table,
    String name,
    String alias,
    List<Column> columns,
    FromBinder.Item item,
    Map<Integer, String> defaults,
    List<Rel.ViewCheck> viewChecks) {

  /**
   * A column of what is written.
   *
   * @param ordinal of the table's column that it is; -1 if it is none
   * @param obstacle why it is none, if so
   */
  record Column(String name, int ordinal, @Nullable Obstacle obstacle) {}

  /** Why a view's column cannot be written: the column and the view that compute it. */
  record Obstacle(String column, String view, String reason) {}

  /** Whether it is a view. */
  boolean isView() {
    return item.sources().getFirst().table() == null;
  }

  static List<Column> columnsOf(TableDescriptor table) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDescriptor column = table.columns().get(i);
      if (!column.hidden()) {
        columns.add(new Column(column.name(), i, null));
      }
    }
    return columns;
  }
}
