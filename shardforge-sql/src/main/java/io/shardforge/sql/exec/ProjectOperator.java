package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Project}; plain columns are passed on without copying. */
final class ProjectOperator implements Operator {
  private final PlanNode.Project node;
  private final Operator input;
  private final Execution execution;
  private final @Nullable ColumnVector[] computed;
  private int capacity;

  ProjectOperator(PlanNode.Project node, Operator input, Execution execution) {
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.computed = new ColumnVector[node.expressions().size()];
  }

  @Override
  public void open() {
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    RowBatch in = input.next();
    if (in == null) {
      return null;
    }
    List<Expression> expressions = node.expressions();
    boolean grown = in.size() > capacity;
    if (grown) {
      capacity = in.size();
    }
    ColumnVector[] columns = new ColumnVector[computed.length];
    for (int i = 0; i < columns.length; i++) {
      Expression expression = expressions.get(i);
      if (expression instanceof ColumnRef ref) {
        columns[i] = in.column(ref.column());
        continue;
      }
      ColumnVector vector = computed[i];
      if (vector == null || grown) {
        vector = BatchBuilder.newVector(node.types().get(i), capacity);
        computed[i] = vector;
      } else {
        vector.clear();
      }
      expression.evalBatch(in, execution, vector);
      columns[i] = vector;
    }
    RowBatch out = new RowBatch(columns);
    out.setSize(in.size());
    return out;
  }

  @Override
  public void close() {
    input.close();
  }
}
