package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** bytea: bytes, in hex (\x...) or the older escape form. */
final class ByteaFormat extends TypeFormat {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return text.startsWith("\\x") ? parseHex(text) : parseEscape(text);
  }

  private static byte[] parseHex(String text) {
    ByteWriter out = new ByteWriter(text.length() / 2);
    int high = -1;
    for (int i = 2; i < text.length(); i++) {
      char c = text.charAt(i);
      if (high < 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
        continue;
      }
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        int end = i + Character.charCount(text.codePointAt(i));
        throw TypeErrors.invalidParameter(
            "invalid hexadecimal digit: \"" + text.substring(i, end) + "\"");
      }
      if (high < 0) {
        high = digit;
      } else {
        out.putByte(high << 4 | digit);
        high = -1;
      }
    }
    if (high >= 0) {
      throw TypeErrors.invalidParameter("invalid hexadecimal data: odd number of digits");
    }
    return out.toByteArray();
  }

  private static byte[] parseEscape(String text) {
    ByteWriter out = new ByteWriter(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '\\') {
        int end = text.indexOf('\\', i);
        out.putUtf8(text.substring(i, end < 0 ? text.length() : end));
        i = end < 0 ? text.length() : end;
      } else if (i + 1 < text.length() && text.charAt(i + 1) == '\\') {
        out.putByte('\\');
        i += 2;
      } else if (i + 3 < text.length()
          && octal(text, i + 1, 3) >= 0
          && octal(text, i + 2, 7) >= 0
          && octal(text, i + 3, 7) >= 0) {
        out.putByte(
            octal(text, i + 1, 3) << 6 | octal(text, i + 2, 7) << 3 | octal(text, i + 3, 7));
        i += 4;
      } else {
        throw TypeErrors.of(
            ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
      }
    }
    return out.toByteArray();
  }

  private static int octal(String text, int index, int max) {
    int digit = text.charAt(index) - '0';
    return digit >= 0 && digit <= max ? digit : -1;
  }

  @Override
  String format(Object value, TypeContext context) {
    byte[] bytes = (byte[]) value;
    return context.byteaEscape() ? escape(bytes) : "\\x" + hex(bytes);
  }

  static String hex(byte[] bytes) {
    char[] out = new char[bytes.length * 2];
    for (int i = 0; i < bytes.length; i++) {
      out[i * 2] = HEX[bytes[i] >> 4 & 15];
      out[i * 2 + 1] = HEX[bytes[i] & 15];
    }
    return new String(out);
  }

  static String escape(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b == '\\') {
        out.append("\\\\");
      } else if (b < 0x20 || b > 0x7E) {
        out.append('\\');
        out.append((char) ('0' + (b >> 6 & 3)));
        out.append((char) ('0' + (b >> 3 & 7)));
        out.append((char) ('0' + (b & 7)));
      } else {
        out.append((char) b);
      }
    }
    return out.toString();
  }

  @Override
  void formatTo(Object value, ByteWriter out, TypeContext context) {
    if (context.byteaEscape()) {
      out.putUtf8(format(value, context));
      return;
    }
    out.putByte('\\');
    out.putByte('x');
    for (byte b : (byte[]) value) {
      out.putByte(HEX[b >> 4 & 15]);
      out.putByte(HEX[b & 15]);
    }
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putBytes((byte[]) value);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }

  @Override
  int compare(Object a, Object b) {
    return Arrays.compareUnsigned((byte[]) a, (byte[]) b);
  }

  @Override
  int hash(Object value) {
    return Arrays.hashCode((byte[]) value);
  }
}
