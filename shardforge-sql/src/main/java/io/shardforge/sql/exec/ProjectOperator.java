package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Project}. */
final class ProjectOperator implements Operator {
  private final Operator input;
  private final Execution execution;
  private final BatchProjection projection;
  private final long rowsMax;
  private long rowsLeft;

  /**
   * @param rowsMax how many rows are wanted at most: none beyond them is computed
   */
  ProjectOperator(PlanNode.Project node, Operator input, Execution execution, long rowsMax) {
    this.rowsMax = rowsMax;
    this.input = input;
    this.execution = execution;
    this.projection = new BatchProjection(node.expressions(), node.types(), execution);
  }

  @Override
  public void open() {
    projection.open();
    rowsLeft = rowsMax;
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    projection.checkFailure();
    RowBatch in = rowsLeft > 0 ? input.next() : null;
    if (in == null) {
      return null;
    }
    if (in.size() > rowsLeft) {
      in.setSize((int) rowsLeft);
    }
    rowsLeft -= in.size();
    return projection.apply(in);
  }

  @Override
  public void close() {
    input.close();
  }
}
