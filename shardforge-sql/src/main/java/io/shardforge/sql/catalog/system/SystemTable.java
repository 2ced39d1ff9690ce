package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.expr.EvalContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One system table: its columns as PostgreSQL has them and where its rows come from. */
final class SystemTable implements VirtualTable {
  /** Makes the rows, lazily where there may be many. */
  @FunctionalInterface
  interface Source {
    Stream<@Nullable Object[]> rows(
        SystemTable table, CatalogSnapshot snapshot, EvalContext context);
  }

  private final int id;
  private final int schemaId;
  private final String name;
  private final char kind;
  private final boolean shared;
  private final List<ColumnDescriptor> columns;
  private final Map<String, Integer> ordinals = new HashMap<>();
  private final Source source;
  private final boolean restricted;
  private final @Nullable Object[] blank;

  SystemTable(
      int id,
      int schemaId,
      String name,
      char kind,
      boolean shared,
      List<ColumnDescriptor> columns,
      Source source,
      boolean restricted) {
    this.id = id;
    this.schemaId = schemaId;
    this.name = name;
    this.kind = kind;
    this.shared = shared;
    this.columns = List.copyOf(columns);
    this.source = source;
    this.restricted = restricted;
    this.blank = new Object[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      ordinals.put(columns.get(i).name(), i);
      blank[i] = columns.get(i).notNull() ? Cells.zero(columns.get(i).type().oid()) : null;
    }
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public int schemaId() {
    return schemaId;
  }

  @Override
  public String name() {
    return name;
  }

  /** 'r' where PostgreSQL has a table, 'v' where it has a view. */
  char kind() {
    return kind;
  }

  /** Whether it is the same in every database. */
  boolean isShared() {
    return shared;
  }

  @Override
  public List<ColumnDescriptor> columns() {
    return columns;
  }

  @Override
  public boolean isRestricted() {
    return restricted;
  }

  @Override
  public Stream<@Nullable Object[]> rows(CatalogSnapshot snapshot, EvalContext context) {
    return source.rows(this, snapshot, context);
  }

  /** Starts a row: columns that are NOT NULL hold zero or empty, the others null. */
  Cells row() {
    return new Cells(this, blank.clone());
  }

  int ordinal(String column) {
    Integer ordinal = ordinals.get(column);
    if (ordinal == null) {
      throw new IllegalArgumentException(name + " has no column " + column);
    }
    return ordinal;
  }
}
