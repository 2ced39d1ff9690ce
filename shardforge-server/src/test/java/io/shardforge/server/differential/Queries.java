package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Queries about some tables whose answers are determined, but for the order of rows. */
final class Queries {
  private final Choices choices;
  private final Expressions expressions;
  private final Windows windows;
  private final Sources sources;
  private final Map<String, List<ValueType>> named = new LinkedHashMap<>();

  Queries(World world, Choices choices) {
    this.choices = choices;
    this.expressions = new Expressions(choices, this);
    this.windows = new Windows(choices, expressions);
    this.sources = new Sources(choices, world, this, named);
  }

  Expressions expressions() {
    return expressions;
  }

  List<ValueType> types(int max) {
    List<ValueType> types = new ArrayList<>();
    for (int i = choices.upTo(max); i > 0; i--) {
      types.add(choices.of(ValueType.ALL));
    }
    return types;
  }

  /** A query that fails if some value does, and in one way. */
  Query failing() {
    Source from = sources.table();
    ValueType type = choices.of(ValueType.ALL);
    String value = expressions.failing(type, Scope.NONE.with(from.columns()));
    return new Query("select " + value + " as c0 from " + from.sql(), List.of(type), false);
  }

  /** A whole statement. */
  Query statement() {
    if (choices.below(12) == 11) {
      return failing();
    }
    StringBuilder with = new StringBuilder();
    if (choices.oneIn(4)) {
      for (int i = choices.upTo(2); i > 0; i--) {
        with.append(with.isEmpty() ? "with recursive " : ", ").append(commonTable());
      }
      with.append(' ');
    }
    Query query = select(types(5), Scope.NONE, 3, choices.oneIn(2));
    if (!query.ordered() && choices.oneIn(2)) {
      query = new Query(ordered(query.sql(), query.types().size()), query.types(), true);
    }
    return new Query(with + query.sql(), query.types(), query.ordered());
  }

  private String commonTable() {
    String name = "w" + named.size();
    if (choices.oneIn(3)) {
      List<ValueType> types = List.of(ValueType.INT, ValueType.TEXT);
      String base = ordered(select(types, Scope.NONE, 1, false).sql(), 2) + " limit 2";
      Source table = sources.table();
      List<Scope.Column> columns = new ArrayList<>(new Query("", types, false).columnsOf(name));
      columns.addAll(table.columns());
      Scope scope = new Scope(columns, List.of());
      named.put(name, types);
      return name
          + "(c0, c1, n) as (select b.*, 0 from ("
          + base
          + ") as b union"
          + choices.of("", " all")
          + " select %s, left(%s, 20), n + 1 from %s, %s where n < 2)"
              .formatted(
                  expressions.leaf(ValueType.INT, scope),
                  expressions.leaf(ValueType.TEXT, scope),
                  table.sql(),
                  name);
    }
    Query query = select(types(3), Scope.NONE, 2, true);
    named.put(name, query.types());
    return name
        + choices.of(" as (", " as materialized (", " as not materialized (")
        + query.sql()
        + ")";
  }

  /** A query with all of its columns as its order. */
  private String ordered(String sql, int width) {
    return (sql.startsWith("select distinct on") ? "select * from (" + sql + ") as u" : sql)
        + order(width);
  }

  private String order(int width) {
    List<String> columns =
        new ArrayList<>(
            IntStream.rangeClosed(1, width)
                .mapToObj(i -> i + choices.of("", " desc", " nulls first", " desc nulls last"))
                .toList());
    for (int i = 1; i < columns.size(); i++) {
      Collections.swap(columns, i, i - choices.below(2));
    }
    return " order by " + String.join(", ", columns);
  }

  /** A query with columns of the types, perhaps one that keeps only some of its rows. */
  Query select(List<ValueType> types, Scope scope, int depth, boolean limited) {
    String sql =
        switch (choices.below(depth > 0 ? 10 : 3)) {
          case 3, 4 -> grouped(types, scope, depth);
          case 5 -> windowed(types, scope, depth);
          case 6 -> distinctOn(types, scope, depth);
          case 7 -> {
            String operation =
                choices.of(
                    " union ",
                    " union all ",
                    " except ",
                    " intersect ",
                    " except all ",
                    " intersect all ");
            yield "("
                + select(types, scope, depth - 1, false).sql()
                + ")"
                + operation
                + "("
                + select(types, scope, depth - 1, false).sql()
                + ")";
          }
          case 8 -> "select distinct " + plain(types, scope, depth);
          case 9 -> expanded(types, scope, depth);
          default -> "select " + plain(types, scope, depth);
        };
    if (!limited || !choices.oneIn(4)) {
      return new Query(sql, types, false);
    }
    String limit = choices.of(" limit 3", " limit 1", " offset 2", " limit 2 offset 1", " limit 0");
    return new Query(ordered(sql, types.size()) + limit, types, true);
  }

  private String items(List<String> items) {
    return IntStream.range(0, items.size())
        .mapToObj(i -> items.get(i) + " as c" + i)
        .collect(Collectors.joining(", "));
  }

  private List<String> each(List<ValueType> types, Scope scope, int depth) {
    return types.stream().map(type -> expressions.of(type, scope, depth)).toList();
  }

  /** A predicate for WHERE and ON. */
  String condition(Scope scope, int depth) {
    return expressions.of(ValueType.BOOL, scope, Math.max(1, Math.min(3, depth + 1)));
  }

  private String where(Scope scope, int depth) {
    return choices.oneIn(2) ? " where " + condition(scope, depth) : "";
  }

  private String plain(List<ValueType> types, Scope scope, int depth) {
    Source from = sources.from(scope, depth);
    Scope inner = scope.with(from.columns());
    return items(each(types, inner, depth > 0 ? 2 : 1))
        + " from "
        + from.sql()
        + where(inner, depth);
  }

  /** A query that makes more rows of each. */
  private String expanded(List<ValueType> types, Scope scope, int depth) {
    Source from = sources.from(scope, depth - 1);
    Scope inner = scope.with(from.columns());
    List<String> items = new ArrayList<>(each(types, inner, 1));
    String more =
        switch (types.getFirst()) {
          case INT ->
              choices.oneIn(2)
                  ? "unnest(" + expressions.of(ValueType.INTS, inner, 1) + ")"
                  : "generate_series(1, " + expressions.of(ValueType.INT, inner, 1) + " % 4)";
          case TEXT ->
              choices
                  .of("unnest(%s)", "regexp_split_to_table(array_to_string(%s, 'ab'), 'b')")
                  .formatted(expressions.of(ValueType.TEXTS, inner, 1));
          case JSONB ->
              "jsonb_array_elements(jsonb_build_array(%s, %s))"
                  .formatted(items.getFirst(), expressions.of(ValueType.INT, inner, 1));
          default -> items.getFirst();
        };
    items.set(0, more);
    return "select " + items(items) + " from " + from.sql() + where(inner, depth);
  }

  private String windowed(List<ValueType> types, Scope scope, int depth) {
    Source from = sources.from(scope, depth - 1);
    Scope inner = scope.with(from.columns());
    String shared = from.distinct() ? null : windows.window(inner);
    List<String> items =
        types.stream()
            .map(type ->
                choices.oneIn(2)
                    ? windows.call(type, inner, shared)
                    : expressions.of(type, inner, 1))
            .toList();
    return "select " + items(items) + " from " + from.sql() + where(inner, depth);
  }

  private String distinctOn(List<ValueType> types, Scope scope, int depth) {
    Source from = sources.from(scope, depth - 1);
    Scope inner = scope.with(from.columns());
    String on = choices.of(from.columns()).sql();
    String rest =
        from.columns().stream()
            .map(column -> column.sql() + choices.of("", " desc"))
            .collect(Collectors.joining(", "));
    return "select distinct on (%s) %s from %s%s order by %s, %s"
        .formatted(on, items(each(types, inner, 2)), from.sql(), where(inner, depth), on, rest);
  }

  private String grouped(List<ValueType> types, Scope scope, int depth) {
    Source from = sources.from(scope, depth - 1);
    Scope inner = scope.with(from.columns());
    List<Scope.Column> keys = new ArrayList<>();
    for (int i = choices.below(3); i > 0; i--) {
      Scope.Column column = choices.of(from.columns());
      if (!keys.contains(column)) {
        keys.add(column);
      }
    }
    String by = keys.stream().map(Scope.Column::sql).collect(Collectors.joining(", "));
    List<Scope.Column> groups = new ArrayList<>(keys);
    if (!keys.isEmpty()) {
      switch (choices.below(6)) {
        case 3 -> by = "rollup (" + by + ")";
        case 4 -> by = "cube (" + by + ")";
        case 5 -> by = "grouping sets ((" + by + "), (" + keys.getFirst().sql() + "), ())";
        default -> {
          if (choices.oneIn(3)) {
            String sum = "(" + keys.getFirst().sql() + " is null)";
            by += ", " + sum;
            groups.add(new Scope.Column(sum, ValueType.BOOL, false));
          }
        }
      }
      if (by.contains("(") && by.endsWith(")") && !by.endsWith("is null)")) {
        groups.add(
            new Scope.Column("grouping(" + keys.getFirst().sql() + ")", ValueType.INT, false));
      }
    }
    for (ValueType type : types) {
      groups.add(new Scope.Column(expressions.aggregate(type, inner), type, false));
    }
    Scope outer = scope.with(groups);
    String shared = choices.oneIn(4) ? windows.window(outer) : null;
    List<String> items =
        types.stream()
            .map(type ->
                shared != null && choices.oneIn(3)
                    ? windows.call(type, outer, shared)
                    : expressions.of(type, outer, choices.below(3)))
            .toList();
    String having = choices.oneIn(3) ? " having " + expressions.of(ValueType.BOOL, outer, 2) : "";
    return "select "
        + items(items)
        + " from "
        + from.sql()
        + where(inner, depth)
        + (by.isEmpty() ? "" : " group by " + by)
        + having;
  }

  /** A query in parentheses with one value. */
  String scalar(ValueType type, Scope scope, int depth) {
    Scope inside = scope.inside();
    Source from = sources.from(inside, Math.min(0, depth - 1));
    Scope inner = inside.with(from.columns());
    if (choices.oneIn(3)) {
      return "(select %s as c0 from %s%s order by 1%s limit 1)"
          .formatted(
              expressions.of(type, inner, 1),
              from.sql(),
              where(inner, 0),
              choices.of("", " desc", " nulls first"));
    }
    String aggregate = expressions.aggregate(type, inner);
    if (choices.oneIn(3)) {
      aggregate = "coalesce(" + aggregate + ", " + type.literal(choices) + ")";
    }
    return "(select %s from %s%s)".formatted(aggregate, from.sql(), where(inner, 0));
  }

  /** EXISTS, IN, ANY or ALL of a query. */
  String predicate(Scope scope, int depth) {
    Scope inside = scope.inside();
    ValueType type = choices.of(ValueType.ALL);
    String query = select(List.of(type), inside, Math.min(1, depth), true).sql();
    String one = expressions.of(type, scope, Math.max(0, depth - 1));
    return switch (choices.below(7)) {
      case 0 -> "exists (" + query + ")";
      case 1 -> "not exists (" + query + ")";
      case 2 -> "(" + one + " in (" + query + "))";
      case 3 -> "(" + one + " not in (" + query + "))";
      case 4 -> "(%s %s any (%s))".formatted(one, choices.of("=", "<>", "<", ">=", ">"), query);
      case 5 -> "(%s %s all (%s))".formatted(one, choices.of("=", "<>", "<=", ">", "<"), query);
      default -> {
        ValueType other = choices.of(ValueType.ALL);
        yield "((%s, %s)%s in (%s))"
            .formatted(
                one,
                expressions.leaf(other, scope),
                choices.of("", " not"),
                select(List.of(type, other), inside, Math.min(1, depth), false).sql());
      }
    };
  }

  /** What stands in FROM, and a predicate over it. */
  Source source() {
    return sources.from(Scope.NONE, 2);
  }
}
