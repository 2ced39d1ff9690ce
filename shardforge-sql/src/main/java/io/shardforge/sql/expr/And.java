package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * AND in three-valued logic: stops at the first false operand, and as a condition, which only what
 * is true meets, at the first that is not true.
 */
public final class And extends Expression {
  private final List<Expression> operands;
  private final boolean condition;

  public And(List<Expression> operands) {
    this(operands, false);
  }

  /**
   * @param condition whether false and null are the same to whoever asks
   */
  public And(List<Expression> operands, boolean condition) {
    super(SqlType.of(PgOid.BOOL));
    this.operands = List.copyOf(operands);
    this.condition = condition;
  }

  public boolean isCondition() {
    return condition;
  }

  @Override
  public List<Expression> children() {
    return operands;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    boolean unknown = false;
    for (Expression operand : operands) {
      Object value = operand.eval(row, context);
      if (value == null) {
        if (condition) {
          return null;
        }
        unknown = true;
      } else if (!(Boolean) value) {
        return false;
      }
    }
    return unknown ? null : true;
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    ThreeValued.evalBatch(operands, false, condition, in, context, out);
  }

  @Override
  public String toString() {
    return "AND" + operands;
  }
}
