package io.shardforge.storage.key;

/** The four kinds of numeric value, in PostgreSQL's order. */
public enum NumericKind {
  NEGATIVE_INFINITY,
  FINITE,
  POSITIVE_INFINITY,
  NAN
}
