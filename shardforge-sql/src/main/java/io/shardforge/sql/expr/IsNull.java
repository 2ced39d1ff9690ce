package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import java.util.List;

/** IS NULL and IS NOT NULL; of a row, whether all its fields are (not) null. */
public final class IsNull extends Expression {
  private final Expression operand;
  private final boolean negated;

  public IsNull(Expression operand, boolean negated) {
    super(SqlType.of(PgOid.BOOL));
    this.operand = operand;
    this.negated = negated;
  }

  public boolean negated() {
    return negated;
  }

  @Override
  public List<Expression> children() {
    return List.of(operand);
  }

  @Override
  public Object eval(Row row, EvalContext context) {
    Object value = operand.eval(row, context);
    if (value instanceof RowValue fields) {
      for (int i = 0; i < fields.size(); i++) {
        if ((fields.get(i) == null) == negated) {
          return false;
        }
      }
      return true;
    }
    return (value == null) != negated;
  }

  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    if (operand instanceof ColumnRef column && operand.type().oid() != PgOid.RECORD) {
      ColumnVector source = in.column(column.column());
      for (int i = 0; i < in.size(); i++) {
        out.setLong(i, source.isNull(i) != negated ? 1 : 0);
      }
      return;
    }
    super.evalBatch(in, context, out);
  }

  @Override
  public String toString() {
    return operand + (negated ? " IS NOT NULL" : " IS NULL");
  }
}
