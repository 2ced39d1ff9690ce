package io.shardforge.sql.function;

import org.jspecify.annotations.Nullable;

/** The current row of a partition as a window function sees it. Rows are numbered from 0. */
public interface WindowRow {
  /** The current row's number. */
  long position();

  /** True if the partition has a row of this number. */
  boolean exists(long row);

  /** How many rows the partition has; reads it to its end. */
  long partitionRows();

  /** The first of the current row's peers. */
  long peersStart();

  /** The row behind the last of the current row's peers. */
  long peersEnd();

  /** How many groups of peers come before the current row's. */
  long peerGroup();

  /** An argument of the call for the current row. */
  default @Nullable Object argument(int index) {
    return argument(index, position());
  }

  /** An argument of the call for another row, which exists. */
  @Nullable Object argument(int index, long row);

  /** The frame's row number {@code n} counted from its start, or -1 if it has fewer. */
  long frameRow(long n);

  /** The frame's last row, or -1 if it is empty. */
  long frameLast();
}
