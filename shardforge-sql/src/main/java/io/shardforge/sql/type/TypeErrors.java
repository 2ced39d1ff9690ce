package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** The errors of reading, writing and converting values, in PostgreSQL's words. */
public final class TypeErrors {
  private TypeErrors() {}

  public static ShardForgeException invalidText(String type, String text) {
    return new ShardForgeException(
        ErrorCode.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type " + type + ": \"" + text + "\"");
  }

  public static ShardForgeException textOutOfRange(String type, String text) {
    return new ShardForgeException(
        ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
        "value \"" + text + "\" is out of range for type " + type);
  }

  public static ShardForgeException outOfRange(String what) {
    return new ShardForgeException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, what + " out of range");
  }

  public static ShardForgeException divisionByZero() {
    return new ShardForgeException(ErrorCode.DIVISION_BY_ZERO, "division by zero");
  }

  public static ShardForgeException invalidBinary(String message) {
    return new ShardForgeException(ErrorCode.INVALID_BINARY_REPRESENTATION, message);
  }

  public static ShardForgeException invalidParameter(String message) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  public static ShardForgeException unsupported(String message) {
    return new ShardForgeException(ErrorCode.FEATURE_NOT_SUPPORTED, message);
  }

  public static ShardForgeException of(ErrorCode code, String message) {
    return new ShardForgeException(code, message);
  }

  static ShardForgeException tooLarge(long bytes) {
    return new ShardForgeException(
        ErrorCode.PROGRAM_LIMIT_EXCEEDED, "value of " + bytes + " bytes is too large");
  }

  /** Rejects the character that PostgreSQL's strings cannot hold. */
  public static String withoutNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new ShardForgeException(
          ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
          "invalid byte sequence for encoding \"UTF8\": 0x00");
    }
    return text;
  }
}
