package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Statements that change a table, whose outcome does not depend on the order of rows. */
final class Changes {
  private final Choices choices;
  private final List<Table> tables;
  private final Expressions expressions;

  Changes(List<Table> tables, Choices choices) {
    this.choices = choices;
    this.tables = tables;
    this.expressions = new Queries(tables, choices).expressions();
  }

  String statement() {
    Table table = choices.of(tables);
    String returning = choices.oneIn(2) ? " returning *" : "";
    return switch (choices.below(6)) {
      case 0, 1 -> insert(table) + (choices.oneIn(2) ? " returning *" : "");
      case 2, 3 -> update(table) + (choices.oneIn(2) ? " returning " + table.name() + ".*" : "");
      case 4 -> insertQuery(table) + returning;
      default -> delete(table) + (choices.oneIn(2) ? " returning " + table.name() + ".*" : "");
    };
  }

  private String insert(Table table) {
    String rows = table.rows(choices.upTo(3), choices.below(30), choices);
    String conflict = "";
    if (table.keyed()) {
      conflict =
          switch (choices.below(4)) {
            case 0 -> "";
            case 1 -> " on conflict do nothing";
            case 2 -> " on conflict (k) do nothing";
            default ->
                " on conflict (k) do update set "
                    + assignments(
                        table, List.of(), new Scope(table.columnsOf(table.name()), List.of()))
                    + (choices.oneIn(2) ? " where excluded.k % 2 = 0" : "");
          };
    }
    return "insert into " + table.name() + " values " + rows + conflict;
  }

  private String insertQuery(Table table) {
    Table from = choices.of(tables);
    Scope scope = new Scope(from.columnsOf("f"), List.of());
    String values =
        table.columns().stream()
            .map(column ->
                switch (column.sql()) {
                  case "k" -> "f.k + " + (100 + choices.below(20));
                  case "p" -> "null";
                  default -> expressions.leaf(column.type(), scope);
                })
            .collect(Collectors.joining(", "));
    return "insert into %s select %s from %s as f where f.k = %d"
        .formatted(table.name(), values, from.name(), choices.below(30));
  }

  /** New values; columns of unique indexes get constants. */
  private String assignments(Table table, List<Scope.Column> others, Scope scope) {
    List<Scope.Column> all = new ArrayList<>(scope.columns());
    all.addAll(others);
    Scope wide = new Scope(all, List.of());
    return table.columns().stream()
        .skip(table.parent() == null ? 1 : 2)
        .filter(_ -> !choices.oneIn(3))
        .limit(2)
        .map(column -> {
          boolean unique = table.uniqueIndexes().stream().anyMatch(on -> on.contains(column.sql()));
          boolean constant = unique || column.type() == ValueType.NUMERIC;
          return column.sql()
              + " = "
              + (constant
                  ? column.type().literal(choices)
                  : expressions.of(column.type(), wide, 2));
        })
        .reduce((one, other) -> one + ", " + other)
        .orElse("k = " + table.name() + ".k");
  }

  private String where(Scope scope) {
    return expressions.of(ValueType.BOOL, scope, 2);
  }

  private String update(Table table) {
    Scope own = new Scope(table.columnsOf(table.name()), List.of());
    Table other = choices.of(tables);
    if (other.keyed() && choices.oneIn(2)) {
      Scope.Column match =
          choices.of(own.columns().stream().filter(c -> c.type() == ValueType.INT).toList());
      Scope both = joined(own, other);
      return "update %s set %s from %s as o where o.k = %s and %s"
          .formatted(
              table.name(),
              assignments(table, other.columnsOf("o"), own),
              other.name(),
              match.sql(),
              where(both));
    }
    return "update "
        + table.name()
        + " set "
        + assignments(table, List.of(), own)
        + " where "
        + where(own);
  }

  private static Scope joined(Scope own, Table other) {
    List<Scope.Column> all = new ArrayList<>(own.columns());
    all.addAll(other.columnsOf("o"));
    return new Scope(all, List.of());
  }

  private String delete(Table table) {
    Scope own = new Scope(table.columnsOf(table.name()), List.of());
    String few = table.name() + ".k % 4 = " + choices.below(4) + " and ";
    if (choices.oneIn(2)) {
      return "delete from " + table.name() + " where " + few + where(own);
    }
    Table other = choices.of(tables);
    Scope both = joined(own, other);
    return "delete from %s using %s as o where %s%s"
        .formatted(table.name(), other.name(), few, where(both));
  }
}
