package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.CteScan}. */
final class CteScanOperator implements Operator {
  private final PlanNode.CteScan node;
  private final Execution execution;
  private final BatchBuilder out;
  private @Nullable CteTable table;
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
    CteTable source = table;
    RowSpool.Reader rows = reader;
    if (source == null || rows == null) {
      source = execution.cte(node.cteId());
      rows = node.working() ? source.workingReader() : source.reader();
      table = source;
      reader = rows;
    }
    while (true) {
      while (!out.isFull()) {
        @Nullable Object[] row = rows.next();
        if (row == null) {
          break;
        }
        out.add(row);
      }
      RowBatch batch = out.take();
      if (batch != null || node.working()) {
        return batch;
      }
      // More are computed only when they are asked for: a LIMIT may stop an endless recursion.
      if (!rows.resume()) {
        if (!source.advance()) {
          return null;
        }
        rows.resume();
      }
    }
  }

  @Override
  public void close() {
    reader = null;
  }
}
