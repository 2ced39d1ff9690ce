package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.OverridingKind;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes whole rows of a table of what an INSERT, or one in a MERGE, gives for some columns. */
final class InsertRows {
  private final BindContext context;
  private final TableDescriptor table;
  private final TargetColumns target;
  private final List<Target.Column> columns;
  private final ExpressionBinder subscripts;
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
    this.subscripts =
        new ExpressionBinder(
            binder, new Scope(context, null, List.of()), Clause.VALUES, CteScope.EMPTY);
    this.columns = list.isEmpty() ? into.columns() : named();
  }

  private List<Target.Column> named() {
    List<Target.Column> named = new ArrayList<>();
    List<Target.Column> wholes = new ArrayList<>();
    for (Node node : list) {
      Target.Column column = target.named(node.getResTarget());
      boolean part = node.getResTarget().getIndirectionCount() > 0;
      if (part ? wholes.contains(column) : named.contains(column)) {
        throw context.error(
            ErrorCode.DUPLICATE_COLUMN,
            node.getResTarget().getLocation(),
            "column \"" + node.getResTarget().getName() + "\" specified more than once");
      }
      named.add(column);
      if (!part) {
        wholes.add(column);
      }
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
    return row(Map.of());
  }

  /** A row of one list of VALUES, which may say DEFAULT. */
  List<Bound> row(List<Node> items, ExpressionBinder expressions) {
    // An item that stands for several values is there once for each; DEFAULT is no value.
    List<Node> sources = new ArrayList<>();
    List<@Nullable Bound> values = new ArrayList<>();
    for (Node item : items) {
      if (item.hasSetToDefault()) {
        values.add(null);
      } else {
        values.addAll(expressions.expansion().values(item));
      }
      while (sources.size() < values.size()) {
        sources.add(item);
      }
    }
    int width = values.size();
    checkWidth(width, width > columns.size() ? sources.get(columns.size()) : null);
    List<Integer> ordinals = written(width);
    Map<Integer, Bound> given = new HashMap<>();
    for (int i = 0; i < width; i++) {
      Bound value = values.get(i);
      if (value != null) {
        give(given, i, value, Location.of(sources.get(i)));
      } else if (isPart(i)) {
        throw target.partDefault(list.get(i).getResTarget());
      } else {
        given.put(ordinals.get(i), target.defaultOf(ordinals.get(i)));
      }
    }
    return row(given);
  }

  /** A row of values, each with its place in the statement. */
  List<Bound> rowOf(List<Bound> values, List<Integer> locations) {
    written(values.size());
    Map<Integer, Bound> given = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      give(given, i, values.get(i), locations.get(i));
    }
    return row(given);
  }

  /** Whether the statement names a part of a column in a place of its list. */
  private boolean isPart(int place) {
    return !list.isEmpty() && list.get(place).getResTarget().getIndirectionCount() > 0;
  }

  private void give(Map<Integer, Bound> given, int place, Bound value, int location) {
    Target.Column column = columns.get(place);
    if (!isPart(place)) {
      given.put(column.ordinal(), assigned(column, value, location));
      return;
    }
    SqlType type = PgTypes.base(table.columns().get(column.ordinal()).type());
    Bound before = ofParts(given.get(column.ordinal()), type);
    Bound stored = subscripts.assigned(before, list.get(place).getResTarget(), value, location);
    given.put(column.ordinal(), assigned(column, stored, location));
  }

  /** What earlier parts have made of a column, before it is judged by its domain. */
  private static Bound ofParts(@Nullable Bound earlier, SqlType type) {
    return switch (earlier) {
      case null -> new Bound.Const(null, type, -1);
      case Bound.ToDomain domain -> ofParts(domain.arg(), type);
      default -> earlier;
    };
  }

  /** The ordinals of the table's columns that the first columns are. */
  private List<Integer> written(int width) {
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      int ordinal = target.written(columns.get(i), verb);
      if (ordinals.contains(ordinal) && !isPart(i)) {
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
  private List<Bound> row(Map<Integer, Bound> given) {
    List<Bound> row = new ArrayList<>(table.columns().size());
    for (int i = 0; i < table.columns().size(); i++) {
      Bound value = given.get(i);
      row.add(value != null ? value : target.defaultOf(i));
    }
    return row;
  }
}
