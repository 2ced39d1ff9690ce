package io.shardforge.sql.expr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes a value once and binds it, as an outer row of one column, for what reads it. */
public final class Once extends Expression {
  private final Expression value;
  private final int correlationId;
  private final Expression body;

  public Once(Expression value, int correlationId, Expression body) {
    super(body.type());
    this.value = value;
    this.correlationId = correlationId;
    this.body = body;
  }

  @Override
  public List<Expression> children() {
    return List.of(value, body);
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object computed = value.eval(row, context);
    context.bindOuterRow(correlationId, _ -> computed);
    return body.eval(row, context);
  }

  @Override
  public String toString() {
    return "once" + correlationId + "(" + value + ", " + body + ")";
  }
}
