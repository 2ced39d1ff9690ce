package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** AND in three-valued logic: stops at the first false operand. */
public final class And extends Expression {
  private final List<Expression> operands;

  public And(List<Expression> operands) {
    super(SqlType.of(PgOid.BOOL));
    this.operands = List.copyOf(operands);
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
        unknown = true;
      } else if (!(Boolean) value) {
        return false;
      }
    }
    return unknown ? null : true;
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    ThreeValued.evalBatch(operands, false, in, context, out);
  }

  @Override
  public String toString() {
    return "AND" + operands;
  }
}
