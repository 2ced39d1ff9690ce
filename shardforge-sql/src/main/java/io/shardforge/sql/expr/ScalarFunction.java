package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/** A function of one row's values. Stateless: shared by all plans and threads. */
@FunctionalInterface
public interface ScalarFunction {
  /**
   * Computes the result; null is SQL NULL. The caller has dealt with strictness: a strict function
   * is never called with a null argument. The array belongs to the caller.
   */
  @Nullable Object apply(EvalContext context, @Nullable Object[] arguments);
}
