package io.shardforge.sql.expr;

import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** (row).field, by the field's place. */
public final class FieldSelect extends Expression {
  private final Expression operand;
  private final int field;

  public FieldSelect(SqlType type, Expression operand, int field) {
    super(type);
    this.operand = operand;
    this.field = field;
  }

  public int field() {
    return field;
  }

  @Override
  public List<Expression> children() {
    return List.of(operand);
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    return operand.eval(row, context) instanceof RowValue value ? value.get(field) : null;
  }

  @Override
  public String toString() {
    return "(" + operand + ").f" + (field + 1);
  }
}
