package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Limit} WITH TIES: rows equal to the last one in the order come along. */
final class TiesOperator implements Operator {
  private final PlanNode.Limit node;
  private final Operator input;
  private final Execution execution;
  private final RowOrder order;
  private final BatchBuilder out;
  private @Nullable Object @Nullable [] last;
  private long toSkip;
  private long toReturn;
  private boolean done;

  TiesOperator(PlanNode.Limit node, Operator input, Execution execution) {
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.order = new RowOrder(node.ties(), node.types());
    this.out = new BatchBuilder(node.types());
  }

  @Override
  public void open() {
    toSkip = LimitOperator.offset(node, execution);
    toReturn = LimitOperator.limit(node, execution);
    last = null;
    done = toReturn == 0;
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    while (!done) {
      execution.checkCanceled();
      RowBatch in = input.next();
      if (in == null) {
        done = true;
        return null;
      }
      for (int i = 0; i < in.size() && !done; i++) {
        take(in, i);
      }
      RowBatch result = out.take();
      if (result != null) {
        return result;
      }
    }
    return null;
  }

  private void take(RowBatch in, int row) {
    if (toSkip > 0) {
      toSkip--;
      return;
    }
    @Nullable Object[] before = last;
    if (before == null) {
      out.add(in, row);
      if (--toReturn == 0) {
        last = BatchBuilder.row(in, row);
      }
    } else if (order.compare(before, BatchBuilder.row(in, row)) == 0) {
      out.add(in, row);
    } else {
      done = true;
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
