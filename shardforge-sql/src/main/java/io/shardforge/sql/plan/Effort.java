package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.type.ArrayValue;

/** What it takes to compute an expression for a row, in calls of a simple function. */
final class Effort {
  /** A subquery reads rows: more than any expression that reads none. */
  private static final double SUBQUERY = 1_000_000;

  /** Through the text form there and back. */
  private static final double CAST_BY_TEXT = 2;

  /** An array is searched as far as half of it. */
  private static final double ELEMENT = 0.5;

  private static final int ELEMENTS_GUESSED = 10;

  private Effort() {}

  static double of(Bound e) {
    double effort =
        switch (e) {
          case Bound.SubQuery _ -> SUBQUERY;
          case Bound.ArrayCompare compare -> ELEMENT * elements(compare.array());
          case Bound.Cast cast ->
              switch (cast.kind()) {
                case RELABEL -> 0;
                case IO -> CAST_BY_TEXT;
                case FUNCTION, TYPMOD -> 1;
                case ARRAY -> ELEMENTS_GUESSED;
              };
          case Bound.Call _, Bound.Distinct _, Bound.NullIf _, Bound.MinMax _ -> 1;
          default -> 0;
        };
    for (Bound operand : e.operands()) {
      effort += of(operand);
    }
    return effort;
  }

  private static int elements(Bound array) {
    return switch (array) {
      case Bound.ArrayOf list -> list.elements().size();
      case Bound.Const constant when constant.value() instanceof ArrayValue value -> value.size();
      default -> ELEMENTS_GUESSED;
    };
  }
}
