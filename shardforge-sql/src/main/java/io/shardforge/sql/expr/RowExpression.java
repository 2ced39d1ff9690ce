package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ROW(a, b, ...). */
public final class RowExpression extends Expression {
  private final List<Expression> fields;
  private final List<String> names;
  private final List<SqlType> types;

  /** {@code names} may be empty: fields are then called f1, f2, and so on. */
  public RowExpression(List<Expression> fields, List<String> names) {
    super(SqlType.of(PgOid.RECORD));
    this.fields = List.copyOf(fields);
    this.names = List.copyOf(names);
    this.types = this.fields.stream().map(Expression::type).toList();
  }

  public List<String> names() {
    return names;
  }

  @Override
  public List<Expression> children() {
    return fields;
  }

  @Override
  public Object eval(Row row, EvalContext context) {
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = fields.get(i).eval(row, context);
    }
    return new RowValue(types, names, values);
  }

  @Override
  public String toString() {
    return "ROW" + fields;
  }
}
