package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CASE WHEN condition THEN result ... ELSE result END. */
public final class Case extends Expression {
  /** One branch. */
  public record When(Expression condition, Expression result) {}

  private final List<When> branches;
  private final @Nullable Expression otherwise;

  public Case(SqlType type, List<When> branches, @Nullable Expression otherwise) {
    super(type);
    this.branches = List.copyOf(branches);
    this.otherwise = otherwise;
  }

  public List<When> branches() {
    return branches;
  }

  public @Nullable Expression otherwise() {
    return otherwise;
  }

  @Override
  public List<Expression> children() {
    List<Expression> children = new ArrayList<>();
    for (When branch : branches) {
      children.add(branch.condition);
      children.add(branch.result);
    }
    if (otherwise != null) {
      children.add(otherwise);
    }
    return children;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    for (When branch : branches) {
      if (Boolean.TRUE.equals(branch.condition.eval(row, context))) {
        return branch.result.eval(row, context);
      }
    }
    return otherwise == null ? null : otherwise.eval(row, context);
  }

  @Override
  public String toString() {
    return "CASE" + branches + otherwise;
  }
}
