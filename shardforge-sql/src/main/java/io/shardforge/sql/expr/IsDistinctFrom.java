package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IS [NOT] DISTINCT FROM: comparison in which null equals null. */
public final class IsDistinctFrom extends Expression {
  private final Expression left;
  private final Expression right;
  private final ScalarFunction equality;
  private final boolean negated;

  /** {@code equality} is the function of the = operator of the operands' type. */
  public IsDistinctFrom(
      Expression left, Expression right, ScalarFunction equality, boolean negated) {
    super(SqlType.of(PgOid.BOOL));
    this.left = left;
    this.right = right;
    this.equality = equality;
    this.negated = negated;
  }

  @Override
  public List<Expression> children() {
    return List.of(left, right);
  }

  @Override
  public Object eval(Row row, EvalContext context) {
    Object a = left.eval(row, context);
    Object b = right.eval(row, context);
    boolean distinct;
    if (a == null || b == null) {
      distinct = (a == null) != (b == null);
    } else {
      distinct = !Boolean.TRUE.equals(equality.apply(context, new @Nullable Object[] {a, b}));
    }
    return distinct != negated;
  }

  @Override
  public String toString() {
    return left + (negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ") + right;
  }
}
