package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** The errors of reading dates and times. */
final class DateTimeErrors {
  private DateTimeErrors() {}

  static ShardForgeException badFormat(String type, String text) {
    return TypeErrors.of(
        ErrorCode.INVALID_DATETIME_FORMAT,
        "invalid input syntax for type " + type + ": \"" + text + "\"");
  }

  static ShardForgeException fieldOverflow(String text) {
    return TypeErrors.of(
        ErrorCode.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
  }

  static ShardForgeException monthOrDayOverflow(String text) {
    return fieldOverflow(text).withHint("Perhaps you need a different \"datestyle\" setting.");
  }

  static ShardForgeException intervalOverflow(String text) {
    return TypeErrors.of(
        ErrorCode.INTERVAL_FIELD_OVERFLOW, "interval field value out of range: \"" + text + "\"");
  }

  static ShardForgeException displacementOverflow(String text) {
    return TypeErrors.of(
        ErrorCode.INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
        "time zone displacement out of range: \"" + text + "\"");
  }

  static ShardForgeException outOfRange(String what, String text) {
    return TypeErrors.of(
        ErrorCode.DATETIME_FIELD_OVERFLOW, what + " out of range: \"" + text + "\"");
  }
}
