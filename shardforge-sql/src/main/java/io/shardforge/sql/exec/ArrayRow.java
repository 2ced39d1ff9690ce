package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Row;
import org.jspecify.annotations.Nullable;

/** A row over an array that can be exchanged. */
final class ArrayRow implements Row {
  static final @Nullable Object[] NO_VALUES = {};

  private @Nullable Object[] values;

  ArrayRow() {
    this(NO_VALUES);
  }

  ArrayRow(@Nullable Object[] values) {
    this.values = values;
  }

  ArrayRow with(@Nullable Object[] newValues) {
    values = newValues;
    return this;
  }

  static boolean hasNull(@Nullable Object[] values) {
    for (Object value : values) {
      if (value == null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Object get(int column) {
    return values[column];
  }
}
