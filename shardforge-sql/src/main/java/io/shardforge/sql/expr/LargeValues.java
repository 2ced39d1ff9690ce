package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which large values count as memory: a function that is given some must find room for
 * what it may make of them, and what it made is counted. Small values pass for the price of a look
 * at their length.
 */
public final class LargeValues {
  /** Bytes from which a value is large. */
  public static final int BYTES_MIN = 1 << 20;

  /** A copy, an encoded form and the result. */
  private static final int GROWTH = 3;

  /** The objects of a document or an array for each byte of its text. */
  private static final int STRUCTURE_GROWTH = 40;

  private LargeValues() {}

  // Hot path: called for every function call; a type test and a length for each argument.
  static @Nullable Object call(
      ScalarFunction function, SqlType type, @Nullable Object[] values, EvalContext context) {
    long given = 0;
    for (Object value : values) {
      given += largeBytes(value);
    }
    if (given > 0) {
      context.admitLarge(given * (isStructure(type.oid()) ? STRUCTURE_GROWTH : GROWTH));
    }
    Object result = function.apply(context, values);
    long made = largeBytes(result);
    if (made > 0 && result != null) {
      context.countLarge(result, made);
    }
    return result;
  }

  /** The size of a large value, 0 for others. */
  public static long largeBytes(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length() < BYTES_MIN ? 0 : (long) text.length() * bytesPerChar(text);
    }
    return value instanceof byte[] bytes && bytes.length >= BYTES_MIN ? bytes.length : 0;
  }

  /** A text's characters take two bytes each as soon as one of them is beyond Latin-1. */
  private static int bytesPerChar(String text) {
    int step = text.length() / 16;
    for (int i = 0; i < text.length(); i += step) {
      if (text.charAt(i) > 0xff) {
        return 2;
      }
    }
    return 1;
  }

  private static boolean isStructure(int oid) {
    return oid == PgOid.JSON || oid == PgOid.JSONB || PgTypes.byOid(oid).isArray();
  }
}
