package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/** A strict function of two integers (or dates, timestamps) that batches compute without boxing. */
@FunctionalInterface
public interface LongFunction extends ScalarFunction {
  long applyLong(long a, long b);

  @Override
  default @Nullable Object apply(EvalContext context, @Nullable Object[] arguments) {
    return applyLong(NullArguments.longAt(arguments, 0), NullArguments.longAt(arguments, 1));
  }
}
