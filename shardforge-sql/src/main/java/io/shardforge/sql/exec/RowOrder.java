package io.shardforge.sql.exec;

import io.shardforge.sql.plan.PlanNode.SortKey;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The order that sort keys give to rows. */
final class RowOrder implements Comparator<@Nullable Object[]> {
  private final int[] columns;
  private final boolean[] descending;
  private final boolean[] nullsFirst;
  private final PgType[] types;

  RowOrder(List<SortKey> keys, List<SqlType> rowTypes) {
    int n = keys.size();
    columns = new int[n];
    descending = new boolean[n];
    nullsFirst = new boolean[n];
    types = new PgType[n];
    for (int i = 0; i < n; i++) {
      SortKey key = keys.get(i);
      columns[i] = key.column();
      descending[i] = key.descending();
      nullsFirst[i] = key.nullsFirst();
      types[i] = PgTypes.of(rowTypes.get(key.column()));
    }
  }

  @Override
  public int compare(@Nullable Object[] a, @Nullable Object[] b) {
    for (int i = 0; i < columns.length; i++) {
      Object x = a[columns[i]];
      Object y = b[columns[i]];
      if (x == null || y == null) {
        if (x == null && y == null) {
          continue;
        }
        return (x == null) == nullsFirst[i] ? -1 : 1;
      }
      int byValue =
          x instanceof Long p && y instanceof Long q ? Long.compare(p, q) : types[i].compare(x, y);
      if (byValue != 0) {
        return descending[i] ? -byValue : byValue;
      }
    }
    return 0;
  }
}
