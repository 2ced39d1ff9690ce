package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import java.util.List;

/** The key columns of one side of a join, computed a batch at a time. */
final class JoinKeys {
  private final List<Expression> expressions;
  private final Execution execution;
  private final ColumnVector[] own;
  private int capacity;

  JoinKeys(List<Expression> expressions, Execution execution) {
    this.expressions = expressions;
    this.execution = execution;
    this.own = new ColumnVector[expressions.size()];
  }

  /** The keys of a batch's rows, valid until the next call. */
  RowBatch of(RowBatch batch) {
    boolean grows = batch.size() > capacity;
    if (grows) {
      capacity = Math.max(batch.size(), RowBatch.CAPACITY);
    }
    ColumnVector[] columns = new ColumnVector[own.length];
    for (int i = 0; i < own.length; i++) {
      Expression expression = expressions.get(i);
      if (expression instanceof ColumnRef reference) {
        ColumnVector column = batch.column(reference.column());
        if (column.layout() == ColumnVector.layoutOf(expression.type().oid())) {
          columns[i] = column;
          continue;
        }
      }
      if (own[i] == null || grows) {
        own[i] = BatchBuilder.newVector(expression.type(), capacity);
      } else {
        own[i].clear();
      }
      expression.evalBatch(batch, execution, own[i]);
      columns[i] = own[i];
    }
    RowBatch keys = new RowBatch(columns);
    keys.setSize(batch.size());
    return keys;
  }

  static boolean hasNull(RowBatch keys, int row) {
    for (int i = 0; i < keys.width(); i++) {
      if (keys.column(i).isNull(row)) {
        return true;
      }
    }
    return false;
  }
}
