package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/** A strict comparison of two floats, NaN last, that batches compute without boxing. */
public record DoubleComparison(Comparison comparison) implements ScalarFunction {
  public boolean test(double a, double b) {
    return comparison.holds(compare(a, b));
  }

  /** PostgreSQL's order of floats: -0 equals 0, NaN equals itself and is the greatest. */
  public static int compare(double a, double b) {
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
    return a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
  }

  @Override
  public @Nullable Object apply(EvalContext context, @Nullable Object[] arguments) {
    return test(NullArguments.doubleAt(arguments, 0), NullArguments.doubleAt(arguments, 1));
  }
}
