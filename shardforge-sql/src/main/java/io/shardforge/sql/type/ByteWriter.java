package io.shardforge.sql.type;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growable byte array that values are written into, big-endian. Not thread-safe. */
public final class ByteWriter {
  private static final int SIZE_MAX = Integer.MAX_VALUE - 16;

  private byte[] bytes;
  private int size;

  public ByteWriter(int capacity) {
    bytes = new byte[Math.max(capacity, 16)];
  }

  public ByteWriter() {
    this(64);
  }

  /** The backing array; valid up to {@link #size} and until the next write. */
  public byte[] array() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Forgets what was written beyond {@code newSize}. */
  public void truncate(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("cannot truncate " + size + " bytes to " + newSize);
    }
    size = newSize;
  }

  public void clear() {
    size = 0;
  }

  /** Gives a large empty buffer back, so that one big message does not hold memory for good. */
  public void shrinkTo(int capacity) {
    if (size == 0 && bytes.length > capacity) {
      bytes = new byte[capacity];
    }
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int extra) {
    long needed = (long) size + extra;
    if (needed > bytes.length) {
      if (needed > SIZE_MAX) {
        throw TypeErrors.tooLarge(needed);
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(SIZE_MAX, Math.max(needed, bytes.length * 2L)));
    }
  }

  public void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void putShort(int value) {
    reserve(2);
    bytes[size++] = (byte) (value >> 8);
    bytes[size++] = (byte) value;
  }

  public void putInt(int value) {
    reserve(4);
    setInt(size, value, bytes);
    size += 4;
  }

  public void putLong(long value) {
    reserve(8);
    setInt(size, (int) (value >> 32), bytes);
    setInt(size + 4, (int) value, bytes);
    size += 8;
  }

  public void putDouble(double value) {
    putLong(Double.doubleToLongBits(value));
  }

  public void putFloat(float value) {
    putInt(Float.floatToIntBits(value));
  }

  public void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  public void putBytes(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** Appends the UTF-8 form of a string. */
  public void putUtf8(String text) {
    int length = text.length();
    reserve(length);
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        break;
      }
      bytes[size + i] = (byte) c;
      i++;
    }
    size += i;
    if (i < length) {
      putBytes(text.substring(i).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Appends the decimal form of a number. */
  public void putDecimal(long value) {
    if (value == Long.MIN_VALUE) {
      putUtf8("-9223372036854775808");
      return;
    }
    reserve(20);
    long rest = value;
    if (rest < 0) {
      bytes[size++] = '-';
      rest = -rest;
    }
    int digits = 1;
    for (long power = 10; digits < 19 && rest >= power; power *= 10) {
      digits++;
    }
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
  }

  /** Appends so many decimal digits of a number that is not negative and has no more. */
  public void putDigits(int value, int digits) {
    reserve(digits);
    int rest = value;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
  }

  /** Overwrites four bytes that were written before, such as a length that is now known. */
  public void setInt(int offset, int value) {
    if (offset < 0 || offset + 4 > size) {
      throw new IllegalArgumentException("offset " + offset + " outside " + size + " bytes");
    }
    setInt(offset, value, bytes);
  }

  private static void setInt(int offset, int value, byte[] target) {
    target[offset] = (byte) (value >> 24);
    target[offset + 1] = (byte) (value >> 16);
    target[offset + 2] = (byte) (value >> 8);
    target[offset + 3] = (byte) value;
  }
}
