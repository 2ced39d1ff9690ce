package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The RETURNING rows of a statement that writes: kept until all its writes are done. */
final class Returning implements AutoCloseable {
  private final List<Expression> expressions;
  private final Execution execution;
  private final RowSpool rows;
  private final BatchBuilder out;
  private RowSpool.@Nullable Reader reader;

  Returning(List<Expression> expressions, List<SqlType> types, Execution execution) {
    this.expressions = expressions;
    this.execution = execution;
    this.rows = new RowSpool(execution, types);
    this.out = new BatchBuilder(types);
  }

  void add(Row row) {
    rows.add(ValuesOperator.evaluate(expressions, row, execution));
  }

  @Nullable RowBatch next() {
    RowSpool.Reader source = reader;
    if (source == null) {
      source = rows.reader();
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
    rows.close();
  }
}
