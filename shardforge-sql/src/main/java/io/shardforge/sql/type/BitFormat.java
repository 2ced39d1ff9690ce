package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** bit(n), which has just so many bits, and varbit(n), which has so many at most. */
final class BitFormat extends TypeFormat {
  private final boolean varying;

  BitFormat(boolean varying) {
    this.varying = varying;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    boolean marked = !text.isEmpty() && "bBxX".indexOf(text.charAt(0)) >= 0;
    boolean hex = marked && Character.toLowerCase(text.charAt(0)) == 'x';
    String digits = marked ? text.substring(1) : text;
    int perDigit = hex ? 4 : 1;
    long length = (long) digits.length() * perDigit;
    requireLength(length);
    BitString.Builder bits = new BitString.Builder((int) length);
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 1 << perDigit) : -1;
      if (digit < 0) {
        int end = i + Character.charCount(digits.codePointAt(i));
        throw TypeErrors.of(
            ErrorCode.INVALID_TEXT_REPRESENTATION,
            "\""
                + digits.substring(i, end)
                + "\" is not a valid "
                + (hex ? "hexadecimal" : "binary")
                + " digit");
      }
      bits.add(digit, perDigit);
    }
    return coerce(bits.build(), typmod, false);
  }

  private static void requireLength(long length) {
    if (length > BitString.LENGTH_MAX) {
      throw TypeErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "bit string length exceeds the maximum allowed (" + BitString.LENGTH_MAX + ")");
    }
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    BitString bits = (BitString) value;
    if (typmod < 0 || bits.length() == typmod || (varying && bits.length() < typmod)) {
      return bits;
    }
    if (explicit) {
      return bits.resized(typmod);
    }
    throw varying
        ? TypeErrors.of(
            ErrorCode.STRING_DATA_RIGHT_TRUNCATION,
            "bit string too long for type bit varying(" + typmod + ")")
        : TypeErrors.of(
            ErrorCode.STRING_DATA_LENGTH_MISMATCH,
            "bit string length " + bits.length() + " does not match type bit(" + typmod + ")");
  }

  @Override
  String format(Object value, TypeContext context) {
    return value.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    BitString bits = (BitString) value;
    out.putInt(bits.length());
    out.putBytes(bits.bytes());
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    int length = in.getInt();
    if (length < 0 || length > BitString.LENGTH_MAX) {
      throw TypeErrors.invalidBinary("invalid length in external bit string");
    }
    byte[] bytes = new byte[(length + Byte.SIZE - 1) / Byte.SIZE];
    in.get(bytes);
    return coerce(BitString.of(length, bytes), typmod, false);
  }

  @Override
  int compare(Object a, Object b) {
    return ((BitString) a).compareTo((BitString) b);
  }

  @Override
  @Nullable Integer typmodOf(long[] arguments) {
    String name = varying ? "varbit" : "bit";
    if (arguments.length != 1) {
      throw TypeErrors.invalidParameter("invalid type modifier");
    }
    if (arguments[0] < 1) {
      throw TypeErrors.invalidParameter("length for type " + name + " must be at least 1");
    }
    if (arguments[0] > BitString.LENGTH_MAX) {
      throw TypeErrors.invalidParameter(
          "length for type " + name + " cannot exceed " + BitString.LENGTH_MAX);
    }
    return (int) arguments[0];
  }

  @Override
  String typmodText(int typmod) {
    return "(" + typmod + ")";
  }
}
