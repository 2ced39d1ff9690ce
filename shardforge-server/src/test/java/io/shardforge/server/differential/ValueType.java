package io.shardforge.server.differential;

import java.util.List;

/**
 * A type of the columns and expressions. Values that are equal are written alike (no negative zero,
 * two digits after the point, intervals in their shortest form), so that it does not matter which
 * of them DISTINCT keeps.
 */
enum ValueType {
  INT("int", "0", "1", "2", "3", "4", "5", "7", "-1", "100", "2147483647", "-2147483648"),
  TEXT("text", "a", "b", "ab", "", "A", "aB c", "%", "a_b", "ä", "日本", "a''b", "10", " b"),
  BOOL("bool", "true", "false"),
  BIGINT("bigint", "0", "1", "2", "5", "-3", "9223372036854775807", "-9223372036854775808"),
  NUMERIC("numeric", "0.00", "1.00", "1.50", "-2.25", "10.00", "99999.99", "0.01"),
  FLOAT("float8", "0", "1", "1.5", "-2.25", "1e300", "NaN", "Infinity", "-Infinity", "1e-300"),
  DATE("date", "2024-02-29", "2000-01-01", "1999-12-31", "2026-03-08", "1969-07-20"),
  TIMESTAMP(
      "timestamp",
      "2024-02-29 00:00:00",
      "2000-01-01 12:34:56.789",
      "2026-03-08 02:30:00",
      "1999-12-31 23:59:59.999999"),
  TIMESTAMPTZ(
      "timestamptz",
      "2024-02-29 00:00:00+00",
      "2000-01-01 12:34:56.789-05",
      "2026-03-08 07:30:00+00",
      "2026-11-01 06:30:00+00"),
  INTERVAL("interval", "0", "1 day", "-1 day", "1 month 2 days", "3 hours", "1 year", "-2 hours"),
  INTS("int[]", "{}", "{1}", "{1,2,3}", "{NULL,1}", "{3,3}", "{2,1}"),
  JSONB(
      "jsonb",
      "{}",
      "[]",
      "null",
      "1",
      "\"a\"",
      "true",
      "[1, 2, 3]",
      "{\"a\": 1}",
      "{\"a\": {\"b\": [1, 2]}, \"c\": null}",
      "[{\"a\": \"b\"}]");

  static final List<ValueType> ALL = List.of(values());
  private static final List<ValueType> NUMBERS = List.of(INT, BIGINT, NUMERIC, FLOAT);
  private static final List<ValueType> TIMES = List.of(DATE, TIMESTAMP, TIMESTAMPTZ);

  final String sql;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes it
  private final String[] samples;

  ValueType(String sql, String... samples) {
    this.sql = sql;
    this.samples = samples;
  }

  /** A constant with its type; the common ones come more often. */
  String literal(Choices choices) {
    int bound = choices.oneIn(3) ? samples.length : Math.min(4, samples.length);
    return "'" + samples[choices.below(bound)] + "'::" + sql;
  }

  /** Whether there are indexes on columns of the type in both servers. */
  boolean indexed() {
    return this != INTS && this != JSONB;
  }

  /** The types that this one is compared with. */
  List<ValueType> comparable() {
    return NUMBERS.contains(this) ? NUMBERS : TIMES.contains(this) ? TIMES : List.of(this);
  }
}
