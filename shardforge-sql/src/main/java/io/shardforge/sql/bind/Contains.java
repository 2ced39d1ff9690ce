package io.shardforge.sql.bind;

import org.jspecify.annotations.Nullable;

/** Questions about bound expressions that several clauses ask. */
final class Contains {
  private Contains() {}

  static boolean isSet(Bound expression) {
    return expression instanceof Bound.Call call && call.returnsSet();
  }

  /** Where a set-returning function is called in an expression; null if there is none. */
  static @Nullable Integer setAt(Bound expression) {
    if (expression instanceof Bound.Call call && call.returnsSet()) {
      return call.location();
    }
    for (Bound operand : expression.operands()) {
      Integer found = setAt(operand);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The first aggregate of an expression; null if there is none. */
  static Bound.@Nullable Aggregate aggregate(Bound expression) {
    if (expression instanceof Bound.Aggregate found) {
      return found;
    }
    for (Bound operand : expression.operands()) {
      Bound.Aggregate found = aggregate(operand);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The first subquery of an expression; null if there is none. */
  static Bound.@Nullable SubQuery subQuery(Bound expression) {
    if (expression instanceof Bound.SubQuery found) {
      return found;
    }
    for (Bound operand : expression.operands()) {
      Bound.SubQuery found = subQuery(operand);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  static boolean hasSet(Bound expression) {
    return Bound.any(expression, Contains::isSet);
  }

  /** Whether a set is an argument of another. */
  static boolean hasSetOfSet(Bound expression) {
    return Bound.any(expression, e -> isSet(e) && e.operands().stream().anyMatch(Contains::hasSet));
  }

  static boolean hasAggregate(Bound expression) {
    return Bound.any(expression, e -> e instanceof Bound.Aggregate);
  }

  static boolean hasWindow(Bound expression) {
    return Bound.any(expression, e -> e instanceof Bound.WindowCall);
  }
}
