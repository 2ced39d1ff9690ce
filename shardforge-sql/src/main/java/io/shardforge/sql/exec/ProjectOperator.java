package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.FunctionCall;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.Project}; plain columns are passed on without copying. Columns are computed
 * one after the other, but row by row where one may see what another has done: {@code nextval('s'),
 * currval('s')}.
 */
final class ProjectOperator implements Operator {
  private final PlanNode.Project node;
  private final Operator input;
  private final Execution execution;
  private final @Nullable ColumnVector[] computed;
  private final LateFailure failure = new LateFailure();
  private final boolean rowByRow;
  private final long rowsMax;
  private long rowsLeft;
  private int capacity;

  /**
   * @param rowsMax how many rows are wanted at most: none beyond them is computed
   */
  ProjectOperator(PlanNode.Project node, Operator input, Execution execution, long rowsMax) {
    this.rowsMax = rowsMax;
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.computed = new ColumnVector[node.expressions().size()];
    this.rowByRow = node.expressions().stream().mapToInt(ProjectOperator::volatileCalls).sum() > 1;
  }

  @Override
  public void open() {
    failure.reset();
    rowsLeft = rowsMax;
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    execution.checkCanceled();
    failure.check();
    RowBatch in = rowsLeft > 0 ? input.next() : null;
    if (in == null) {
      return null;
    }
    if (in.size() > rowsLeft) {
      in.setSize((int) rowsLeft);
    }
    rowsLeft -= in.size();
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
      columns[i] = vector;
      if (rowByRow) {
        continue;
      }
      try {
        expression.evalBatch(in, execution, vector);
      } catch (ShardForgeException e) {
        in.setSize(computeSingly(e, in, expression, vector));
      }
    }
    if (rowByRow) {
      in.setSize(computeRows(in, columns));
    }
    RowBatch out = new RowBatch(columns);
    out.setSize(in.size());
    return out;
  }

  private int computeSingly(
      ShardForgeException e, RowBatch in, Expression expression, ColumnVector vector) {
    vector.clear();
    RowBatch.Cursor cursor = in.cursor();
    return failure.computeSingly(
        e,
        in.size(),
        i -> {
          cursor.moveTo(i);
          vector.set(i, expression.eval(cursor, execution));
        });
  }

  private int computeRows(RowBatch in, ColumnVector[] columns) {
    RowBatch.Cursor cursor = in.cursor();
    List<Expression> expressions = node.expressions();
    return failure.compute(
        in.size(),
        row -> {
          cursor.moveTo(row);
          for (int i = 0; i < columns.length; i++) {
            if (!(expressions.get(i) instanceof ColumnRef)) {
              columns[i].set(row, expressions.get(i).eval(cursor, execution));
            }
          }
        });
  }

  /** How many calls of volatile functions are in an expression. */
  private static int volatileCalls(Expression expression) {
    int volatileCalls = 0;
    if (expression instanceof FunctionCall call && isVolatile(call.functionOid())) {
      volatileCalls++;
    }
    for (Expression child : expression.children()) {
      volatileCalls += volatileCalls(child);
    }
    return volatileCalls;
  }

  private static boolean isVolatile(int function) {
    PgFunction known = FunctionRegistry.function(function);
    return known == null || known.volatility() == 'v';
  }

  @Override
  public void close() {
    input.close();
  }
}
