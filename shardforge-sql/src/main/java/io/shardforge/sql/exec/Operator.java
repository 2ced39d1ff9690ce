package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import org.jspecify.annotations.Nullable;

/** A running plan node: pulled for batches of rows on the session's thread. */
public interface Operator extends AutoCloseable {
  void open();

  /** The next batch, never empty, valid until the next call; null at the end. */
  @Nullable RowBatch next();

  /** Releases memory, cursors and spill files; safe to call twice and after a failed open. */
  @Override
  void close();
}
