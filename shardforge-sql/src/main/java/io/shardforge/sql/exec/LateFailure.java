package io.shardforge.sql.exec;

import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/**
 * An error in the middle of a batch, kept until the rows before it have been handed on: who stops
 * there never sees it, as if rows were computed one by one.
 */
final class LateFailure {
  private static final String DATA_EXCEPTION = "22";

  private @Nullable ShardForgeException kept;

  /** Computes one row. */
  @FunctionalInterface
  interface RowComputation {
    void compute(int row);
  }

  void reset() {
    kept = null;
  }

  /** Fails with the error that the batch before ended at. */
  void check() {
    if (kept != null) {
      throw kept;
    }
  }

  /**
   * Computes a batch's rows one by one after the whole of it failed.
   *
   * @return how many rows come before the error, which is kept; an error of the first row is thrown
   */
  int computeSingly(ShardForgeException failure, int size, RowComputation computation) {
    if (!failure.code().sqlStateClass().equals(DATA_EXCEPTION)) {
      throw failure;
    }
    return compute(size, computation);
  }

  /** Computes rows one by one; as {@link #computeSingly}. */
  int compute(int size, RowComputation computation) {
    for (int i = 0; i < size; i++) {
      try {
        computation.compute(i);
      } catch (ShardForgeException e) {
        if (i == 0) {
          throw e;
        }
        kept = e;
        return i;
      }
    }
    return size;
  }
}
