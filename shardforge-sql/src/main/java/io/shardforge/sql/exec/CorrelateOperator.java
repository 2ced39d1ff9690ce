package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Correlate}: the right side is opened anew for every left row. */
final class CorrelateOperator implements Operator {
  private final PlanNode.Correlate node;
  private final Operator left;
  private final Operator right;
  private final Execution execution;
  private final BatchBuilder out;
  private final int leftWidth;
  private @Nullable RowPuller leftRows;
  private @Nullable RowPuller rightRows;
  private @Nullable Object @Nullable [] leftRow;
  private boolean matched;

  CorrelateOperator(PlanNode.Correlate node, Operator left, Operator right, Execution execution) {
    this.node = node;
    this.left = left;
    this.right = right;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.leftWidth = node.left().types().size();
  }

  @Override
  public void open() {
    left.open();
    leftRows = new RowPuller(left, execution);
    rightRows = null;
    leftRow = null;
  }

  @Override
  public @Nullable RowBatch next() {
    while (!out.isFull()) {
      @Nullable Object[] current = leftRow;
      RowPuller inner = rightRows;
      if (current == null || inner == null) {
        if (!nextLeft()) {
          break;
        }
        continue;
      }
      advance(current, inner);
    }
    return out.take();
  }

  private boolean nextLeft() {
    @Nullable Object[] row = leftRows == null ? null : leftRows.next();
    leftRow = row;
    if (row == null) {
      return false;
    }
    execution.checkCanceled();
    matched = false;
    execution.bindOuterRow(node.correlationId(), new ArrayRow(row));
    right.open();
    rightRows = new RowPuller(right, execution);
    return true;
  }

  private void advance(@Nullable Object[] current, RowPuller inner) {
    @Nullable Object[] candidate = inner.next();
    if (candidate == null) {
      if (!matched) {
        switch (node.kind()) {
          case LEFT, FULL -> out.add(current, leftWidth, null);
          case ANTI -> out.add(current);
          case INNER, RIGHT, SEMI -> {}
        }
      }
      endLeft();
      return;
    }
    matched = true;
    switch (node.kind()) {
      case INNER, LEFT, RIGHT, FULL -> out.add(current, leftWidth, candidate);
      case SEMI -> {
        out.add(current);
        endLeft();
      }
      case ANTI -> endLeft();
    }
  }

  private void endLeft() {
    right.close();
    rightRows = null;
    leftRow = null;
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
