package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/** A strict function of two floats that batches compute without boxing. */
@FunctionalInterface
public interface DoubleFunction extends ScalarFunction {
  double applyDouble(double a, double b);

  @Override
  default @Nullable Object apply(EvalContext context, @Nullable Object[] arguments) {
    return applyDouble(NullArguments.doubleAt(arguments, 0), NullArguments.doubleAt(arguments, 1));
  }
}
