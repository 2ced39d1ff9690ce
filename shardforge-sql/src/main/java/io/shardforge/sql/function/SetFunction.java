package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A function that returns rows, one array of column values each. Stateless. */
@FunctionalInterface
public interface SetFunction {
  /** The rows, computed as they are pulled; a strict function is never called with a null. */
  Iterator<@Nullable Object[]> rows(EvalContext context, @Nullable Object[] arguments);
}
