package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Normal;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proofs that rows which satisfy some conditions satisfy another one too. They go as far as
 * PostgreSQL's do: the same condition, a comparison with a constant that another one bounds, and IS
 * NOT NULL from whatever no null satisfies. Without a proof nothing is said.
 */
final class Implication {
  /** Types of which equal values are the same in all that expressions can tell. */
  private static final Set<Integer> IDENTICAL =
      Set.of(
          PgOid.BOOL,
          PgOid.INT2,
          PgOid.INT4,
          PgOid.INT8,
          PgOid.TEXT,
          PgOid.VARCHAR,
          PgOid.DATE,
          PgOid.TIMESTAMP,
          PgOid.TIMESTAMPTZ,
          PgOid.UUID);

  private final ExpressionBuilder expressions;

  Implication(ExpressionBuilder expressions) {
    this.expressions = expressions;
  }

  boolean follows(Bound wanted, List<Bound> conditions) {
    if (wanted instanceof Bound.Logic logic && logic.and()) {
      return logic.args().stream().allMatch(arg -> follows(arg, conditions));
    }
    return conditions.stream().anyMatch(condition -> implies(condition, wanted))
        || (wanted instanceof Bound.Logic or
            && or.args().stream().anyMatch(arg -> follows(arg, conditions)));
  }

  private boolean implies(Bound condition, Bound wanted) {
    if (Normal.same(condition, wanted)) {
      return true;
    }
    if (condition instanceof Bound.Logic logic) {
      // Each way to satisfy an OR has to do.
      return logic.and()
          ? follows(wanted, logic.args())
          : logic.args().stream().allMatch(arg -> follows(wanted, List.of(arg)));
    }
    if (wanted instanceof Bound.NullTest test && !test.isNull() && !test.ofRow()) {
      return isStrictIn(condition, test.arg());
    }
    return impliesByValues(condition, wanted) || impliesByBound(condition, wanted);
  }

  /** Whether a condition is never true where a part of it is null. */
  private static boolean isStrictIn(Bound condition, Bound part) {
    if (Normal.same(condition, part)) {
      return true;
    }
    return switch (condition) {
      case Bound.Call c ->
          !c.returnsSet()
              && ExpressionBuilder.isStrict(c.function())
              && c.args().stream().anyMatch(arg -> isStrictIn(arg, part));
      case Bound.Cast c -> isStrictIn(c.arg(), part);
      case Bound.Not n -> isStrictIn(n.arg(), part);
      case Bound.ArrayCompare c ->
          c.any() && ExpressionBuilder.isStrict(c.function()) && isStrictIn(c.left(), part);
      case Bound.TruthTest t -> t.value() != null && !t.negated() && isStrictIn(t.arg(), part);
      case Bound.NullTest t -> !t.isNull() && !t.ofRow() && isStrictIn(t.arg(), part);
      default -> false;
    };
  }

  // x = 7, x IN (7, 8): what is wanted is true for each of the values.

  private boolean impliesByValues(Bound condition, Bound wanted) {
    List<Bound> values = new ArrayList<>();
    Bound fixed = fixed(condition, values);
    if (fixed == null || !isIdentical(fixed.type())) {
      return false;
    }
    for (Bound value : values) {
      Bound substituted = substituted(wanted, fixed, value);
      if (Rewriter.columns(substituted).length() > 0 || !Boolean.TRUE.equals(value(substituted))) {
        return false;
      }
    }
    return true;
  }

  /** Whether values that are equal are the same. */
  private static boolean isIdentical(SqlType type) {
    Collation collation = type.collation();
    return IDENTICAL.contains(type.oid()) && (collation == null || collation.deterministic());
  }

  /** What a condition leaves just these values, which it adds; null if it is no such condition. */
  private static @Nullable Bound fixed(Bound condition, List<Bound> values) {
    return switch (condition) {
      case Bound.Call c when "=".equals(c.operator()) && c.args().size() == 2 -> {
        boolean right = isConstant(c.args().get(1));
        Bound value = c.args().get(right ? 1 : 0);
        Bound fixed = c.args().get(right ? 0 : 1);
        values.add(value);
        yield isConstant(value) && value.type().isStoredLike(fixed.type()) ? fixed : null;
      }
      case Bound.ArrayCompare c
          when c.any() && c.operator().equals("=") && c.array() instanceof Bound.ArrayOf array -> {
        values.addAll(array.elements());
        yield !array.multi()
                && values.stream()
                    .allMatch(v -> isConstant(v) && v.type().isStoredLike(c.left().type()))
            ? c.left()
            : null;
      }
      case Bound.Not n -> {
        values.add(new Bound.Const(false, n.type(), -1));
        yield n.arg();
      }
      case Bound.TruthTest t when t.value() != null && !t.negated() -> {
        values.add(new Bound.Const(t.value(), t.type(), -1));
        yield t.arg();
      }
      case Bound.Column c when c.type().oid() == PgOid.BOOL -> {
        values.add(new Bound.Const(true, c.type(), -1));
        yield c;
      }
      default -> null;
    };
  }

  private static Bound substituted(Bound e, Bound part, Bound value) {
    if (Normal.same(e, part)) {
      return new Bound.Const(value instanceof Bound.Const c ? c.value() : null, e.type(), -1);
    }
    List<Bound> operands = new ArrayList<>();
    for (Bound operand : e.operands()) {
      operands.add(substituted(operand, part, value));
    }
    return operands.isEmpty() ? e : e.withOperands(operands);
  }

  private static boolean isConstant(Bound e) {
    return e instanceof Bound.Const c && c.value() != null;
  }

  // x > 7: implies x > 5.

  /** {@code subject operator constant}. */
  private record Comparison(Bound.Call call, Bound subject, String operator, Bound constant) {
    static @Nullable Comparison of(Bound e) {
      if (!(e instanceof Bound.Call call) || call.operator() == null || call.args().size() != 2) {
        return null;
      }
      Bound left = call.args().get(0);
      Bound right = call.args().get(1);
      return isConstant(right) ? new Comparison(call, left, call.operator(), right) : null;
    }
  }

  private boolean impliesByBound(Bound condition, Bound wanted) {
    Comparison given = Comparison.of(condition);
    Comparison asked = Comparison.of(wanted);
    if (given == null
        || asked == null
        || !Normal.same(given.subject, asked.subject)
        || !given.constant.type().equals(asked.constant.type())) {
      return false;
    }
    boolean strict = given.operator.equals("<") || given.operator.equals(">");
    return switch (asked.operator) {
      case ">" -> lower(given) && above(asked, given, strict);
      case ">=" -> lower(given) && holds(asked, given);
      case "<" -> upper(given) && above(asked, given, strict);
      case "<=" -> upper(given) && holds(asked, given);
      default -> false;
    };
  }

  private static boolean lower(Comparison c) {
    return Set.of(">", ">=", "=").contains(c.operator);
  }

  private static boolean upper(Comparison c) {
    return Set.of("<", "<=", "=").contains(c.operator);
  }

  /**
   * What is asked with a strict operator: of the given constant itself, if that is not included.
   */
  private boolean above(Comparison asked, Comparison given, boolean excluded) {
    return holds(asked, given) || (excluded && Normal.same(asked.constant, given.constant));
  }

  /** Whether what is asked is true of the constant that bounds the subject. */
  private boolean holds(Comparison asked, Comparison given) {
    SqlType type = asked.subject.type();
    return type.isStoredLike(given.constant.type())
        && Boolean.TRUE.equals(
            value(asked.call.withOperands(List.of(given.constant, asked.constant))));
  }

  private @Nullable Object value(Bound constant) {
    try {
      return expressions
          .build(constant, ExpressionBuilder.Env.EMPTY)
          .eval(NoSession.NO_ROW, NoSession.INSTANCE);
    } catch (ShardForgeException | NoSession.NotConstant e) {
      // Not true, at least.
      return null;
    }
  }
}
