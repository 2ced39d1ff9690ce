package io.shardforge.sql.exec;

import io.shardforge.sql.type.BitString;
import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.Numeric;
import org.jspecify.annotations.Nullable;

/** Estimates of the heap that rows take, for the memory budget. Rather high than low. */
public final class RowSize {
  private static final int ARRAY_BYTES = 24;
  private static final int REFERENCE_BYTES = 8;
  private static final int BOX_BYTES = 24;
  private static final int STRING_BYTES = 56;
  private static final int NUMERIC_BYTES = 104;
  private static final int OTHER_BYTES = 160;

  private RowSize() {}

  public static long of(@Nullable Object[] row) {
    long size = ARRAY_BYTES + (long) REFERENCE_BYTES * row.length;
    for (Object value : row) {
      size += ofValue(value);
    }
    return size;
  }

  static long ofValue(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case Boolean _ -> 0;
      case Long _, Double _ -> BOX_BYTES;
      case String text -> STRING_BYTES + 2L * text.length();
      case BitString bits -> BOX_BYTES + ARRAY_BYTES + bits.bytes().length;
      case NetworkAddress a -> BOX_BYTES + ARRAY_BYTES + a.address().length;
      case byte[] bytes -> ARRAY_BYTES + bytes.length;
      case Numeric _ -> NUMERIC_BYTES;
      case Object[] array -> of(array);
      default -> OTHER_BYTES;
    };
  }
}
