package io.shardforge.sql.catalog;

import io.shardforge.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param number PostgreSQL's attnum: from 1, never reused; 0 for the hidden row id
 * @param defaultSql the default as PostgreSQL expression text, or null
 * @param identity '\0', 'a' (ALWAYS) or 'd' (BY DEFAULT)
 * @param sequenceId the sequence that serial or identity owns, or 0
 * @param hidden true for the row id, a uuid, that a table without primary key gets
 * @param generated whether every row has the value of {@code defaultSql}, an expression over its
 *     other columns
 * @param missing what rows have that were written before the column was added, as the hex digits of
 *     its stored form; null for null
 * @param refusesNull whether nobody may write null any more, though a row from before may have it:
 *     while {@code SET NOT NULL} looks for those
 */
public record ColumnDescriptor(
    int number,
    String name,
    SqlType type,
    boolean notNull,
    @Nullable String defaultSql,
    char identity,
    int sequenceId,
    boolean hidden,
    boolean generated,
    @Nullable String missing,
    boolean refusesNull) {
  /** The number of the hidden row id; visible columns count from 1. */
  public static final int ROW_ID_NUMBER = 0;

  /** A column that all rows have, or that reads as null in older ones. */
  public ColumnDescriptor(
      int number,
      String name,
      SqlType type,
      boolean notNull,
      @Nullable String defaultSql,
      char identity,
      int sequenceId,
      boolean hidden,
      boolean generated) {
    this(
        number,
        name,
        type,
        notNull,
        defaultSql,
        identity,
        sequenceId,
        hidden,
        generated,
        null,
        false);
  }

  /** The same column with what older rows have. */
  public ColumnDescriptor withMissing(@Nullable String value) {
    return with(notNull, value, refusesNull);
  }

  /** The same column, in which there may be nulls or not; neither is being found out. */
  public ColumnDescriptor withNotNull(boolean never) {
    return with(never, missing, false);
  }

  /** The same column, to which nobody adds nulls any more. */
  public ColumnDescriptor refusingNull() {
    return with(notNull, missing, true);
  }

  private ColumnDescriptor with(
      boolean newNotNull, @Nullable String newMissing, boolean nowRefusesNull) {
    return new ColumnDescriptor(
        number,
        name,
        type,
        newNotNull,
        defaultSql,
        identity,
        sequenceId,
        hidden,
        generated,
        newMissing,
        nowRefusesNull);
  }

  /** Whether who writes a row must give it a value. */
  public boolean isRequired() {
    return notNull || refusesNull;
  }

  /** A column whose values are given. */
  public ColumnDescriptor(
      int number,
      String name,
      SqlType type,
      boolean notNull,
      @Nullable String defaultSql,
      char identity,
      int sequenceId,
      boolean hidden) {
    this(number, name, type, notNull, defaultSql, identity, sequenceId, hidden, false);
  }
}
