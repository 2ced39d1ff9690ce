package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A string of bits, the first one on the left: eight a byte, the highest first, and zeros after the
 * last. Immutable; who makes one gives its bytes away.
 */
public final class BitString implements Comparable<BitString> {
  /** The most bits that a value may have. */
  public static final int LENGTH_MAX = 83_886_080;

  private final int length;
  private final byte[] bytes;

  /** Makes one from left to right. */
  static final class Builder {
    private final byte[] bytes;
    private int length;

    Builder(int lengthMax) {
      bytes = new byte[bytesOf(lengthMax)];
    }

    /** Adds the lowest bits of a number, the highest of them first. */
    void add(int number, int bits) {
      for (int i = bits - 1; i >= 0; i--, length++) {
        bytes[length / Byte.SIZE] |=
            (byte) ((number >> i & 1) << (Byte.SIZE - 1 - length % Byte.SIZE));
      }
    }

    BitString build() {
      return new BitString(length, bytes);
    }
  }

  private BitString(int length, byte[] bytes) {
    this.length = length;
    this.bytes = bytes;
  }

  /** The first bits of bytes, of which there are enough for them. */
  public static BitString of(int length, byte[] bytes) {
    byte[] own = Arrays.copyOf(bytes, bytesOf(length));
    int rest = length % Byte.SIZE;
    if (rest > 0) {
      own[own.length - 1] &= (byte) (0xFF << (Byte.SIZE - rest));
    }
    return new BitString(length, own);
  }

  /** All zeros. */
  public static BitString zeros(int length) {
    return new BitString(length, new byte[bytesOf(length)]);
  }

  private static int bytesOf(int length) {
    return (length + Byte.SIZE - 1) / Byte.SIZE;
  }

  public int length() {
    return length;
  }

  /** The bytes themselves, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** A bit, counted from the left. */
  public boolean get(int index) {
    return (bytes[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1) != 0;
  }

  public BitString with(int index, boolean bit) {
    byte[] copy = bytes.clone();
    int mask = 1 << (Byte.SIZE - 1 - index % Byte.SIZE);
    copy[index / Byte.SIZE] =
        (byte) (bit ? copy[index / Byte.SIZE] | mask : copy[index / Byte.SIZE] & ~mask);
    return new BitString(length, copy);
  }

  /** So many bits from an index on. */
  public BitString part(int from, int count) {
    byte[] out = new byte[bytesOf(count)];
    copy(this, from, out, 0, count);
    return new BitString(count, out);
  }

  /** The first bits; zeros are added if there are fewer. */
  public BitString resized(int newLength) {
    byte[] out = new byte[bytesOf(newLength)];
    copy(this, 0, out, 0, Math.min(length, newLength));
    return new BitString(newLength, out);
  }

  /** All bits so many places to the right, to the left if that is negative; zeros follow. */
  public BitString shifted(long places) {
    byte[] out = new byte[bytes.length];
    if (Math.abs(places) < length) {
      int by = (int) places;
      copy(this, Math.max(0, -by), out, Math.max(0, by), length - Math.abs(by));
    }
    return new BitString(length, out);
  }

  public BitString followedBy(BitString other) {
    if (other.length > LENGTH_MAX - length) {
      throw TypeErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "bit string length exceeds the maximum allowed (" + LENGTH_MAX + ")");
    }
    byte[] out = new byte[bytesOf(length + other.length)];
    copy(this, 0, out, 0, length);
    copy(other, 0, out, length, other.length);
    return new BitString(length + other.length, out);
  }

  public BitString inverted() {
    byte[] out = bytes.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) ~out[i];
    }
    return of(length, out);
  }

  /** How many bits are one. */
  public long count() {
    long count = 0;
    for (byte b : bytes) {
      count += Integer.bitCount(b & 0xFF);
    }
    return count;
  }

  private static void copy(BitString from, int at, byte[] to, int target, int count) {
    if (at % Byte.SIZE == 0 && target % Byte.SIZE == 0) {
      int whole = count / Byte.SIZE;
      System.arraycopy(from.bytes, at / Byte.SIZE, to, target / Byte.SIZE, whole);
      copyBits(from, at + whole * Byte.SIZE, to, target + whole * Byte.SIZE, count % Byte.SIZE);
    } else {
      copyBits(from, at, to, target, count);
    }
  }

  private static void copyBits(BitString from, int at, byte[] to, int target, int count) {
    for (int i = 0; i < count; i++) {
      if (from.get(at + i)) {
        int place = target + i;
        to[place / Byte.SIZE] |= (byte) (1 << (Byte.SIZE - 1 - place % Byte.SIZE));
      }
    }
  }

  @Override
  public int compareTo(BitString other) {
    int order = Arrays.compareUnsigned(bytes, other.bytes);
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BitString that
        && length == that.length
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * length + Arrays.hashCode(bytes);
  }

  /** Ones and zeros. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      out.append(get(i) ? '1' : '0');
    }
    return out.toString();
  }
}
