package io.shardforge.raft.check.invariant;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client does to a table whose rows each hold one more than the largest before. */
public sealed interface MonotonicAction {
  /** A row: its value, and the time at which the database says it was written. */
  record Row(long value, long timestamp) {}

  /** Adds a row; null is one that is not known. */
  record Add(@Nullable Row row) implements MonotonicAction {}

  /** Reads all rows; null is not known. */
  record Read(@Nullable List<Row> rows) implements MonotonicAction {}
}
