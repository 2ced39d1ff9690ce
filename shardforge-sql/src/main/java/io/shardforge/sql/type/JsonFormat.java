package io.shardforge.sql.type;

/** json: text that has been checked, kept as written. */
final class JsonFormat extends TextFormat {
  @Override
  Object parse(String text, int typmod, TypeContext context) {
    JsonParser.validate(TypeErrors.withoutNul(text));
    return text;
  }

  @Override
  boolean isComparable() {
    return false;
  }
}
