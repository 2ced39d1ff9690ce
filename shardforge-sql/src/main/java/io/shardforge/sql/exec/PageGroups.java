package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.RowBatch;
import java.util.List;

/**
 * What the rows of one page come to, group by group in the order of their first rows.
 *
 * @param rows that passed the condition of the scan
 * @param keys a row a group with its group columns, at their places in the aggregation's input
 * @param runs the calls, with the same groups
 */
record PageGroups(long rows, RowBatch keys, List<AggregateRun> runs) {
  /** The keys of all groups of a table. */
  static RowBatch keys(PartialAggregation aggregation, GroupTable table) {
    int[] groupColumns = aggregation.groupColumns();
    int groups = groupColumns.length == 0 ? 1 : table.size();
    RowBatch keys = aggregation.newKeys(groups);
    Object[] key = new Object[groupColumns.length];
    for (int group = 0; group < groups && groupColumns.length > 0; group++) {
      table.keyInto(group, key);
      for (int i = 0; i < groupColumns.length; i++) {
        ColumnVector column = keys.column(groupColumns[i]);
        column.set(group, key[i]);
      }
    }
    keys.setSize(groups);
    return keys;
  }
}
