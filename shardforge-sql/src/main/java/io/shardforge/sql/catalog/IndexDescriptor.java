package io.shardforge.sql.catalog;

import java.util.List;

/**
 * An ordered index of a table; index number 1 is the primary index, whose values are the rows
 * themselves.
 *
 * @param oid pg_class oid of the index
 * @param number the index's place in the key space of its table
 * @param constraintOid pg_constraint oid when a constraint made it, else 0
 */
public record IndexDescriptor(
    int oid,
    int number,
    String name,
    boolean unique,
    boolean primary,
    boolean nullsNotDistinct,
    int constraintOid,
    State state,
    List<KeyColumn> columns) {
  /** A step of an online index build: the states of F1 (Rae et al., VLDB 2013). */
  public enum State {
    DELETE_ONLY,
    WRITE_ONLY,
    PUBLIC
  }

  /** A column of the index key by column number. */
  public record KeyColumn(int columnNumber, boolean descending, boolean nullsFirst) {}
}
