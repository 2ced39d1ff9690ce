package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OR in three-valued logic: stops at the first true operand. */
public final class Or extends Expression {
  private final List<Expression> operands;

  public Or(List<Expression> operands) {
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
      } else if ((Boolean) value) {
        return true;
      }
    }
    return unknown ? null : false;
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    ThreeValued.evalBatch(operands, true, false, in, context, out);
  }

  @Override
  public String toString() {
    return "OR" + operands;
  }
}
