package io.shardforge.sql.expr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** NULLIF(a, b): null where a equals b, else a. */
public final class NullIf extends Expression {
  private final Expression left;
  private final Expression right;
  private final Expression result;
  private final ScalarFunction equality;

  /**
   * {@code left} and {@code right} are what {@code equality}, the function of the = operator,
   * compares. The result has the type of {@code result}, which is the left side as written.
   */
  public NullIf(Expression left, Expression right, Expression result, ScalarFunction equality) {
    super(result.type());
    this.left = left;
    this.right = right;
    this.result = result;
    this.equality = equality;
  }

  @Override
  public List<Expression> children() {
    return List.of(left, right, result);
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object a = left.eval(row, context);
    if (a != null) {
      Object b = right.eval(row, context);
      if (b != null
          && Boolean.TRUE.equals(equality.apply(context, new @Nullable Object[] {a, b}))) {
        return null;
      }
    }
    return result.eval(row, context);
  }

  @Override
  public String toString() {
    return "NULLIF(" + left + ", " + right + ")";
  }
}
