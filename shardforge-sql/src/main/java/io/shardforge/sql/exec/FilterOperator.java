package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Filter}. */
final class FilterOperator implements Operator {
  private final Operator input;
  private final Execution execution;
  private final BatchFilter filter;

  FilterOperator(PlanNode.Filter node, Operator input, Execution execution) {
    this.input = input;
    this.execution = execution;
    this.filter = new BatchFilter(node.condition(), node.types(), execution);
  }

  @Override
  public void open() {
    filter.open();
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    filter.checkFailure();
    while (true) {
      execution.checkCanceled();
      RowBatch in = input.next();
      if (in == null) {
        return null;
      }
      RowBatch out = filter.apply(in);
      if (out != null) {
        return out;
      }
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
