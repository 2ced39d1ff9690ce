package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** COALESCE: the first operand that is not null. */
public final class Coalesce extends Expression {
  private final List<Expression> operands;

  public Coalesce(SqlType type, List<Expression> operands) {
    super(type);
    this.operands = List.copyOf(operands);
  }

  @Override
  public List<Expression> children() {
    return operands;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    for (Expression operand : operands) {
      Object value = operand.eval(row, context);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return "COALESCE" + operands;
  }
}
