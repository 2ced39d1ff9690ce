package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import java.util.Locale;

/** boolean: any unambiguous prefix of true, false, yes, no, on, off, or 1 and 0. */
final class BooleanFormat extends TypeFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    String word = Text.stripSpace(text).toLowerCase(Locale.ROOT);
    if (!word.isEmpty()) {
      if ("true".startsWith(word) || "yes".startsWith(word)) {
        return true;
      }
      if ("false".startsWith(word) || "no".startsWith(word)) {
        return false;
      }
      switch (word) {
        case "on", "1" -> {
          return true;
        }
        case "off", "of", "0" -> {
          return false;
        }
        default -> {}
      }
    }
    throw TypeErrors.invalidText("boolean", text);
  }

  @Override
  String format(Object value, TypeContext context) {
    return (Boolean) value ? "t" : "f";
  }

  @Override
  void formatTo(Object value, ByteWriter out, TypeContext context) {
    out.putByte((Boolean) value ? 't' : 'f');
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    out.putByte((Boolean) value ? 1 : 0);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return in.get() != 0;
  }

  @Override
  int compare(Object a, Object b) {
    return Boolean.compare((Boolean) a, (Boolean) b);
  }
}
