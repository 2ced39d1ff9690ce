package io.shardforge.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as one catalog snapshot has it.
 *
 * @param id table id and pg_class oid
 * @param version rises with every change of this descriptor; every write names it
 * @param dataId names the table's span in the key space; TRUNCATE gives a new one
 * @param indexes the primary index first; never empty
 * @param foreignKeys those of this table; who refers to it is asked of the snapshot
 * @param lastColumnNumber the highest column number ever given, so that none is reused
 * @param lastIndexNumber the highest index number ever given in this {@code dataId}
 */
public record TableDescriptor(
    int id,
    long version,
    int dataId,
    int schemaId,
    String name,
    int ownerId,
    List<ColumnDescriptor> columns,
    List<IndexDescriptor> indexes,
    List<CheckDescriptor> checks,
    List<ForeignKeyDescriptor> foreignKeys,
    int lastColumnNumber,
    int lastIndexNumber,
    TableOptions options)
    implements CatalogObject {
  /**
   * A CHECK constraint as PostgreSQL expression text.
   *
   * @param valid whether rows from before the constraint are known to keep it, too
   */
  public record CheckDescriptor(int oid, String name, String sql, boolean valid) {
    /** The same constraint under another name. */
    public CheckDescriptor withName(String newName) {
      return new CheckDescriptor(oid, newName, sql, valid);
    }

    /** The same constraint in other words. */
    public CheckDescriptor withSql(String newSql) {
      return new CheckDescriptor(oid, name, newSql, valid);
    }

    /** The same constraint, which all rows are known to keep or not. */
    public CheckDescriptor withValid(boolean nowValid) {
      return new CheckDescriptor(oid, name, sql, nowValid);
    }
  }

  public TableDescriptor {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    checks = List.copyOf(checks);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /** Whether the keys of an index begin with a slot: those of rows, if the table is cut by hash. */
  public boolean isSlotted(IndexDescriptor index) {
    return index.primary() && options.isHashed();
  }

  public IndexDescriptor primaryIndex() {
    return indexes.getFirst();
  }

  /** The ordinal in {@link #columns} of a column name, or -1. */
  public int ordinalOf(String columnName) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(columnName)) {
        return i;
      }
    }
    return -1;
  }

  /** The same table at another version. */
  public TableDescriptor withVersion(long newVersion) {
    return new TableDescriptor(
        id,
        newVersion,
        dataId,
        schemaId,
        name,
        ownerId,
        columns,
        indexes,
        checks,
        foreignKeys,
        lastColumnNumber,
        lastIndexNumber,
        options);
  }

  /** The columns that SQL sees. */
  public List<ColumnDescriptor> visibleColumns() {
    return columns.stream().filter(column -> !column.hidden()).toList();
  }

  /**
   * The ordinal in {@link #columns} of a column number; it is a bug to ask for one that is not
   * there.
   */
  public int ordinalOfNumber(int columnNumber) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).number() == columnNumber) {
        return i;
      }
    }
    throw new IllegalArgumentException("table " + name + " has no column number " + columnNumber);
  }

  public @Nullable ColumnDescriptor column(String columnName) {
    int ordinal = ordinalOf(columnName);
    return ordinal < 0 ? null : columns.get(ordinal);
  }
}
