package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What queries read: tables, queries, functions and joins of them. */
final class Sources {
  private final Choices choices;
  private final World world;
  private final Queries queries;
  private final Map<String, List<ValueType>> named;
  private int aliases;

  Sources(Choices choices, World world, Queries queries, Map<String, List<ValueType>> named) {
    this.choices = choices;
    this.world = world;
    this.queries = queries;
    this.named = named;
  }

  private String alias() {
    return "a" + aliases++;
  }

  /** All of FROM. */
  Source from(Scope scope, int depth) {
    Source first = joined(scope, depth);
    if (!choices.oneIn(5)) {
      return first;
    }
    Source second = item(scope, first.columns(), depth - 1);
    return new Source(
        first.sql() + ", " + second.sql(), both(first, second), distinct(first, second));
  }

  private static boolean distinct(Source one, Source other) {
    return one.distinct() && other.distinct();
  }

  private static List<Scope.Column> both(Source one, Source other) {
    List<Scope.Column> all = new ArrayList<>(one.columns());
    all.addAll(other.columns());
    return all;
  }

  private Source joined(Scope scope, int depth) {
    Source left = item(scope, List.of(), depth);
    for (int i = depth > 0 ? choices.below(4) : choices.below(2); i > 0; i--) {
      left = join(left, scope, depth);
    }
    return left;
  }

  private Source join(Source left, Scope scope, int depth) {
    String kind =
        choices.of("join", "left join", "right join", "full join", "cross join", "left join");
    boolean forward = kind.equals("join") || kind.equals("left join") || kind.equals("cross join");
    Source right =
        depth > 1 && choices.oneIn(6)
            ? parenthesized(scope, depth - 1)
            : item(scope, forward ? left.columns() : List.of(), depth - 1);
    List<Scope.Column> all = both(left, right);
    String on =
        kind.equals("cross join") ? "" : " on " + condition(left, right, scope, kind, depth);
    return new Source(left.sql() + " " + kind + " " + right.sql() + on, all, distinct(left, right));
  }

  private Source parenthesized(Scope scope, int depth) {
    Source inner = join(item(scope, List.of(), depth), scope, depth);
    return new Source("(" + inner.sql() + ")", inner.columns(), inner.distinct());
  }

  /** Mostly an equality of columns; always one for a full join, which PostgreSQL asks for. */
  private String condition(Source left, Source right, Scope scope, String kind, int depth) {
    Scope all = scope.with(both(left, right));
    Scope.Column one = choices.of(left.columns());
    List<Scope.Column> partners =
        right.columns().stream().filter(column -> column.type() == one.type()).toList();
    boolean full = kind.equals("full join");
    if (partners.isEmpty()) {
      Scope.Column other = choices.of(right.columns());
      if (full) {
        return "(" + one.sql() + ")::text = (" + other.sql() + ")::text";
      }
      return queries.condition(all, depth);
    }
    String equal = one.sql() + " = " + choices.of(partners).sql();
    return switch (choices.below(5)) {
      case 3 -> equal + " and " + queries.condition(all, Math.min(depth, 1));
      case 4 -> full ? equal : queries.condition(all, depth);
      default -> equal;
    };
  }

  Source table() {
    return table(alias());
  }

  private Source table(String alias) {
    Table table = choices.of(world.tables());
    return new Source(
        table.name() + " as " + alias, table.columnsOf(alias), !table.key().isEmpty());
  }

  /** One item; with columns to its left it may look at them. */
  private Source item(Scope scope, List<Scope.Column> left, int depth) {
    String alias = alias();
    if (!named.isEmpty() && choices.oneIn(2)) {
      Map.Entry<String, List<ValueType>> table = choices.of(List.copyOf(named.entrySet()));
      return rows(table.getKey() + " as " + alias, table.getValue(), alias);
    }
    int kind = choices.below(depth > 0 ? 14 : 9);
    if (kind < 7 || (kind == 7 && world.views().isEmpty())) {
      return table(alias);
    }
    if (kind == 7) {
      View view = choices.of(world.views());
      return rows(view.name() + " as " + alias, view.query().types(), alias);
    }
    boolean lateral = !left.isEmpty() && choices.oneIn(2);
    if (kind == 8) {
      return function(alias, lateral ? scope.with(left) : scope.inside(), lateral);
    }
    if (kind == 9) {
      return merged(alias);
    }
    Scope inside = (lateral ? scope.with(left) : scope.with(List.of())).inside();
    Query query = queries.select(queries.types(3), inside, depth - 1, true);
    return rows(
        (lateral ? "lateral (" : "(") + query.sql() + ") as " + alias, query.types(), alias);
  }

  private static Source rows(String sql, List<ValueType> types, String alias) {
    return new Source(sql, new Query("", types, false).columnsOf(alias), false);
  }

  /** A function or a list of rows. */
  private Source function(String alias, Scope scope, boolean lateral) {
    if (lateral && choices.oneIn(2)) {
      Expressions expressions = queries.expressions();
      ValueType type = choices.of(List.of(ValueType.INT, ValueType.TEXT, ValueType.JSONB));
      String call =
          switch (type) {
            case INT -> "unnest(" + expressions.of(ValueType.INTS, scope, 1) + ")";
            case TEXT -> "unnest(" + expressions.of(ValueType.TEXTS, scope, 1) + ")";
            default ->
                "jsonb_array_elements(jsonb_build_array(%s))"
                    .formatted(expressions.of(ValueType.JSONB, scope, 1));
          };
      return rows(
          "%s with ordinality as %s(c0, c1)".formatted(call, alias),
          List.of(type, ValueType.BIGINT),
          alias);
    }
    return rows(
        choices.of(
                "generate_series(0, 3) as ",
                "unnest('{1,2,NULL,2}'::int[]) as ",
                "(values (1), (2), (null)) as ",
                "generate_series(5, 1, -2) as ")
            + alias
            + "(c0)",
        List.of(ValueType.INT),
        alias);
  }

  /** Two tables joined by a column that both have, which is one column then. */
  private Source merged(String alias) {
    Source left = table(alias());
    Source right = table(alias());
    Scope.Column one = choices.of(left.columns());
    Scope.Column other = choices.of(right.columns());
    return rows(
        "(select k as c0, %s as c1, %s as c2 from %s %s %s using (k)) as %s"
            .formatted(
                one.sql(),
                other.sql(),
                left.sql(),
                choices.of("join", "left join", "right join", "full join"),
                right.sql(),
                alias),
        List.of(ValueType.INT, one.type(), other.type()),
        alias);
  }
}
