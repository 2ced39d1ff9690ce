package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conversion to another type; null stays null. */
public final class Cast extends Expression {
  private final Expression operand;
  private final ScalarFunction conversion;

  /** {@code conversion} is a function of the one value; it has the target's modifier built in. */
  public Cast(SqlType type, Expression operand, ScalarFunction conversion) {
    super(type);
    this.operand = operand;
    this.conversion = conversion;
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
    Object value = operand.eval(row, context);
    return value == null
        ? null
        : LargeValues.call(conversion, type(), new @Nullable Object[] {value}, context);
  }

  @Override
  public String toString() {
    return operand + "::" + type().oid();
  }
}
