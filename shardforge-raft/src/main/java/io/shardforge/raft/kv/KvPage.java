package io.shardforge.raft.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a scan packed into one buffer, in scan order. Reading by offset and length copies
 * nothing.
 */
public final class KvPage {
  private static final KvPage EMPTY = new KvPage(new byte[0], new int[1], 0);

  private final byte[] buffer;
  private final int[] offsets;
  private final int rows;

  /** Takes over both arrays: offsets hold key start, value start of each row, then the end. */
  KvPage(byte[] buffer, int[] offsets, int rows) {
    this.buffer = buffer;
    this.offsets = offsets;
    this.rows = rows;
  }

  /** The page without rows. */
  public static KvPage empty() {
    return EMPTY;
  }

  public int rows() {
    return rows;
  }

  public boolean isEmpty() {
    return rows == 0;
  }

  /** The buffer that all keys and values lie in; not to be changed. */
  public byte[] buffer() {
    return buffer;
  }

  public int keyOffset(int row) {
    return offsets[2 * row];
  }

  public int keyLength(int row) {
    return offsets[2 * row + 1] - offsets[2 * row];
  }

  public int valueOffset(int row) {
    return offsets[2 * row + 1];
  }

  public int valueLength(int row) {
    return offsets[2 * row + 2] - offsets[2 * row + 1];
  }

  /** A copy of the row's key. */
  public byte[] key(int row) {
    return Arrays.copyOfRange(buffer, offsets[2 * row], offsets[2 * row + 1]);
  }

  /** A copy of the row's value. */
  public byte[] value(int row) {
    return Arrays.copyOfRange(buffer, offsets[2 * row + 1], offsets[2 * row + 2]);
  }

  /** The bytes of all rows. */
  public int sizeBytes() {
    return offsets[2 * rows];
  }

  /** Compares a row's key with another key. */
  public int compareKey(int row, byte[] key) {
    return Arrays.compareUnsigned(
        buffer, offsets[2 * row], offsets[2 * row + 1], key, 0, key.length);
  }

  /** Some of the rows, of this page's own buffer if they are all of them. */
  public KvPage rows(int from, int to) {
    if (from == 0 && to == rows) {
      return this;
    }
    if (from >= to) {
      return EMPTY;
    }
    int[] moved = Arrays.copyOfRange(offsets, 2 * from, 2 * to + 1);
    int start = moved[0];
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= start;
    }
    return new KvPage(
        Arrays.copyOfRange(buffer, start, start + moved[2 * (to - from)]), moved, to - from);
  }

  /** The same rows, in arrays without room to spare. */
  public KvPage compact() {
    return new KvPage(
        Arrays.copyOf(buffer, sizeBytes()), Arrays.copyOf(offsets, 2 * rows + 1), rows);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof KvPage other
        && rows == other.rows
        && Arrays.equals(offsets, 0, 2 * rows + 1, other.offsets, 0, 2 * rows + 1)
        && Arrays.equals(buffer, 0, sizeBytes(), other.buffer, 0, sizeBytes());
  }

  @Override
  public int hashCode() {
    return 31 * rows + sizeBytes();
  }

  @Override
  public String toString() {
    return "KvPage[" + rows + " rows, " + sizeBytes() + " bytes]";
  }

  /** A page being filled; for one thread. */
  public static final class Builder {
    private static final int BUFFER_FIRST_BYTES = 1024;
    private static final int ROWS_FIRST = 16;

    private byte[] buffer = new byte[BUFFER_FIRST_BYTES];
    private int[] offsets = new int[2 * ROWS_FIRST + 1];
    private int rows;

    public Builder add(byte[] key, byte[] value) {
      return add(key, 0, key.length, value, 0, value.length);
    }

    /** Copies a row in from parts of two buffers. */
    public Builder add(
        byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
      int start = offsets[2 * rows];
      int end = Math.addExact(start, Math.addExact(keyLength, valueLength));
      if (end > buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.max(end, (int) Math.min(2L * buffer.length, 1 << 30)));
      }
      if (2 * rows + 2 >= offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      }
      System.arraycopy(key, keyOffset, buffer, start, keyLength);
      System.arraycopy(value, valueOffset, buffer, start + keyLength, valueLength);
      offsets[2 * rows + 1] = start + keyLength;
      offsets[2 * rows + 2] = end;
      rows++;
      return this;
    }

    public int rows() {
      return rows;
    }

    public int sizeBytes() {
      return offsets[2 * rows];
    }

    /** The page; the builder must not be used afterwards. */
    public KvPage build() {
      return rows == 0 ? EMPTY : new KvPage(buffer, offsets, rows);
    }
  }
}
