package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Row;
import org.jspecify.annotations.Nullable;

/** Two rows side by side, as join conditions see them. */
final class JoinedRow implements Row {
  private final int leftWidth;
  private @Nullable Object[] left = ArrayRow.NO_VALUES;
  private @Nullable Object[] right = ArrayRow.NO_VALUES;

  JoinedRow(int leftWidth) {
    this.leftWidth = leftWidth;
  }

  JoinedRow with(@Nullable Object[] newLeft, @Nullable Object[] newRight) {
    left = newLeft;
    right = newRight;
    return this;
  }

  @Override
  public @Nullable Object get(int column) {
    return column < leftWidth ? left[column] : right[column - leftWidth];
  }
}
