package io.shardforge.sql.catalog;

import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A reader of what {@link DescriptorWriter} wrote; other bytes are XX001. */
final class DescriptorReader {
  private final byte[] buffer;
  private int position;
  private final int limit;

  DescriptorReader(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.limit = offset + length;
  }

  int getByte() {
    if (position >= limit) {
      throw CatalogErrors.corrupted("ends early");
    }
    return buffer[position++] & 0xFF;
  }

  long getLong() {
    long raw = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = getByte();
      raw |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return raw >>> 1 ^ -(raw & 1);
      }
    }
    throw CatalogErrors.corrupted("number too long");
  }

  int getInt() {
    long value = getLong();
    if (value != (int) value) {
      throw CatalogErrors.corrupted("number " + value + " out of range");
    }
    return (int) value;
  }

  boolean getBoolean() {
    return getByte() != 0;
  }

  String getString() {
    return new String(getBytes(), StandardCharsets.UTF_8);
  }

  byte[] getBytes() {
    int count = getInt();
    if (count < 0 || count > limit - position) {
      throw CatalogErrors.corrupted("string of " + count + " bytes");
    }
    position += count;
    return Arrays.copyOfRange(buffer, position - count, position);
  }

  double getDouble() {
    return Double.longBitsToDouble(getLong());
  }

  @Nullable String getOptionalString() {
    return getBoolean() ? getString() : null;
  }

  @Nullable Long getOptionalLong() {
    return getBoolean() ? getLong() : null;
  }

  SqlType getType() {
    int oid = getInt();
    if (oid >= 0) {
      return new SqlType(oid, getInt());
    }
    int typmod = getInt();
    Collation collation = new Collation(getInt(), getOptionalString(), getBoolean());
    return new SqlType(~oid, typmod, collation);
  }

  <T> List<T> getList(Function<DescriptorReader, T> one) {
    int count = getInt();
    if (count < 0 || count > limit - position) {
      throw CatalogErrors.corrupted("list of " + count + " items");
    }
    List<T> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(one.apply(this));
    }
    return items;
  }

  void expectEnd() {
    if (position != limit) {
      throw CatalogErrors.corrupted("bytes left over");
    }
  }
}
