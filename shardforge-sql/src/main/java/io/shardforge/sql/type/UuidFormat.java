package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import java.util.UUID;

/** uuid: 32 hexadecimal digits, hyphens allowed after each group of four, braces around. */
final class UuidFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    int end = text.length();
    int i = 0;
    boolean braces = end > 0 && text.charAt(0) == '{';
    if (braces) {
      i++;
    }
    long high = 0;
    long low = 0;
    for (int n = 0; n < 32; n++) {
      if (n > 0 && n % 4 == 0 && i < end && text.charAt(i) == '-') {
        i++;
      }
      int digit = i < end && text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw TypeErrors.invalidText("uuid", text);
      }
      i++;
      if (n < 16) {
        high = high << 4 | digit;
      } else {
        low = low << 4 | digit;
      }
    }
    if (braces && (i >= end || text.charAt(i++) != '}')) {
      throw TypeErrors.invalidText("uuid", text);
    }
    if (i != end) {
      throw TypeErrors.invalidText("uuid", text);
    }
    return new UUID(high, low);
  }

  @Override
  String format(Object value, TypeContext context) {
    return value.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    UUID uuid = (UUID) value;
    out.putLong(uuid.getMostSignificantBits());
    out.putLong(uuid.getLeastSignificantBits());
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return new UUID(in.getLong(), in.getLong());
  }

  /** By bytes: UUID's own order is signed. */
  @Override
  int compare(Object a, Object b) {
    UUID x = (UUID) a;
    UUID y = (UUID) b;
    int high = Long.compareUnsigned(x.getMostSignificantBits(), y.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(x.getLeastSignificantBits(), y.getLeastSignificantBits());
  }
}
