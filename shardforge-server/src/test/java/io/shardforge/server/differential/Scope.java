package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;

/** The columns that an expression may name: those of its own query and of those around it. */
record Scope(List<Column> columns, List<Column> around) {
  static final Scope NONE = new Scope(List.of(), List.of());

  /**
   * Something with a value.
   *
   * @param plain whether it is a column that queries inside may name too, not an aggregate or an
   *     expression grouped by
   */
  record Column(String sql, ValueType type, boolean plain) {}

  /** The scope of a query inside an expression of this one, before it has columns of its own. */
  Scope inside() {
    List<Column> seen = new ArrayList<>(around);
    columns.stream().filter(Column::plain).forEach(seen::add);
    return new Scope(List.of(), seen);
  }

  Scope with(List<Column> own) {
    return new Scope(own, around);
  }

  Scope alone() {
    return new Scope(columns, List.of());
  }

  /** A column of the type, if there is one; mostly one of the query's own. */
  List<Column> of(ValueType type, Choices choices) {
    List<Column> own = columns.stream().filter(column -> column.type == type).toList();
    List<Column> outer = around.stream().filter(column -> column.type == type).toList();
    return own.isEmpty() || (!outer.isEmpty() && choices.oneIn(3)) ? outer : own;
  }
}
