package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A constant value. */
public final class Constant extends Expression {
  private final @Nullable Object value;

  public Constant(SqlType type, @Nullable Object value) {
    super(type);
    this.value = value;
  }

  public @Nullable Object value() {
    return value;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    return value;
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    int size = in.size();
    if (value == null) {
      for (int i = 0; i < size; i++) {
        out.setNull(i);
      }
      return;
    }
    switch (out.layout()) {
      case BOOLEAN -> Arrays.fill(out.longs(), 0, size, (Boolean) value ? 1 : 0);
      case LONG -> Arrays.fill(out.longs(), 0, size, (Long) value);
      case DOUBLE -> Arrays.fill(out.doubles(), 0, size, (Double) value);
      case OBJECT -> Arrays.fill(out.objects(), 0, size, value);
    }
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}
