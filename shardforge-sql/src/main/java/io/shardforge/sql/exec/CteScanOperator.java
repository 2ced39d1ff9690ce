package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.CteScan}. */
final class CteScanOperator implements Operator {
  private final PlanNode.CteScan node;
  private final Execution execution;
  private final BatchBuilder out;
  private RowSpool.@Nullable Reader reader;

  CteScanOperator(PlanNode.CteScan node, Execution execution) {
    this.node = node;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
  }

  @Override
  public void open() {
    reader = null;
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    RowSpool.Reader source = reader;
    if (source == null) {
      source = execution.cte(node.cteId()).reader();
      reader = source;
    }
    while (!out.isFull()) {
      @Nullable Object[] row = source.next();
      if (row == null) {
        break;
      }
      out.add(row);
    }
    return out.take();
  }

  @Override
  public void close() {
    reader = null;
  }
}
