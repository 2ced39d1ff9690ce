package io.shardforge.storage.clock;

import java.time.Instant;

/**
 * The arithmetic of oracle timestamps: 64-bit values of milliseconds since 1970 in the upper 46
 * bits and a logical counter in the lower 18. They travel as plain {@code long}, are never negative
 * and are compared as such.
 */
public final class Timestamp {
  public static final int LOGICAL_BITS = 18;
  public static final int LOGICAL_MAX = (1 << LOGICAL_BITS) - 1;

  /** No timestamp; less than every one that the oracle issues. */
  public static final long NONE = 0;

  /** Greater than every timestamp that the oracle issues. */
  public static final long MAX = Long.MAX_VALUE;

  private Timestamp() {}

  public static long of(long physicalMillis, int logical) {
    if (physicalMillis < 0 || physicalMillis > MAX >> LOGICAL_BITS) {
      throw new IllegalArgumentException("milliseconds out of range: " + physicalMillis);
    }
    if (logical < 0 || logical > LOGICAL_MAX) {
      throw new IllegalArgumentException("logical counter out of range: " + logical);
    }
    return physicalMillis << LOGICAL_BITS | logical;
  }

  public static long physicalMillis(long timestamp) {
    return timestamp >> LOGICAL_BITS;
  }

  public static int logical(long timestamp) {
    return (int) (timestamp & LOGICAL_MAX);
  }

  /** Milliseconds, a dot and the logical counter: {@code 1700000000000.42}. */
  public static String format(long timestamp) {
    return physicalMillis(timestamp) + "." + logical(timestamp);
  }

  /** The physical part as UTC and the logical counter, for people. */
  public static String formatUtc(long timestamp) {
    return Instant.ofEpochMilli(physicalMillis(timestamp)) + "#" + logical(timestamp);
  }

  /** Reads what {@link #format} writes. */
  public static long parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("not a timestamp: " + text);
    }
    return of(Long.parseLong(text, 0, dot, 10), Integer.parseInt(text, dot + 1, text.length(), 10));
  }
}
