package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** varchar(n): text of at most n characters; only spaces may be cut off silently. */
final class VarcharFormat extends TextFormat {
  static final int LENGTH_MAX = 10_485_760;
  static final int HEADER = 4;

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return coerce(TypeErrors.withoutNul(text), typmod, false);
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    return typmod < HEADER
        ? value
        : truncate((String) value, typmod - HEADER, explicit, "character varying");
  }

  static String truncate(String text, int lengthMax, boolean explicit, String type) {
    if (text.length() <= lengthMax || Text.length(text) <= lengthMax) {
      return text;
    }
    int cut = Text.offset(text, lengthMax);
    if (!explicit) {
      for (int i = cut; i < text.length(); i++) {
        if (text.charAt(i) != ' ') {
          throw TypeErrors.of(
              ErrorCode.STRING_DATA_RIGHT_TRUNCATION,
              "value too long for type " + type + "(" + lengthMax + ")");
        }
      }
    }
    return text.substring(0, cut);
  }

  @Override
  @Nullable Integer typmodOf(long[] arguments) {
    return lengthTypmod(arguments, "varchar");
  }

  static int lengthTypmod(long[] arguments, String name) {
    if (arguments.length != 1) {
      throw TypeErrors.invalidParameter("invalid type modifier");
    }
    if (arguments[0] < 1) {
      throw TypeErrors.invalidParameter("length for type " + name + " must be at least 1");
    }
    if (arguments[0] > LENGTH_MAX) {
      throw TypeErrors.invalidParameter("length for type " + name + " cannot exceed " + LENGTH_MAX);
    }
    return (int) arguments[0] + HEADER;
  }

  @Override
  String typmodText(int typmod) {
    return "(" + (typmod - HEADER) + ")";
  }
}
