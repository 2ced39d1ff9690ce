package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.FunctionCall;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes columns of batches; plain columns are passed on without copying. Columns are computed
 * one after the other, but row by row where one may see what another has done: {@code nextval('s'),
 * currval('s')}.
 */
final class BatchProjection {
  private final List<Expression> expressions;
  private final List<SqlType> types;
  private final EvalContext context;
  private final @Nullable ColumnVector[] computed;
  private final LateFailure failure = new LateFailure();
  private final boolean rowByRow;
  private int capacity;

  BatchProjection(List<Expression> expressions, List<SqlType> types, EvalContext context) {
    this.expressions = expressions;
    this.types = types;
    this.context = context;
    this.computed = new ColumnVector[expressions.size()];
    this.rowByRow = expressions.stream().mapToInt(BatchProjection::volatileCalls).sum() > 1;
  }

  /** Starts over. */
  void open() {
    failure.reset();
  }

  /** Fails if the batch before ended at an error; called before more input is read. */
  void checkFailure() {
    failure.check();
  }

  /** The computed rows, as far as none fails; valid until the next call. */
  RowBatch apply(RowBatch in) {
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
        vector = BatchBuilder.newVector(types.get(i), capacity);
        computed[i] = vector;
      } else {
        vector.clear();
      }
      columns[i] = vector;
      if (rowByRow) {
        continue;
      }
      try {
        expression.evalBatch(in, context, vector);
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
          vector.set(i, expression.eval(cursor, context));
        });
  }

  private int computeRows(RowBatch in, ColumnVector[] columns) {
    RowBatch.Cursor cursor = in.cursor();
    return failure.compute(
        in.size(),
        row -> {
          cursor.moveTo(row);
          for (int i = 0; i < columns.length; i++) {
            if (!(expressions.get(i) instanceof ColumnRef)) {
              columns[i].set(row, expressions.get(i).eval(cursor, context));
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
}
