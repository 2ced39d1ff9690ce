package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/** A strict comparison of two values in LONG representation that batches compute without boxing. */
public record LongComparison(Comparison comparison) implements ScalarFunction {
  public boolean test(long a, long b) {
    return comparison.holds(Long.compare(a, b));
  }

  @Override
  public @Nullable Object apply(EvalContext context, @Nullable Object[] arguments) {
    return test(NullArguments.longAt(arguments, 0), NullArguments.longAt(arguments, 1));
  }
}
