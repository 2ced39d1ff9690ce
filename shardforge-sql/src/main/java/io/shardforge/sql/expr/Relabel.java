package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same value under another type, such as varchar as text or int4 as int8. */
public final class Relabel extends Expression {
  private final Expression operand;

  public Relabel(SqlType type, Expression operand) {
    super(type);
    this.operand = operand;
  }

  public Expression operand() {
    return operand;
  }

  @Override
  public List<Expression> children() {
    return List.of(operand);
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    return operand.eval(row, context);
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    operand.evalBatch(in, context, out);
  }

  @Override
  public String toString() {
    return operand.toString();
  }
}
