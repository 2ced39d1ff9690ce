package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** NOT: null stays null. */
public final class Not extends Expression {
  private final Expression operand;

  public Not(Expression operand) {
    super(SqlType.of(PgOid.BOOL));
    this.operand = operand;
  }

  @Override
  public List<Expression> children() {
    return List.of(operand);
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object value = operand.eval(row, context);
    return value == null ? null : !(Boolean) value;
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    operand.evalBatch(in, context, out);
    long[] result = out.longs();
    for (int i = 0; i < in.size(); i++) {
      result[i] ^= 1;
    }
  }

  @Override
  public String toString() {
    return "NOT " + operand;
  }
}
