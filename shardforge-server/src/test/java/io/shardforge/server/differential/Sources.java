package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What queries read: tables, queries, functions and joins of them. */
final class Sources {
  private final Choices choices;
  private final List<Table> tables;
  private final Queries queries;
  private final Map<String, List<ValueType>> named;
  private int aliases;

  Sources(
      Choices choices, List<Table> tables, Queries queries, Map<String, List<ValueType>> named) {
    this.choices = choices;
    this.tables = tables;
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
    return new Source(first.sql() + ", " + second.sql(), both(first, second));
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
    return new Source(left.sql() + " " + kind + " " + right.sql() + on, all);
  }

  private Source parenthesized(Scope scope, int depth) {
    Source inner = join(item(scope, List.of(), depth), scope, depth);
    return new Source("(" + inner.sql() + ")", inner.columns());
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
    Table table = choices.of(tables);
    return new Source(table.name() + " as " + alias, table.columnsOf(alias));
  }

  /** One item; with columns to its left it may look at them. */
  private Source item(Scope scope, List<Scope.Column> left, int depth) {
    String alias = alias();
    if (!named.isEmpty() && choices.oneIn(2)) {
      Map.Entry<String, List<ValueType>> table = choices.of(List.copyOf(named.entrySet()));
      return new Source(
          table.getKey() + " as " + alias, new Query("", table.getValue(), false).columnsOf(alias));
    }
    int kind = choices.below(depth > 0 ? 12 : 8);
    if (kind < 8) {
      return table(alias);
    }
    if (kind == 8) {
      String name = alias + "(c0)";
      return new Source(
          choices.of(
                  "generate_series(0, 3) as ",
                  "unnest('{1,2,NULL,2}'::int[]) as ",
                  "(values (1), (2), (null)) as ")
              + name,
          List.of(new Scope.Column(alias + ".c0", ValueType.INT, true)));
    }
    boolean lateral = !left.isEmpty() && choices.oneIn(2);
    Scope inside = (lateral ? scope.with(left) : scope.with(List.of())).inside();
    Query query = queries.select(queries.types(3), inside, depth - 1, true);
    return new Source(
        (lateral ? "lateral (" : "(") + query.sql() + ") as " + alias, query.columnsOf(alias));
  }
}
