package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** "char": one byte, held as a string of one character, or empty for zero. */
final class SingleCharFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return of(TypeErrors.withoutNul(text));
  }

  /** The first byte of the text, bytes beyond ASCII in octal as PostgreSQL 16 reads and prints. */
  static String of(String text) {
    if (text.isEmpty() || text.charAt(0) < 0x80) {
      if (text.length() == 4 && text.charAt(0) == '\\' && isOctal(text)) {
        return fromByte(Integer.parseInt(text.substring(1), 8));
      }
      return text.isEmpty() ? "" : text.substring(0, 1);
    }
    return fromByte(text.getBytes(StandardCharsets.UTF_8)[0] & 0xFF);
  }

  private static boolean isOctal(String text) {
    for (int i = 1; i < 4; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > (i == 1 ? '3' : '7')) {
        return false;
      }
    }
    return true;
  }

  static String fromByte(int value) {
    return value == 0 ? "" : String.valueOf((char) (value & 0xFF));
  }

  static int toByte(Object value) {
    String text = (String) value;
    return text.isEmpty() ? 0 : text.charAt(0) & 0xFF;
  }

  @Override
  String format(Object value, TypeContext context) {
    int code = toByte(value);
    return code >= 0x80 ? "\\" + Integer.toOctalString(code) : (String) value;
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putByte(toByte(value));
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return fromByte(in.get() & 0xFF);
  }

  @Override
  int compare(Object a, Object b) {
    return Integer.compare(toByte(a), toByte(b));
  }
}
