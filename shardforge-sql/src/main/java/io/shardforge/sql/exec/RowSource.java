package io.shardforge.sql.exec;

import org.jspecify.annotations.Nullable;

/** Rows one after another; null at the end. */
interface RowSource {
  @Nullable Object @Nullable [] next();
}
