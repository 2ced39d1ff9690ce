package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import org.jspecify.annotations.Nullable;

/** Batches one after another, each valid until the next; null at the end. */
interface BatchSource {
  @Nullable RowBatch next();
}
