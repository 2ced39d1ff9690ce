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
  private boolean inRound;

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
    CteTable table = execution.cte(node.cteId());
    RowSpool.Reader source = reader;
    if (source == null) {
      inRound = table.inRound();
      source = table.reader();
      reader = source;
    }
    while (true) {
      while (!out.isFull()) {
        @Nullable Object[] row = source.next();
        if (row == null) {
          break;
        }
        out.add(row);
      }
      RowBatch batch = out.take();
      if (batch != null || inRound) {
        return batch;
      }
      // Another round only when its rows are asked for: a LIMIT may stop an endless recursion.
      if (!source.resume()) {
        if (!table.advance()) {
          return null;
        }
        source.resume();
      }
    }
  }

  @Override
  public void close() {
    reader = null;
  }
}
