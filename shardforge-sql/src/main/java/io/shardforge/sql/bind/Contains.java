package io.shardforge.sql.bind;

/** Questions about bound expressions that several clauses ask. */
final class Contains {
  private Contains() {}

  static boolean isSet(Bound expression) {
    return expression instanceof Bound.Call call && call.returnsSet();
  }

  static boolean hasSet(Bound expression) {
    return Bound.any(expression, Contains::isSet);
  }

  static boolean hasAggregate(Bound expression) {
    return Bound.any(expression, e -> e instanceof Bound.Aggregate);
  }

  static boolean hasWindow(Bound expression) {
    return Bound.any(expression, e -> e instanceof Bound.WindowCall);
  }
}
