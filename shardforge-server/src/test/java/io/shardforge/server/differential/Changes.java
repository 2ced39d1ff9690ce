package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Statements that change a table, whose outcome does not depend on the order of rows. */
final class Changes {
  private static final int NEW_KEYS = 30;

  /** Where the keys of rows begin that went and came back in one statement. */
  private static final int AGAIN = 2000;

  private final Choices choices;
  private final List<Table> tables;
  private final Queries queries;
  private final Expressions expressions;

  Changes(World world, Choices choices) {
    this.choices = choices;
    this.tables = world.tables();
    this.queries = new Queries(world, choices);
    this.expressions = queries.expressions();
  }

  String statement() {
    Table table = choices.of(tables);
    return switch (choices.below(11)) {
      case 0, 1 -> insert(table) + returning(table, table.name());
      case 2, 3 -> update(table) + returning(table, table.name());
      case 4 -> insertRow(table) + returning(table, table.name());
      case 5 -> insertQuery(table) + returning(table, table.name());
      case 6 -> moved(table) + returning(table, table.name());
      case 7 ->
          "with x as (%s returning *) %s"
              .formatted(delete(table, "k < " + AGAIN), usingDeleted(table));
      case 8 -> "with x as (%s returning *) %s".formatted(update(table), usingChanged(table));
      default -> delete(table, "k % 4 = " + choices.below(4)) + returning(table, table.name());
    };
  }

  private Scope own(Table table) {
    return Scope.NONE.with(table.columnsOf(table.name()));
  }

  private String returning(Table table, String name) {
    return switch (choices.below(4)) {
      case 0 -> " returning " + name + ".*";
      case 1 -> {
        ValueType type = choices.of(ValueType.ALL);
        yield " returning " + expressions.of(type, own(table), 2) + " as r, " + name + ".k";
      }
      default -> "";
    };
  }

  private String insert(Table table) {
    String rows = table.rows(choices.upTo(3), choices.below(NEW_KEYS), choices);
    return "insert into %s (%s) values %s%s"
        .formatted(table.name(), table.writtenNames(), rows, conflict(table));
  }

  /** What to do about a row with a key that is there. */
  private String conflict(Table table) {
    int kind = choices.below(6);
    if (kind == 0) {
      return "";
    }
    List<String> arbiters = new ArrayList<>();
    if (!table.key().isEmpty()) {
      arbiters.add("(" + String.join(", ", table.key()) + ")");
    }
    table.uniqueIndexes().forEach(on -> arbiters.add(on.replace(" desc", "")));
    if (arbiters.isEmpty() || kind == 1) {
      return " on conflict do nothing";
    }
    String on = " on conflict " + choices.of(arbiters);
    if (kind == 2) {
      return on + " do nothing";
    }
    List<Scope.Column> both = new ArrayList<>(table.columnsOf(table.name()));
    both.addAll(table.columnsOf("excluded"));
    return on
        + " do update set "
        + assignments(table, List.of(), Scope.NONE.with(both))
        + (choices.oneIn(3) ? " where excluded.k % 2 = 0" : "");
  }

  private String values(Table table, String key, Scope scope) {
    return table.written().stream()
        .map(column ->
            switch (column.name()) {
              case "k" -> key;
              case "p" -> "null";
              default ->
                  column.type() == ValueType.NUMERIC || scope.columns().isEmpty()
                      ? column.type().literal(choices)
                      : expressions.of(column.type(), scope, choices.below(2));
            })
        .collect(Collectors.joining(", "));
  }

  /** One row of expressions, with a value that may be refused. */
  private String insertRow(Table table) {
    String values = values(table, "" + choices.below(NEW_KEYS), Scope.NONE);
    return "insert into %s (%s) values (%s)%s"
        .formatted(table.name(), table.writtenNames(), values, conflict(table));
  }

  private String insertQuery(Table table) {
    Table from = choices.of(tables);
    Scope scope = Scope.NONE.with(from.columnsOf("f"));
    String values = values(table, "f.k + " + (100 * choices.upTo(9)), scope);
    return "insert into %s (%s) select %s from %s as f where %s%s"
        .formatted(
            table.name(),
            table.writtenNames(),
            values,
            from.name(),
            choices.oneIn(2) ? "f.k = " + choices.below(NEW_KEYS) : where(scope),
            choices.oneIn(3) ? inOrder(scope) + " on conflict do nothing" : "");
  }

  /** Of two rows that are in conflict with each other the first is inserted. */
  private static String inOrder(Scope scope) {
    return scope.columns().stream()
        .map(Scope.Column::sql)
        .collect(Collectors.joining(", ", " order by ", ""));
  }

  /** New values; columns of unique indexes and of narrow types get constants. */
  private String assignments(Table table, List<Scope.Column> others, Scope scope) {
    List<Scope.Column> all = new ArrayList<>(scope.columns());
    all.addAll(others);
    Scope wide = Scope.NONE.with(all);
    List<Table.Column> assigned =
        table.written().stream()
            .filter(column -> !column.name().equals("k") && !column.name().equals("p"))
            .filter(column -> !table.key().contains(column.name()))
            .filter(_ -> !choices.oneIn(3))
            .limit(choices.upTo(3))
            .toList();
    if (assigned.isEmpty()) {
      return "k = " + table.name() + ".k";
    }
    List<String> values = assigned.stream().map(column -> value(table, column, wide)).toList();
    if (assigned.size() > 1 && choices.oneIn(4)) {
      return "(%s) = row(%s)"
          .formatted(
              assigned.stream().map(Table.Column::name).collect(Collectors.joining(", ")),
              String.join(", ", values));
    }
    List<String> set = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      set.add(assigned.get(i).name() + " = " + values.get(i));
    }
    return String.join(", ", set);
  }

  private String value(Table table, Table.Column column, Scope scope) {
    boolean unique = table.uniqueIndexes().stream().anyMatch(on -> on.contains(column.name()));
    if (unique || column.type() == ValueType.NUMERIC) {
      return choices.oneIn(6) ? "default" : column.type().literal(choices);
    }
    return expressions.of(column.type(), scope, 2);
  }

  private String where(Scope scope) {
    return expressions.of(ValueType.BOOL, scope, 2);
  }

  private String update(Table table) {
    Scope own = own(table);
    Table other = choices.of(tables);
    if (other.keyed() && choices.oneIn(2)) {
      Scope.Column match =
          choices.of(own.columns().stream().filter(c -> c.type() == ValueType.INT).toList());
      return "update %s set %s from %s as o where o.k = %s and %s"
          .formatted(
              table.name(),
              assignments(table, other.columnsOf("o"), own),
              other.name(),
              match.sql(),
              where(joined(own, other)));
    }
    return "update %s set %s where %s"
        .formatted(table.name(), assignments(table, List.of(), own), where(own));
  }

  /** One row gets another key, or refers to another. */
  private String moved(Table table) {
    boolean refers = table.columns().get(1).name().equals("p") && choices.oneIn(2);
    return "update %s set %s = %s where k = %d"
        .formatted(
            table.name(),
            refers ? "p" : "k",
            refers && choices.oneIn(3) ? "null" : "" + choices.below(NEW_KEYS),
            choices.below(NEW_KEYS));
  }

  private static Scope joined(Scope own, Table other) {
    List<Scope.Column> all = new ArrayList<>(own.columns());
    all.addAll(other.columnsOf("o"));
    return Scope.NONE.with(all);
  }

  /** Some of the rows whose k a condition is true for. */
  private String delete(Table table, String onlyKeys) {
    Scope own = own(table);
    String few = table.name() + "." + onlyKeys + " and ";
    if (choices.oneIn(2)) {
      return "delete from " + table.name() + " where " + few + where(own);
    }
    Table other = choices.of(tables);
    return "delete from %s using %s as o where %s%s"
        .formatted(table.name(), other.name(), few, where(joined(own, other)));
  }

  /** What is done with the rows x that went: they are counted, or come back under other keys. */
  private String usingDeleted(Table table) {
    if (choices.oneIn(2)) {
      return "select count(*) as n, min(x.k) as k from x";
    }
    String values =
        table.written().stream()
            .map(column -> column.name().equals("k") ? "x.k + " + AGAIN : "x." + column.name())
            .collect(Collectors.joining(", "));
    return "insert into %s (%s) select %s from x on conflict do nothing"
        .formatted(table.name(), table.writtenNames(), values);
  }

  /** Queries of the rows x as they are now, and of the table as it was before. */
  private String usingChanged(Table table) {
    return choices.oneIn(2)
        ? "select x.* from x"
        : "select x.k, o.* from x left join %s as o on o.k = x.k".formatted(table.name());
  }
}
