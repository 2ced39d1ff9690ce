package io.shardforge.sql.type;

/** The IntervalStyle setting. */
public enum IntervalStyle {
  POSTGRES,
  POSTGRES_VERBOSE,
  SQL_STANDARD,
  ISO_8601
}
