package io.shardforge.sql.function;

/** Where a conversion happens, from the strictest to the most permissive. */
public enum CastContext {
  IMPLICIT,
  ASSIGNMENT,
  EXPLICIT
}
