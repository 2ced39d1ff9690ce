package io.shardforge.storage.key;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * A reader of what {@link KeyEncoder} wrote, column by column and with the same orders. Bytes that
 * no encoder writes give {@link ErrorCode#DATA_CORRUPTED}, never another exception.
 */
public final class KeyDecoder {
  private byte[] bytes = Bytes.EMPTY;
  private int position;
  private int limit;

  public KeyDecoder() {}

  public KeyDecoder(byte[] key) {
    reset(key);
  }

  /** Starts over with another key. */
  public KeyDecoder reset(byte[] key) {
    return reset(key, 0, key.length);
  }

  /** Starts over with a part of a buffer. */
  public KeyDecoder reset(byte[] buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    bytes = buffer;
    position = offset;
    limit = offset + length;
    return this;
  }

  public int position() {
    return position;
  }

  public boolean hasRemaining() {
    return position < limit;
  }

  /** Passes over raw bytes, such as a prefix. */
  public KeyDecoder skip(int count) {
    require(count);
    position += count;
    return this;
  }

  /** A copy of the next bytes as they are. */
  public byte[] getRaw(int count) {
    require(count);
    byte[] raw = Arrays.copyOfRange(bytes, position, position + count);
    position += count;
    return raw;
  }

  public int getRawByte() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  public int getRawInt() {
    require(Integer.BYTES);
    int value = Bytes.getInt(bytes, position);
    position += Integer.BYTES;
    return value;
  }

  public long getRawLong() {
    require(Long.BYTES);
    long value = Bytes.getLong(bytes, position);
    position += Long.BYTES;
    return value;
  }

  public long getVarint() {
    int first = getRawByte();
    if (first <= KeyEncoder.VARINT_ONE_BYTE_MAX) {
      return first;
    }
    int count = first - KeyEncoder.VARINT_ONE_BYTE_MAX;
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | getRawByte();
    }
    if (count > Long.BYTES || value < 0) {
      throw corrupted("varint out of range");
    }
    return value;
  }

  /** Reads what {@link KeyEncoder#putEscaped} wrote. */
  public byte[] getEscaped() {
    return unescape(0);
  }

  /** If the next column is null passes over it and returns true, else leaves it alone. */
  public boolean tryNull(KeyOrder order) {
    require(1);
    int nullMarker = order.isNullsFirst() ? KeyEncoder.NULL_FIRST : KeyEncoder.NULL_LAST;
    if (bytes[position] != nullMarker) {
      return false;
    }
    position++;
    return true;
  }

  public boolean getBool(KeyOrder order) {
    int mask = startColumn(order);
    int value = getRawByte() ^ mask;
    if (value > 1) {
      throw corrupted("boolean " + value);
    }
    return value == 1;
  }

  public short getInt2(KeyOrder order) {
    int mask = startColumn(order);
    require(Short.BYTES);
    int raw = Bytes.getShort(bytes, position) ^ (mask == 0 ? 0 : -1);
    position += Short.BYTES;
    return (short) (raw ^ Short.MIN_VALUE);
  }

  public int getInt4(KeyOrder order) {
    return bodyInt(startColumn(order)) ^ Integer.MIN_VALUE;
  }

  public long getInt8(KeyOrder order) {
    return bodyLong(startColumn(order)) ^ Long.MIN_VALUE;
  }

  public float getFloat4(KeyOrder order) {
    int raw = bodyInt(startColumn(order));
    return Float.intBitsToFloat(raw < 0 ? raw ^ Integer.MIN_VALUE : ~raw);
  }

  public double getFloat8(KeyOrder order) {
    long raw = bodyLong(startColumn(order));
    return Double.longBitsToDouble(raw < 0 ? raw ^ Long.MIN_VALUE : ~raw);
  }

  /** What kind of numeric comes next; leaves it alone. */
  public NumericKind peekNumericKind(KeyOrder order) {
    int start = position;
    int mask = startColumn(order);
    int sign = getRawByte() ^ mask;
    position = start;
    return switch (sign) {
      case KeyEncoder.NUMERIC_NEGATIVE_INFINITY -> NumericKind.NEGATIVE_INFINITY;
      case KeyEncoder.NUMERIC_NEGATIVE, KeyEncoder.NUMERIC_ZERO, KeyEncoder.NUMERIC_POSITIVE ->
          NumericKind.FINITE;
      case KeyEncoder.NUMERIC_POSITIVE_INFINITY -> NumericKind.POSITIVE_INFINITY;
      case KeyEncoder.NUMERIC_NAN -> NumericKind.NAN;
      default -> throw corrupted("numeric sign " + sign);
    };
  }

  /** Reads a numeric that {@link #peekNumericKind} called special. */
  public NumericKind getNumericSpecial(KeyOrder order) {
    NumericKind kind = peekNumericKind(order);
    if (kind == NumericKind.FINITE) {
      throw corrupted("finite numeric where a special one was expected");
    }
    position += 2;
    return kind;
  }

  /** Reads a finite numeric, without trailing zeros. */
  public BigDecimal getNumeric(KeyOrder order) {
    int mask = startColumn(order);
    int sign = getRawByte() ^ mask;
    return switch (sign) {
      case KeyEncoder.NUMERIC_ZERO -> BigDecimal.ZERO;
      case KeyEncoder.NUMERIC_POSITIVE -> magnitude(mask);
      case KeyEncoder.NUMERIC_NEGATIVE -> magnitude(mask ^ 0xFF).negate();
      default -> throw corrupted("numeric sign " + sign + " where a finite one was expected");
    };
  }

  public String getText(KeyOrder order) {
    return new String(getBytea(order), StandardCharsets.UTF_8);
  }

  public byte[] getBytea(KeyOrder order) {
    return unescape(startColumn(order));
  }

  public UUID getUuid(KeyOrder order) {
    int mask = startColumn(order);
    long high = bodyLong(mask);
    return new UUID(high, bodyLong(mask));
  }

  /** Passes over an interval: its fields cannot be had back from a key. */
  public void skipInterval(KeyOrder order) {
    startColumn(order);
    skip(2 * Long.BYTES);
  }

  private BigDecimal magnitude(int mask) {
    int first = getRawByte() ^ mask;
    int exponent =
        first == 0xFF || first == 0x00 ? bodyInt(mask) ^ Integer.MIN_VALUE : first - 0x80;
    StringBuilder digits = new StringBuilder();
    for (int pair = getRawByte() ^ mask; pair != 0; pair = getRawByte() ^ mask) {
      if (pair > 100) {
        throw corrupted("numeric digits " + pair);
      }
      digits.append((char) ('0' + (pair - 1) / 10)).append((char) ('0' + (pair - 1) % 10));
    }
    if (digits.isEmpty()) {
      throw corrupted("numeric without digits");
    }
    if (digits.charAt(digits.length() - 1) == '0') {
      digits.setLength(digits.length() - 1);
    }
    long scale = digits.length() - (long) exponent;
    if (scale != (int) scale) {
      throw corrupted("numeric exponent " + exponent);
    }
    return new BigDecimal(new BigInteger(digits.toString()), (int) scale);
  }

  private byte[] unescape(int mask) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(limit - position);
    while (true) {
      int b = getRawByte() ^ mask;
      if (b != 0) {
        out.write(b);
        continue;
      }
      int next = getRawByte() ^ mask;
      if (next == KeyEncoder.TERMINATOR) {
        return out.toByteArray();
      }
      if (next != KeyEncoder.ESCAPED_ZERO) {
        throw corrupted("byte " + next + " after a zero");
      }
      out.write(0);
    }
  }

  /** Passes over the marker; returns what to xor the body's bytes with. */
  private int startColumn(KeyOrder order) {
    int marker = getRawByte();
    if (marker != KeyEncoder.VALUE) {
      throw corrupted("column marker " + marker + " where a value was expected");
    }
    return order.isDescending() ? 0xFF : 0;
  }

  private int bodyInt(int mask) {
    return getRawInt() ^ (mask == 0 ? 0 : -1);
  }

  private long bodyLong(int mask) {
    return getRawLong() ^ (mask == 0 ? 0 : -1L);
  }

  private void require(int count) {
    if (count < 0 || count > limit - position) {
      throw corrupted("key ends early");
    }
  }

  private ShardForgeException corrupted(String what) {
    return new ShardForgeException(
        ErrorCode.DATA_CORRUPTED, "malformed key at byte " + position + ": " + what);
  }
}
