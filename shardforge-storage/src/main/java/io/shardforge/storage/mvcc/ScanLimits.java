package io.shardforge.storage.mvcc;

/**
 * How much one scan may do before it pauses.
 *
 * @param rowsMax rows returned
 * @param bytesMax bytes of keys and values returned; a first row is always returned
 * @param examinedMax entries looked at, deleted and invisible ones included
 */
public record ScanLimits(long rowsMax, long bytesMax, long examinedMax) {
  private static final ScanLimits NONE =
      new ScanLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  public ScanLimits {
    if (rowsMax < 1 || bytesMax < 1 || examinedMax < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: " + rowsMax + ", " + bytesMax + ", " + examinedMax);
    }
  }

  public static ScanLimits none() {
    return NONE;
  }

  public static ScanLimits rows(long rowsMax) {
    return new ScanLimits(rowsMax, Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
