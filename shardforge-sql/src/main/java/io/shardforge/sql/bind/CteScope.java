package io.shardforge.sql.bind;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The WITH queries that a query can name: its own, then those of the queries around it. */
final class CteScope {
  static final CteScope EMPTY = new CteScope(null);

  private final @Nullable CteScope outer;
  private final Map<String, Entry> entries = new HashMap<>();

  CteScope(@Nullable CteScope outer) {
    this.outer = outer;
  }

  /** A WITH query as references see it. */
  static final class Entry {
    private final int id;
    private final String name;
    private final List<Query.Column> columns;
    private final boolean withoutRows;
    private int references;

    Entry(int id, String name, List<Query.Column> columns, boolean withoutRows) {
      this.id = id;
      this.name = name;
      this.columns = columns;
      this.withoutRows = withoutRows;
    }

    /** Whether it changes rows without RETURNING. */
    boolean isWithoutRows() {
      return withoutRows;
    }

    String name() {
      return name;
    }

    int id() {
      return id;
    }

    List<Query.Column> columns() {
      return columns;
    }

    int references() {
      return references;
    }

    Rel.CteScan reference(String alias) {
      references++;
      return new Rel.CteScan(id, name, alias, columns.stream().map(Query.Column::type).toList());
    }
  }

  void add(String name, Entry entry) {
    entries.put(name, entry);
  }

  void remove(String name) {
    entries.remove(name);
  }

  @Nullable Entry find(String name) {
    for (CteScope scope = this; scope != null; scope = scope.outer) {
      Entry entry = scope.entries.get(name);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }
}
