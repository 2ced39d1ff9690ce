package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** operand [NOT] IN (value, ...), with one type for all. */
public final class InList extends Expression {
  private final Expression operand;
  private final List<Expression> values;
  private final ScalarFunction equality;
  private final boolean negated;

  /** {@code equality} is the function of the = operator between operand and values. */
  public InList(
      Expression operand, List<Expression> values, ScalarFunction equality, boolean negated) {
    super(SqlType.of(PgOid.BOOL));
    this.operand = operand;
    this.values = List.copyOf(values);
    this.equality = equality;
    this.negated = negated;
  }

  public Expression operand() {
    return operand;
  }

  public List<Expression> values() {
    return values;
  }

  public boolean negated() {
    return negated;
  }

  @Override
  public List<Expression> children() {
    List<Expression> children = new ArrayList<>();
    children.add(operand);
    children.addAll(values);
    return children;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object subject = operand.eval(row, context);
    if (subject == null) {
      return null;
    }
    boolean unknown = false;
    @Nullable Object[] pair = {subject, null};
    for (Expression candidate : values) {
      pair[1] = candidate.eval(row, context);
      if (pair[1] == null) {
        unknown = true;
      } else if (Boolean.TRUE.equals(equality.apply(context, pair))) {
        return !negated;
      }
    }
    return unknown ? null : negated;
  }

  @Override
  public String toString() {
    return operand + (negated ? " NOT IN " : " IN ") + values;
  }
}
