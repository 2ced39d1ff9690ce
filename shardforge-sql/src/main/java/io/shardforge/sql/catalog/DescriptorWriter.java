package io.shardforge.sql.catalog;

import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A growable buffer of the fields of one descriptor; {@link DescriptorReader} reads them back. */
final class DescriptorWriter {
  private static final int CAPACITY_FIRST = 128;

  private byte[] buffer = new byte[CAPACITY_FIRST];
  private int length;

  byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  DescriptorWriter putByte(int value) {
    if (length == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    buffer[length++] = (byte) value;
    return this;
  }

  /** A number in zigzag varint form: small magnitudes are short. */
  DescriptorWriter putLong(long value) {
    long rest = value << 1 ^ value >> 63;
    while ((rest & ~0x7FL) != 0) {
      putByte((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    return putByte((int) rest);
  }

  DescriptorWriter putInt(int value) {
    return putLong(value);
  }

  DescriptorWriter putBoolean(boolean value) {
    return putByte(value ? 1 : 0);
  }

  DescriptorWriter putString(String value) {
    return putBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  DescriptorWriter putBytes(byte[] bytes) {
    putInt(bytes.length);
    for (byte b : bytes) {
      putByte(b);
    }
    return this;
  }

  DescriptorWriter putDouble(double value) {
    return putLong(Double.doubleToLongBits(value));
  }

  DescriptorWriter putOptionalString(@Nullable String value) {
    putBoolean(value != null);
    return value == null ? this : putString(value);
  }

  DescriptorWriter putOptionalLong(@Nullable Long value) {
    putBoolean(value != null);
    return value == null ? this : putLong(value);
  }

  /** Who does not know of collations knows no type of the number that one with a collation has. */
  DescriptorWriter putType(SqlType type) {
    Collation collation = type.collation();
    if (collation == null) {
      return putInt(type.oid()).putInt(type.typmod());
    }
    return putInt(~type.oid())
        .putInt(type.typmod())
        .putInt(collation.oid())
        .putOptionalString(collation.locale())
        .putBoolean(collation.deterministic());
  }

  <T> DescriptorWriter putList(List<T> items, BiConsumer<DescriptorWriter, T> one) {
    putInt(items.size());
    for (T item : items) {
      one.accept(this, item);
    }
    return this;
  }
}
