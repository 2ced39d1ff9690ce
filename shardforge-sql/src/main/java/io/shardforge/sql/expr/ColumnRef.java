package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/** A column of the input row. */
public final class ColumnRef extends Expression {
  private final int column;

  public ColumnRef(SqlType type, int column) {
    super(type);
    this.column = column;
  }

  public int column() {
    return column;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    return row.get(column);
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    ColumnVector source = in.column(column);
    int size = in.size();
    if (source.layout() != out.layout()) {
      super.evalBatch(in, context, out);
      return;
    }
    switch (source.layout()) {
      case BOOLEAN, LONG -> System.arraycopy(source.longs(), 0, out.longs(), 0, size);
      case DOUBLE -> System.arraycopy(source.doubles(), 0, out.doubles(), 0, size);
      case OBJECT -> System.arraycopy(source.objects(), 0, out.objects(), 0, size);
    }
    out.copyNulls(source);
  }

  @Override
  public String toString() {
    return "#" + column;
  }
}
