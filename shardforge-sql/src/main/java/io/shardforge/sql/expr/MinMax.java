package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** GREATEST and LEAST: nulls are ignored. */
public final class MinMax extends Expression {
  private final boolean greatest;
  private final List<Expression> operands;
  private final PgType order;

  public MinMax(SqlType type, boolean greatest, List<Expression> operands) {
    super(type);
    this.greatest = greatest;
    this.operands = List.copyOf(operands);
    this.order = PgTypes.of(type);
  }

  public boolean greatest() {
    return greatest;
  }

  @Override
  public List<Expression> children() {
    return operands;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object best = null;
    for (Expression operand : operands) {
      Object value = operand.eval(row, context);
      if (value != null
          && (best == null
              || (greatest ? order.compare(value, best) > 0 : order.compare(value, best) < 0))) {
        best = value;
      }
    }
    return best;
  }

  @Override
  public String toString() {
    return (greatest ? "GREATEST" : "LEAST") + operands;
  }
}
