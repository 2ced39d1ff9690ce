package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/** A parameter $n of the statement. */
public final class ParameterRef extends Expression {
  private final int number;

  public ParameterRef(SqlType type, int number) {
    super(type);
    this.number = number;
  }

  /** From 1. */
  public int number() {
    return number;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    return context.parameter(number);
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    new Constant(type(), context.parameter(number)).evalBatch(in, context, out);
  }

  @Override
  public String toString() {
    return "$" + number;
  }
}
