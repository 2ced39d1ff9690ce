package io.shardforge.sql.type;

import java.nio.ByteBuffer;

/** pg_lsn: two hexadecimal halves, such as 16/B374D848. */
final class LsnFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    int slash = text.indexOf('/');
    String high = slash < 0 ? "" : text.substring(0, slash);
    String low = text.substring(slash + 1);
    if (!isHex(high) || !isHex(low)) {
      throw TypeErrors.invalidText("pg_lsn", text);
    }
    return Long.parseLong(high, 16) << 32 | Long.parseLong(low, 16);
  }

  private static boolean isHex(String text) {
    return !text.isEmpty()
        && text.length() <= 8
        && text.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
  }

  @Override
  String format(Object value, TypeContext context) {
    long lsn = (Long) value;
    return String.format("%X/%X", lsn >>> 32, lsn & 0xFFFF_FFFFL);
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putLong((Long) value);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return in.getLong();
  }

  @Override
  int compare(Object a, Object b) {
    return Long.compareUnsigned((Long) a, (Long) b);
  }
}
