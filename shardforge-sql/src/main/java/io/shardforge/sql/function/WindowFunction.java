package io.shardforge.sql.function;

import org.jspecify.annotations.Nullable;

/** A function of a row's place in its partition. Stateless. */
public interface WindowFunction {
  /** The value for the current row; null is SQL NULL. */
  @Nullable Object value(WindowRow row);

  /** Whether it looks at rows before the current one, which must then be kept. */
  default boolean looksBack() {
    return true;
  }
}
