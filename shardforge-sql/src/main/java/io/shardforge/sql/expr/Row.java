package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/**
 * One row that an expression reads: values by column ordinal, in the representations of {@code
 * sql.type}.
 */
public interface Row {
  @Nullable Object get(int column);
}
