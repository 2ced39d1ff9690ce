package io.shardforge.sql.catalog;

import java.util.List;

/** A view: the SELECT that it stands for, as text, with its column names and types. */
public record ViewDescriptor(
    int id,
    long version,
    int schemaId,
    String name,
    int ownerId,
    String sql,
    List<ColumnDescriptor> columns)
    implements CatalogObject {
  public ViewDescriptor {
    columns = List.copyOf(columns);
  }
}
