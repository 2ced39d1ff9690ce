package io.shardforge.storage.key;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A writer of keys whose unsigned byte order is the order of the encoded columns. One encoder
 * serves many keys: {@link #reset()} keeps the buffer.
 *
 * <p>A column is a marker byte (null first, value, null last) and a body; a descending body has all
 * its bits inverted, the marker never. Bodies delimit themselves, so no column's encoding is a
 * prefix of another's of the same type. Dates, times and timestamps are their int4 or int8 values.
 */
// Hot path: one encoder per key lookup, no allocation but the final array.
public final class KeyEncoder {
  static final int NULL_FIRST = 0x01;
  static final int VALUE = 0x02;
  static final int NULL_LAST = 0x03;

  /** Ends a byte string; a zero byte inside it is written as {@code 00 FF}. */
  static final int TERMINATOR = 0x01;

  static final int ESCAPED_ZERO = 0xFF;

  /** Ordered varints up to this value take one byte. */
  static final int VARINT_ONE_BYTE_MAX = 0xF6;

  static final int NUMERIC_NEGATIVE_INFINITY = 0x10;
  static final int NUMERIC_NEGATIVE = 0x20;
  static final int NUMERIC_ZERO = 0x30;
  static final int NUMERIC_POSITIVE = 0x40;
  static final int NUMERIC_POSITIVE_INFINITY = 0x50;
  static final int NUMERIC_NAN = 0x60;

  /** Decimal exponents of up to this magnitude take one byte. */
  static final int NUMERIC_SHORT_EXPONENT_MAX = 100;

  static final long MICROS_PER_DAY = 86_400_000_000L;
  static final int DAYS_PER_MONTH = 30;

  private static final int CAPACITY_DEFAULT = 64;
  private static final long COMPACT_MAX = 999_999_999_999_999_999L;

  private byte[] buffer;
  private int length;

  public KeyEncoder() {
    this(CAPACITY_DEFAULT);
  }

  public KeyEncoder(int capacity) {
    buffer = new byte[capacity];
  }

  /** Forgets what was written. */
  public KeyEncoder reset() {
    length = 0;
    return this;
  }

  /** Forgets what was written after this length, so that keys can share a prefix. */
  public KeyEncoder truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException("cannot truncate " + length + " to " + newLength);
    }
    length = newLength;
    return this;
  }

  public int length() {
    return length;
  }

  /** The encoder's own buffer; the key is its first {@link #length()} bytes. */
  public byte[] buffer() {
    return buffer;
  }

  /** A copy of the key. */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  /** Appends bytes as they are. */
  public KeyEncoder putRaw(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
    return this;
  }

  /** Appends one byte as it is. */
  public KeyEncoder putRawByte(int value) {
    ensure(1);
    buffer[length++] = (byte) value;
    return this;
  }

  /** Appends four big-endian bytes as they are. */
  public KeyEncoder putRawInt(int value) {
    ensure(Integer.BYTES);
    Bytes.putInt(buffer, length, value);
    length += Integer.BYTES;
    return this;
  }

  /** Appends eight big-endian bytes as they are. */
  public KeyEncoder putRawLong(long value) {
    ensure(Long.BYTES);
    Bytes.putLong(buffer, length, value);
    length += Long.BYTES;
    return this;
  }

  /** Appends a non-negative number in one to nine bytes that sort by value; no marker. */
  public KeyEncoder putVarint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative varint " + value);
    }
    if (value <= VARINT_ONE_BYTE_MAX) {
      return putRawByte((int) value);
    }
    int bytes = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    putRawByte(VARINT_ONE_BYTE_MAX + bytes);
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      putRawByte((int) (value >>> shift));
    }
    return this;
  }

  /** Appends bytes with zeros escaped and a terminator, sorting as the bytes do; no marker. */
  public KeyEncoder putEscaped(byte[] bytes) {
    return putEscapedPrefix(bytes).terminate();
  }

  /** Appends bytes with zeros escaped but open-ended: a bound for all strings with this prefix. */
  public KeyEncoder putEscapedPrefix(byte[] bytes) {
    return putEscapedPrefix(bytes, 0, bytes.length);
  }

  public KeyEncoder putNull(KeyOrder order) {
    return putRawByte(order.isNullsFirst() ? NULL_FIRST : NULL_LAST);
  }

  public KeyEncoder putBool(boolean value, KeyOrder order) {
    int start = startColumn();
    putRawByte(value ? 1 : 0);
    return endColumn(start, order);
  }

  public KeyEncoder putInt2(short value, KeyOrder order) {
    int start = startColumn();
    ensure(Short.BYTES);
    Bytes.putShort(buffer, length, (short) (value ^ Short.MIN_VALUE));
    length += Short.BYTES;
    return endColumn(start, order);
  }

  public KeyEncoder putInt4(int value, KeyOrder order) {
    int start = startColumn();
    putRawInt(value ^ Integer.MIN_VALUE);
    return endColumn(start, order);
  }

  public KeyEncoder putInt8(long value, KeyOrder order) {
    int start = startColumn();
    putRawLong(value ^ Long.MIN_VALUE);
    return endColumn(start, order);
  }

  /** NaN sorts greatest and equals itself; -0 equals 0. */
  public KeyEncoder putFloat4(float value, KeyOrder order) {
    int start = startColumn();
    int bits = Float.floatToIntBits(value == 0 ? 0f : value);
    putRawInt(bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE);
    return endColumn(start, order);
  }

  /** NaN sorts greatest and equals itself; -0 equals 0. */
  public KeyEncoder putFloat8(double value, KeyOrder order) {
    int start = startColumn();
    long bits = Double.doubleToLongBits(value == 0 ? 0d : value);
    putRawLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    return endColumn(start, order);
  }

  /** Equal numbers of different scale give equal keys; the scale is not kept. */
  public KeyEncoder putNumeric(BigDecimal value, KeyOrder order) {
    int start = startColumn();
    if (value.signum() == 0) {
      putRawByte(NUMERIC_ZERO);
    } else {
      putRawByte(value.signum() < 0 ? NUMERIC_NEGATIVE : NUMERIC_POSITIVE);
      int magnitudeStart = length;
      putMagnitude(value);
      if (value.signum() < 0) {
        invert(magnitudeStart);
      }
    }
    return endColumn(start, order);
  }

  /** Encodes NaN or an infinity. */
  public KeyEncoder putNumericSpecial(NumericKind kind, KeyOrder order) {
    int start = startColumn();
    putRawByte(
        switch (kind) {
          case NEGATIVE_INFINITY -> NUMERIC_NEGATIVE_INFINITY;
          case POSITIVE_INFINITY -> NUMERIC_POSITIVE_INFINITY;
          case NAN -> NUMERIC_NAN;
          case FINITE -> throw new IllegalArgumentException("a finite numeric needs its value");
        });
    return endColumn(start, order);
  }

  /** Sorts by UTF-8 bytes (the C collation). */
  public KeyEncoder putText(String value, KeyOrder order) {
    int start = startColumn();
    putUtf8(value);
    terminate();
    return endColumn(start, order);
  }

  /** The start of an ascending text column, open-ended: a bound for all values with this prefix. */
  public KeyEncoder putTextPrefix(String prefix) {
    startColumn();
    putUtf8(prefix);
    return this;
  }

  /** Sorts by unsigned bytes, a prefix first. */
  public KeyEncoder putBytea(byte[] value, KeyOrder order) {
    return putBytea(value, 0, value.length, order);
  }

  /** Sorts by unsigned bytes, a prefix first; also for text that is UTF-8 already. */
  public KeyEncoder putBytea(byte[] value, int offset, int count, KeyOrder order) {
    int start = startColumn();
    putEscapedPrefix(value, offset, count);
    terminate();
    return endColumn(start, order);
  }

  public KeyEncoder putUuid(long high, long low, KeyOrder order) {
    int start = startColumn();
    putRawLong(high);
    putRawLong(low);
    return endColumn(start, order);
  }

  /** Sorts as PostgreSQL compares intervals: a month is 30 days, a day 24 hours. */
  public KeyEncoder putInterval(int months, int days, long micros, KeyOrder order) {
    int start = startColumn();
    long totalDays = (long) months * DAYS_PER_MONTH + days;
    long low = totalDays * MICROS_PER_DAY;
    long high = Math.multiplyHigh(totalDays, MICROS_PER_DAY);
    long sum = low + micros;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    high += (micros >> 63) + carry;
    putRawLong(high ^ Long.MIN_VALUE);
    putRawLong(sum);
    return endColumn(start, order);
  }

  private void putMagnitude(BigDecimal value) {
    BigInteger unscaled = value.unscaledValue().abs();
    String digits =
        unscaled.bitLength() < Long.SIZE - 1 && unscaled.longValue() <= COMPACT_MAX
            ? Long.toString(unscaled.longValue())
            : unscaled.toString();
    // The value is 0.d1d2d3… times ten to this power; trailing zeros do not change it.
    long exponent = (long) digits.length() - value.scale();
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    putExponent(exponent);
    ensure(end / 2 + 2);
    for (int i = 0; i < end; i += 2) {
      int tens = digits.charAt(i) - '0';
      int ones = i + 1 < end ? digits.charAt(i + 1) - '0' : 0;
      buffer[length++] = (byte) (tens * 10 + ones + 1);
    }
    putRawByte(0);
  }

  private void putExponent(long exponent) {
    if (exponent > Integer.MAX_VALUE || exponent < Integer.MIN_VALUE) {
      throw new ShardForgeException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric exponent " + exponent + " out of range");
    }
    if (exponent > NUMERIC_SHORT_EXPONENT_MAX) {
      putRawByte(0xFF).putRawInt((int) exponent ^ Integer.MIN_VALUE);
    } else if (exponent < -NUMERIC_SHORT_EXPONENT_MAX) {
      putRawByte(0x00).putRawInt((int) exponent ^ Integer.MIN_VALUE);
    } else {
      putRawByte((int) exponent + 0x80);
    }
  }

  private void putUtf8(String value) {
    int count = value.length();
    ensure(count + 2);
    for (int i = 0; i < count; i++) {
      char c = value.charAt(i);
      if (c == 0 || c >= 0x80) {
        byte[] rest = value.substring(i).getBytes(StandardCharsets.UTF_8);
        putEscapedPrefix(rest, 0, rest.length);
        return;
      }
      buffer[length++] = (byte) c;
    }
  }

  private KeyEncoder putEscapedPrefix(byte[] bytes, int offset, int count) {
    ensure(count * 2 + 2);
    for (int i = offset; i < offset + count; i++) {
      byte b = bytes[i];
      buffer[length++] = b;
      if (b == 0) {
        buffer[length++] = (byte) ESCAPED_ZERO;
      }
    }
    return this;
  }

  private KeyEncoder terminate() {
    return putRawByte(0).putRawByte(TERMINATOR);
  }

  private int startColumn() {
    putRawByte(VALUE);
    return length;
  }

  private KeyEncoder endColumn(int bodyStart, KeyOrder order) {
    if (order.isDescending()) {
      invert(bodyStart);
    }
    return this;
  }

  private void invert(int start) {
    for (int i = start; i < length; i++) {
      buffer[i] = (byte) ~buffer[i];
    }
  }

  private void ensure(int more) {
    int needed = Math.addExact(length, more);
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length * 2));
    }
  }
}
