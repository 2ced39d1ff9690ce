package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Picks the rows of batches for which a condition is true. */
final class BatchFilter {
  private final Expression condition;
  private final List<SqlType> types;
  private final Execution execution;
  private @Nullable ColumnVector verdicts;
  private @Nullable BatchBuilder out;
  private int capacity;

  BatchFilter(Expression condition, List<SqlType> types, Execution execution) {
    this.condition = condition;
    this.types = types;
    this.execution = execution;
  }

  /** The batch itself if all rows pass, a copy of those that do, or null if none does. */
  @Nullable RowBatch apply(RowBatch in) {
    int size = in.size();
    ColumnVector result = verdicts;
    if (result == null || capacity < size) {
      capacity = size;
      result = new ColumnVector(ColumnVector.Layout.BOOLEAN, capacity);
      verdicts = result;
      out = null;
    }
    result.clear();
    condition.evalBatch(in, execution, result);
    long[] truth = result.longs();
    int first = 0;
    while (first < size && truth[first] != 0 && !result.isNull(first)) {
      first++;
    }
    if (first == size) {
      return in;
    }
    BatchBuilder target = out;
    if (target == null) {
      target = new BatchBuilder(types, capacity);
      out = target;
    }
    for (int i = 0; i < first; i++) {
      target.add(in, i);
    }
    for (int i = first + 1; i < size; i++) {
      if (truth[i] != 0 && !result.isNull(i)) {
        target.add(in, i);
      }
    }
    return target.take();
  }
}
