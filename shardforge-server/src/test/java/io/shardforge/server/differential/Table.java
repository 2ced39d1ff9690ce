package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A table: its first column is k, an integer, and mostly the primary key.
 *
 * @param parts into how many it is cut by hash where that is asked for
 * @param parent the table that its second column, then p, refers to
 */
record Table(
    String name,
    List<Scope.Column> columns,
    boolean keyed,
    int parts,
    @Nullable String parent,
    List<String> uniqueIndexes,
    List<String> indexes) {

  static Table random(int number, @Nullable Table before, Choices choices) {
    String name = "t" + number;
    List<Scope.Column> columns = new ArrayList<>();
    columns.add(new Scope.Column("k", ValueType.INT, true));
    String parent = null;
    if (before != null && before.keyed && choices.oneIn(2)) {
      parent = before.name + " (k)" + choices.of("", " on delete cascade", " on delete set null");
      columns.add(new Scope.Column("p", ValueType.INT, true));
    }
    int width = 3 + choices.below(5);
    for (int i = 0; i < width; i++) {
      ValueType type = choices.of(ValueType.ALL);
      columns.add(new Scope.Column("c" + i, type, true));
    }
    List<Scope.Column> indexed =
        columns.stream().filter(column -> column.type().indexed()).toList();
    List<String> unique = new ArrayList<>();
    if (choices.oneIn(2)) {
      unique.add(
          indexed.getLast().sql() + ", " + indexed.getFirst().sql() + choices.of("", " desc"));
    }
    List<String> indexes = new ArrayList<>();
    for (int i = choices.below(4); i > 0; i--) {
      indexes.add(
          IntStream.range(0, choices.upTo(2))
              .mapToObj(_ -> choices.of(indexed).sql() + choices.of("", " desc", " nulls first"))
              .distinct()
              .collect(Collectors.joining(", ")));
    }
    return new Table(
        name, columns, !choices.oneIn(6), choices.oneIn(2) ? 3 : 0, parent, unique, indexes);
  }

  /** The statements that make it. */
  List<String> definition(boolean byHash, boolean indexed) {
    String body =
        columns.stream()
            .map(column ->
                column.sql()
                    + " "
                    + (column.type() == ValueType.NUMERIC ? "numeric(12,2)" : column.type().sql)
                    + (column.sql().equals("k") ? keyed ? " primary key" : " not null" : "")
                    + (column.sql().equals("p") ? " references " + parent : ""))
            .collect(Collectors.joining(", "));
    List<String> all = new ArrayList<>();
    all.add(
        "create table %s (%s)%s"
            .formatted(
                name,
                body,
                byHash && parts > 0 ? " with (sharding = 'hash', shards = " + parts + ")" : ""));
    uniqueIndexes.forEach(on -> all.add("create unique index on " + name + " (" + on + ")"));
    if (indexed) {
      indexes.forEach(on -> all.add("create index on " + name + " (" + on + ")"));
    }
    return all;
  }

  /** Rows of constants in parentheses; the keys of a table that is filled go up from a number. */
  String rows(int count, int key, Choices choices) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> values = new ArrayList<>();
      for (Scope.Column column : columns) {
        values.add(
            switch (column.sql()) {
              case "k" -> "" + (key + i);
              case "p" -> choices.oneIn(4) ? "null" : "" + choices.below(6);
              default -> choices.oneIn(5) ? "null" : column.type().literal(choices);
            });
      }
      rows.add("(" + String.join(", ", values) + ")");
    }
    return String.join(", ", rows);
  }

  List<Scope.Column> columnsOf(String alias) {
    return columns.stream()
        .map(column -> new Scope.Column(alias + "." + column.sql(), column.type(), true))
        .toList();
  }
}
