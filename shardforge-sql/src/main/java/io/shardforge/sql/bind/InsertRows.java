package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.OverridingKind;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes whole rows of a table of what an INSERT, or one in a MERGE, gives for some columns. */
final class InsertRows {
  private final BindContext context;
  private final TableDescriptor table;
  private final TargetColumns target;
  private final List<Target.Column> columns;
  private final List<Node> list;
  private final OverridingKind override;
  private final String verb;

  /**
   * @param list the columns as the statement names them; none for all
   * @param verb what errors say that cannot be done to a column
   */
  InsertRows(
      Binder binder,
      Target into,
      TargetColumns target,
      List<Node> list,
      OverridingKind override,
      String verb) {
    this.context = binder.context();
    this.table = into.table();
    this.target = target;
    this.list = list;
    this.override = override;
    this.verb = verb;
    this.columns = list.isEmpty() ? into.columns() : named();
  }

  private List<Target.Column> named() {
    List<Target.Column> named = new ArrayList<>();
    for (Node node : list) {
      Target.Column column = target.named(node.getResTarget());
      if (named.contains(column)) {
        throw context.error(
            ErrorCode.DUPLICATE_COLUMN,
            node.getResTarget().getLocation(),
            "column \"" + node.getResTarget().getName() + "\" specified more than once");
      }
      named.add(column);
    }
    return named;
  }

  int width() {
    return columns.size();
  }

  /** Fails unless so many values can be given. */
  void checkWidth(int width, @Nullable Node extra) {
    if (width > columns.size()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          extra == null ? -1 : Location.of(extra),
          "INSERT has more expressions than target columns");
    }
    if (!list.isEmpty() && width < columns.size()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          list.get(width).getResTarget().getLocation(),
          "INSERT has more target columns than expressions");
    }
  }

  /** A row of nothing but defaults. */
  List<Bound> defaults() {
    return row(List.of(), List.of());
  }

  /** A row of one list of VALUES, which may say DEFAULT. */
  List<Bound> row(List<Node> items, ExpressionBinder expressions) {
    int width = items.size();
    checkWidth(width, width > columns.size() ? items.get(columns.size()) : null);
    List<Integer> ordinals = written(width);
    List<Bound> given = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      Node item = items.get(i);
      given.add(
          item.hasSetToDefault()
              ? target.defaultOf(ordinals.get(i))
              : assigned(columns.get(i), expressions.bind(item), Location.of(item)));
    }
    return row(ordinals, given);
  }

  /** A row of values, each with its place in the statement. */
  List<Bound> rowOf(List<Bound> values, List<Integer> locations) {
    List<Integer> ordinals = written(values.size());
    List<Bound> given = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      given.add(assigned(columns.get(i), values.get(i), locations.get(i)));
    }
    return row(ordinals, given);
  }

  /** The ordinals of the table's columns that the first columns are. */
  private List<Integer> written(int width) {
    List<Integer> ordinals = new ArrayList<>();
    for (Target.Column column : columns.subList(0, width)) {
      int ordinal = target.written(column, verb);
      if (ordinals.contains(ordinal)) {
        throw target.assignedTwice(ordinal);
      }
      ordinals.add(ordinal);
    }
    target.requireInsert(ordinals);
    return ordinals;
  }

  private Bound assigned(Target.Column named, Bound value, int location) {
    int ordinal = named.ordinal();
    ColumnDescriptor column = table.columns().get(ordinal);
    if (column.generated()) {
      throw context
          .error(
              ErrorCode.GENERATED_ALWAYS,
              -1,
              "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"")
          .withDetail("Column \"" + column.name() + "\" is a generated column.");
    }
    if (column.identity() != '\0') {
      if (override == OverridingKind.OVERRIDING_USER_VALUE) {
        return target.defaultOf(ordinal);
      }
      if (column.identity() == 'a' && override != OverridingKind.OVERRIDING_SYSTEM_VALUE) {
        throw context
            .error(
                ErrorCode.GENERATED_ALWAYS,
                -1,
                "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"")
            .withDetail(
                "Column \""
                    + column.name()
                    + "\" is an identity column defined as GENERATED ALWAYS.")
            .withHint("Use OVERRIDING SYSTEM VALUE to override.");
      }
    }
    return target.assign(ordinal, named.name(), value, location);
  }

  /** A whole table row: given values in their places, defaults elsewhere. */
  private List<Bound> row(List<Integer> ordinals, List<Bound> given) {
    List<Bound> row = new ArrayList<>(table.columns().size());
    for (int i = 0; i < table.columns().size(); i++) {
      int at = ordinals.indexOf(i);
      row.add(at >= 0 ? given.get(at) : target.defaultOf(i));
    }
    return row;
  }
}
