package io.shardforge.sql.row;

import io.shardforge.sql.type.ByteWriter;
import io.shardforge.storage.key.Bytes;

/**
 * The binary form of a row's value: where each column's bytes are, found without touching the
 * others.
 *
 * <pre>
 *   1 byte   version in the upper six bits, offset width code in the lower two
 *   2 bytes  n: the highest column number that the row knows
 *   n bits   present and not null, by column number - 1, least significant bit first
 *   n ends   where the bytes of column 1..n end, from the start of the data; 1, 2 or 4 bytes each
 *   data
 * </pre>
 *
 * A column above n was added after the row was written: it reads as the column's missing value, so
 * that ADD COLUMN rewrites nothing. Numbers of dropped columns are not used again, so that DROP
 * COLUMN rewrites nothing either.
 */
final class RowLayout {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 3;

  private static final int WIDTH_1 = 0;
  private static final int WIDTH_2 = 1;
  private static final int WIDTH_4 = 2;

  private RowLayout() {}

  /** Packs columns: {@code starts[i]..starts[i+1]} of the data are column i + 1's bytes. */
  static byte[] pack(int columns, boolean[] present, int[] starts, ByteWriter data) {
    int dataLength = data.size();
    int widthCode = dataLength < 1 << 8 ? WIDTH_1 : dataLength < 1 << 16 ? WIDTH_2 : WIDTH_4;
    int width = 1 << widthCode;
    int bitmapBytes = (columns + 7) >>> 3;
    int endsAt = HEADER_BYTES + bitmapBytes;
    int dataAt = endsAt + columns * width;
    byte[] out = new byte[dataAt + dataLength];
    out[0] = (byte) (VERSION << 2 | widthCode);
    Bytes.putShort(out, 1, (short) columns);
    for (int i = 0; i < columns; i++) {
      if (present[i]) {
        out[HEADER_BYTES + (i >>> 3)] |= (byte) (1 << (i & 7));
      }
      int end = starts[i + 1];
      switch (widthCode) {
        case WIDTH_1 -> out[endsAt + i] = (byte) end;
        case WIDTH_2 -> Bytes.putShort(out, endsAt + 2 * i, (short) end);
        default -> Bytes.putInt(out, endsAt + 4 * i, end);
      }
    }
    System.arraycopy(data.array(), 0, out, dataAt, dataLength);
    return out;
  }

  /** A cursor over one packed row. */
  static final class View {
    private byte[] buffer = Bytes.EMPTY;
    private int base;
    private int columns;
    private int width;
    private int endsAt;
    private int dataAt;
    private int limit;

    /** Set by {@link #find}: where the column's bytes are. */
    int offset;

    int length;

    /** Positions on a row; the header is checked, the rest as it is read. */
    void reset(byte[] newBuffer, int start, int size) {
      if (size < HEADER_BYTES || start < 0 || start + size > newBuffer.length) {
        throw ValueCodec.corrupted(size + " bytes");
      }
      int head = newBuffer[start] & 0xFF;
      if (head >>> 2 != VERSION || (head & 3) > WIDTH_4) {
        throw ValueCodec.corrupted("header " + head);
      }
      buffer = newBuffer;
      base = start;
      width = 1 << (head & 3);
      columns = Bytes.getShort(newBuffer, start + 1) & 0xFFFF;
      endsAt = start + HEADER_BYTES + ((columns + 7) >>> 3);
      dataAt = endsAt + columns * width;
      limit = start + size;
      if (dataAt > limit) {
        throw ValueCodec.corrupted(columns + " columns in " + size + " bytes");
      }
    }

    /** Whether the row was written before the column was there. */
    boolean lacks(int columnNumber) {
      return columnNumber > columns;
    }

    /** Finds a column that the row does not lack; false for null or a column kept in the key. */
    boolean find(int columnNumber) {
      int i = columnNumber - 1;
      if ((buffer[base + HEADER_BYTES + (i >>> 3)] >>> (i & 7) & 1) == 0) {
        return false;
      }
      int start = i == 0 ? 0 : end(i - 1);
      int end = end(i);
      if (start > end || end > limit - dataAt || start < 0) {
        throw ValueCodec.corrupted("column " + columnNumber + " at " + start + ".." + end);
      }
      offset = dataAt + start;
      length = end - start;
      return true;
    }

    private int end(int i) {
      return switch (width) {
        case 1 -> buffer[endsAt + i] & 0xFF;
        case 2 -> Bytes.getShort(buffer, endsAt + 2 * i) & 0xFFFF;
        default -> Bytes.getInt(buffer, endsAt + 4 * i);
      };
    }
  }
}
