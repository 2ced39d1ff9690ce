package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Values}. */
final class ValuesOperator implements Operator {
  private final PlanNode.Values node;
  private final Execution execution;
  private final BatchBuilder out;
  private int position;

  ValuesOperator(PlanNode.Values node, Execution execution) {
    this.node = node;
    this.execution = execution;
    this.out =
        new BatchBuilder(
            node.types(), Math.max(1, Math.min(RowBatch.CAPACITY, node.rows().size())));
  }

  @Override
  public void open() {
    position = 0;
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    while (position < node.rows().size() && !out.isFull()) {
      out.add(evaluate(node.rows().get(position++), NoRow.INSTANCE, execution));
    }
    return out.take();
  }

  static @Nullable Object[] evaluate(
      List<Expression> expressions, io.shardforge.sql.expr.Row row, Execution execution) {
    @Nullable Object[] values = new @Nullable Object[expressions.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = expressions.get(i).eval(row, execution);
    }
    return values;
  }

  @Override
  public void close() {}
}
