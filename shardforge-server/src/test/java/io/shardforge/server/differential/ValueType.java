package io.shardforge.server.differential;

import java.util.List;

/**
 * A type of the columns and expressions. Values that are equal are written alike (no negative zero,
 * two digits after the point, intervals in their shortest form), so that it does not matter which
 * of them DISTINCT keeps.
 */
enum ValueType {
  INT('I', "int", "0", "1", "2", "3", "4", "5", "7", "-1", "100", "2147483647", "-2147483648"),
  TEXT('X', "text", "a", "b", "ab", "", "A", "aB c", "%", "a_b", "ä", "日本", "a''b", "10", " b"),
  BOOL('O', "bool", "true", "false"),
  BIGINT('B', "bigint", "0", "1", "2", "5", "-3", "9223372036854775807", "-9223372036854775808"),
  NUMERIC('N', "numeric", "0.00", "1.00", "1.50", "-2.25", "10.00", "99999.99", "0.01"),
  FLOAT('F', "float8", "0", "1", "1.5", "-2.25", "1e300", "NaN", "Infinity", "-Infinity", "1e-300"),
  DATE('D', "date", "2024-02-29", "2000-01-01", "1999-12-31", "2026-03-08", "1969-07-20"),
  TIMESTAMP(
      'S',
      "timestamp",
      "2024-02-29 00:00:00",
      "2000-01-01 12:34:56.789",
      "2026-03-08 02:30:00",
      "1999-12-31 23:59:59.999999"),
  TIMESTAMPTZ(
      'Z',
      "timestamptz",
      "2024-02-29 00:00:00+00",
      "2000-01-01 12:34:56.789-05",
      "2026-03-08 07:30:00+00",
      "2026-11-01 06:30:00+00"),
  INTERVAL(
      'V', "interval", "0", "1 day", "-1 day", "1 month 2 days", "3 hours", "1 year", "-2 hours"),
  INTS('A', "int[]", "{}", "{1}", "{1,2,3}", "{NULL,1}", "{3,3}", "{2,1}"),
  JSONB(
      'J',
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
      "[{\"a\": \"b\"}]"),
  TEXTS('T', "text[]", "{}", "{a}", "{a,b}", "{NULL,a}", "{\"\",\"a b\"}", "{b,a,b}"),
  UUID(
      'U',
      "uuid",
      "00000000-0000-0000-0000-000000000000",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      "ffffffff-ffff-ffff-ffff-ffffffffffff"),
  BYTEA('Y', "bytea", "\\x", "\\x00", "\\x0102", "\\xff", "\\x6162"),
  TIME('H', "time", "00:00:00", "12:34:56.789", "23:59:59.999999", "08:15:00"),
  MOOD('M', "mood", "ok", "sad", "happy", "so so");

  /** The statement that makes the type of one's own. */
  static final String MADE = "create type mood as enum ('sad', 'so so', 'ok', 'happy')";

  static final List<ValueType> ALL = List.of(values());
  private static final List<ValueType> NUMBERS = List.of(INT, BIGINT, NUMERIC, FLOAT);
  private static final List<ValueType> TIMES = List.of(DATE, TIMESTAMP, TIMESTAMPTZ);

  /** Stands for the type in {@link Forms}. */
  final char letter;

  final String sql;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes it
  private final String[] samples;

  ValueType(char letter, String sql, String... samples) {
    this.letter = letter;
    this.sql = sql;
    this.samples = samples;
  }

  static ValueType of(char letter) {
    return ALL.stream().filter(type -> type.letter == letter).findFirst().orElseThrow();
  }

  /** A constant with its type; the common ones come more often. */
  String literal(Choices choices) {
    int bound = choices.oneIn(3) ? samples.length : Math.min(4, samples.length);
    return "'" + samples[choices.below(bound)] + "'::" + sql;
  }

  /** Whether there are indexes on columns of the type in both servers. */
  boolean indexed() {
    return this != INTS && this != JSONB && this != TEXTS;
  }

  /** Whether MIN and MAX take it in both servers. */
  boolean hasGreatest() {
    return this != BOOL && this != JSONB && this != UUID && this != BYTEA;
  }

  /** The types that this one is compared with. */
  List<ValueType> comparable() {
    return NUMBERS.contains(this) ? NUMBERS : TIMES.contains(this) ? TIMES : List.of(this);
  }
}
