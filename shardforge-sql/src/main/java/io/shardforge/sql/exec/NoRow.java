package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Row;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/** The row of expressions that see no columns, such as limits and literal rows. */
enum NoRow implements Row {
  INSTANCE;

  @Override
  public @Nullable Object get(int column) {
    throw new ShardForgeException(
        ErrorCode.INTERNAL_ERROR, "column " + column + " where there is no row");
  }
}
