package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/** A column of an outer row that an enclosing Correlate or SubPlan has bound. */
public final class OuterRef extends Expression {
  private final int correlationId;
  private final int column;

  public OuterRef(SqlType type, int correlationId, int column) {
    super(type);
    this.correlationId = correlationId;
    this.column = column;
  }

  public int correlationId() {
    return correlationId;
  }

  public int column() {
    return column;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    return context.outerRow(correlationId).get(column);
  }

  @Override
  public String toString() {
    return "outer" + correlationId + "#" + column;
  }
}
