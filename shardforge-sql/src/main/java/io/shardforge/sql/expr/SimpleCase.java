package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CASE operand WHEN value THEN result ... END: the operand is evaluated once. */
public final class SimpleCase extends Expression {
  /** One branch with the function of the = operator between the operand and the value. */
  public record When(Expression value, ScalarFunction equality, Expression result) {}

  private final Expression operand;
  private final List<When> branches;
  private final @Nullable Expression otherwise;

  public SimpleCase(
      SqlType type, Expression operand, List<When> branches, @Nullable Expression otherwise) {
    super(type);
    this.operand = operand;
    this.branches = List.copyOf(branches);
    this.otherwise = otherwise;
  }

  @Override
  public List<Expression> children() {
    List<Expression> children = new ArrayList<>();
    children.add(operand);
    for (When branch : branches) {
      children.add(branch.value);
      children.add(branch.result);
    }
    if (otherwise != null) {
      children.add(otherwise);
    }
    return children;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object subject = operand.eval(row, context);
    if (subject != null) {
      for (When branch : branches) {
        Object value = branch.value.eval(row, context);
        if (value != null
            && Boolean.TRUE.equals(
                branch.equality.apply(context, new @Nullable Object[] {subject, value}))) {
          return branch.result.eval(row, context);
        }
      }
    }
    return otherwise == null ? null : otherwise.eval(row, context);
  }

  @Override
  public String toString() {
    return "CASE " + operand + branches + otherwise;
  }
}
