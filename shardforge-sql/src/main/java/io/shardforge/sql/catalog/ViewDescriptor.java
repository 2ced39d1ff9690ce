package io.shardforge.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view: the SELECT that it stands for, with its column names and types.
 *
 * @param sql names the relations it reads by their place in {@code readings}, as {@code "@"."0"},
 *     so that renaming them or their columns changes nothing
 */
public record ViewDescriptor(
    int id,
    long version,
    int schemaId,
    String name,
    int ownerId,
    String sql,
    List<ColumnDescriptor> columns,
    List<Reading> readings,
    ViewOptions options)
    implements CatalogObject {
  /** The schema that stands before the number of a reading. */
  public static final String READING = "@";

  /** One place where the query reads a relation, with the columns that it had then. */
  public record Reading(int relationId, List<ReadColumn> columns) {
    public Reading {
      columns = List.copyOf(columns);
    }

    /** What the query calls a column, or null for one that was added later. */
    public @Nullable String nameOf(int columnNumber) {
      for (ReadColumn column : columns) {
        if (column.number() == columnNumber) {
          return column.name();
        }
      }
      return null;
    }
  }

  /** A column as the query calls it; one that is not used may be dropped. */
  public record ReadColumn(int number, String name, boolean used) {}

  public ViewDescriptor {
    columns = List.copyOf(columns);
    readings = List.copyOf(readings);
  }

  /** Whether it reads a relation, or, if the number is not 0, that column of it. */
  public boolean reads(int relationId, int columnNumber) {
    for (Reading reading : readings) {
      if (reading.relationId == relationId
          && (columnNumber == 0
              || reading.columns.stream().anyMatch(c -> c.used && c.number == columnNumber))) {
        return true;
      }
    }
    return false;
  }

  /** The next version, in another schema or under another name. */
  public ViewDescriptor moved(int newSchemaId, String newName) {
    return new ViewDescriptor(
        id, version + 1, newSchemaId, newName, ownerId, sql, columns, readings, options);
  }

  public ViewDescriptor withOwner(int newOwnerId) {
    return new ViewDescriptor(
        id, version + 1, schemaId, name, newOwnerId, sql, columns, readings, options);
  }

  public ViewDescriptor withOptions(ViewOptions newOptions) {
    return new ViewDescriptor(
        id, version + 1, schemaId, name, ownerId, sql, columns, readings, newOptions);
  }

  /** The next version, standing for another query. */
  public ViewDescriptor withQuery(
      String newSql, List<ColumnDescriptor> newColumns, List<Reading> newReadings) {
    return new ViewDescriptor(
        id, version + 1, schemaId, name, ownerId, newSql, newColumns, newReadings, options);
  }
}
