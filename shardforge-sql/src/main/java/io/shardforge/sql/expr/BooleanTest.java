package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;

/** IS [NOT] TRUE, FALSE and UNKNOWN: never null. */
public final class BooleanTest extends Expression {
  /** What is asked. */
  public enum Kind {
    IS_TRUE,
    IS_NOT_TRUE,
    IS_FALSE,
    IS_NOT_FALSE,
    IS_UNKNOWN,
    IS_NOT_UNKNOWN
  }

  private final Expression operand;
  private final Kind kind;

  public BooleanTest(Expression operand, Kind kind) {
    super(SqlType.of(PgOid.BOOL));
    this.operand = operand;
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public List<Expression> children() {
    return List.of(operand);
  }

  @Override
  public Object eval(Row row, EvalContext context) {
    Object value = operand.eval(row, context);
    return switch (kind) {
      case IS_TRUE -> Boolean.TRUE.equals(value);
      case IS_NOT_TRUE -> !Boolean.TRUE.equals(value);
      case IS_FALSE -> Boolean.FALSE.equals(value);
      case IS_NOT_FALSE -> !Boolean.FALSE.equals(value);
      case IS_UNKNOWN -> value == null;
      case IS_NOT_UNKNOWN -> value != null;
    };
  }

  @Override
  public String toString() {
    return operand + " " + kind.name().replace('_', ' ');
  }
}
