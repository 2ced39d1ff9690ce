package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Picks the rows of batches for which a condition is true. */
final class BatchFilter {
  private final Expression condition;
  private final List<SqlType> types;
  private final EvalContext context;
  private final LateFailure failure = new LateFailure();
  private @Nullable ColumnVector verdicts;
  private @Nullable BatchBuilder out;
  private int capacity;

  BatchFilter(Expression condition, List<SqlType> types, EvalContext context) {
    this.condition = condition;
    this.types = types;
    this.context = context;
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
    try {
      condition.evalBatch(in, context, result);
    } catch (ShardForgeException e) {
      size = computeSingly(e, in, result);
    }
    long[] truth = result.longs();
    int first = 0;
    while (first < size && truth[first] != 0 && !result.isNull(first)) {
      first++;
    }
    if (first == size) {
      in.setSize(size);
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
    RowBatch passed = target.take();
    if (passed == null) {
      failure.check();
    }
    return passed;
  }

  private int computeSingly(ShardForgeException e, RowBatch in, ColumnVector result) {
    result.clear();
    RowBatch.Cursor cursor = in.cursor();
    return failure.computeSingly(
        e,
        in.size(),
        i -> {
          cursor.moveTo(i);
          result.set(i, condition.eval(cursor, context));
        });
  }

  /** Starts over. */
  void open() {
    failure.reset();
  }

  /** Fails if the batch before ended at an error; called before more input is read. */
  void checkFailure() {
    failure.check();
  }
}
