package io.shardforge.sql.function;

import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Ranks, and values of other rows of the partition or the frame. */
final class WindowFunctions {
  private WindowFunctions() {}

  static void register(FunctionTable t) {
    t.window("window_row_number", new Forward(row -> row.position() + 1));
    t.window("window_rank", new Forward(row -> row.peersStart() + 1));
    t.window("window_dense_rank", new Forward(row -> row.peerGroup() + 1));
    t.window("window_percent_rank", WindowFunctions::percentRank);
    t.window("window_cume_dist", row -> (double) row.peersEnd() / (double) row.partitionRows());
    t.window("window_ntile", WindowFunctions::bucket);
    t.window("window_lag", row -> other(row, -1));
    t.window("window_lag_with_offset", row -> shifted(row, -1, false));
    t.window("window_lag_with_offset_and_default", row -> shifted(row, -1, true));
    t.window("window_lead", row -> other(row, 1));
    t.window("window_lead_with_offset", row -> shifted(row, 1, false));
    t.window("window_lead_with_offset_and_default", row -> shifted(row, 1, true));
    t.window("window_first_value", row -> at(row, row.frameRow(0)));
    t.window("window_last_value", row -> at(row, row.frameLast()));
    t.window("window_nth_value", WindowFunctions::nthValue);
  }

  /** A function that looks at no row before the current one. */
  private record Forward(WindowFunction function) implements WindowFunction {
    @Override
    public @Nullable Object value(WindowRow row) {
      return function.value(row);
    }

    @Override
    public boolean looksBack() {
      return false;
    }
  }

  private static Object percentRank(WindowRow row) {
    long rows = row.partitionRows();
    return rows <= 1 ? 0.0 : (double) row.peersStart() / (double) (rows - 1);
  }

  private static @Nullable Object bucket(WindowRow row) {
    if (!(row.argument(0, 0) instanceof Long buckets)) {
      return null;
    }
    if (buckets <= 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero");
    }
    long rows = row.partitionRows();
    long size = rows / buckets;
    long longer = rows % buckets;
    long inLonger = longer * (size + 1);
    long position = row.position();
    return position < inLonger
        ? position / (size + 1) + 1
        : (position - inLonger) / size + longer + 1;
  }

  private static @Nullable Object shifted(WindowRow row, int sign, boolean hasDefault) {
    if (!(row.argument(1) instanceof Long offset)) {
      return null;
    }
    long target = row.position() + sign * offset;
    return row.exists(target) ? row.argument(0, target) : hasDefault ? row.argument(2) : null;
  }

  private static @Nullable Object other(WindowRow row, long offset) {
    long target = row.position() + offset;
    return row.exists(target) ? row.argument(0, target) : null;
  }

  private static @Nullable Object at(WindowRow row, long target) {
    return target < 0 ? null : row.argument(0, target);
  }

  private static @Nullable Object nthValue(WindowRow row) {
    if (!(row.argument(1) instanceof Long n)) {
      return null;
    }
    if (n <= 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_NTH_VALUE,
          "argument of nth_value must be greater than zero");
    }
    return at(row, row.frameRow(n - 1));
  }
}
