package io.shardforge.sql.type;

import org.jspecify.annotations.Nullable;

/** char(n): text padded with spaces to n characters, which comparison ignores. */
final class BpcharFormat extends TextFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return coerce(TypeErrors.withoutNul(text), typmod, false);
  }

  @Override
  Object coerce(Object value, int typmod, boolean explicit) {
    if (typmod < VarcharFormat.HEADER) {
      return value;
    }
    int length = typmod - VarcharFormat.HEADER;
    String text = VarcharFormat.truncate((String) value, length, explicit, "character");
    int padding = length - Text.length(text);
    return padding > 0 ? text + " ".repeat(padding) : text;
  }

  @Override
  int compare(Object a, Object b) {
    return Text.compare(withoutPadding((String) a), withoutPadding((String) b));
  }

  @Override
  int hash(Object value) {
    return withoutPadding((String) value).hashCode();
  }

  static String withoutPadding(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  @Override
  @Nullable Integer typmodOf(long[] arguments) {
    return VarcharFormat.lengthTypmod(arguments, "char");
  }

  @Override
  String typmodText(int typmod) {
    return "(" + (typmod - VarcharFormat.HEADER) + ")";
  }
}
