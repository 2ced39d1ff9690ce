package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import org.jspecify.annotations.Nullable;

/** The rows of an operator one at a time, as arrays that the caller may keep. */
final class RowPuller {
  private final Operator operator;
  private final Execution execution;
  private @Nullable RowBatch batch;
  private int position;

  RowPuller(Operator operator, Execution execution) {
    this.operator = operator;
    this.execution = execution;
  }

  /** Starts over with an operator that was opened again. */
  void reset() {
    batch = null;
    position = 0;
  }

  @Nullable Object @Nullable [] next() {
    RowBatch current = batch;
    if (current == null || position >= current.size()) {
      execution.checkCanceled();
      current = operator.next();
      batch = current;
      position = 0;
      if (current == null) {
        return null;
      }
    }
    return BatchBuilder.row(current, position++);
  }
}
