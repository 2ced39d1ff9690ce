package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table: its first column is k, an integer, and mostly its primary key or a part of it.
 *
 * @param columns those that are written, then those that are computed
 * @param key the columns of the primary key, none for no key
 * @param parts into how many it is cut by hash where that is asked for
 * @param uniqueIndexes what these are on, with a condition perhaps
 */
record Table(
    String name,
    List<Column> columns,
    List<String> key,
    int parts,
    List<String> checks,
    List<String> uniqueIndexes,
    List<String> indexes) {

  /**
   * A column.
   *
   * @param declared its type and what else it is declared with
   * @param nullable whether it is not declared NOT NULL
   */
  record Column(String name, ValueType type, String declared, boolean nullable, boolean computed) {
    boolean ofDomain() {
      return declared.startsWith("few") || declared.startsWith("word");
    }
  }

  static Table random(int number, List<Table> before, Choices choices) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("k", ValueType.INT, "int not null", false, false));
    List<Table> parents = before.stream().filter(Table::keyed).toList();
    if (!parents.isEmpty() && choices.oneIn(2)) {
      columns.add(
          new Column(
              "p",
              ValueType.INT,
              "int references "
                  + choices.of(parents).name
                  + " (k)"
                  + choices.of("", " on delete cascade", " on delete set null")
                  + choices.of("", " on update cascade", " on update set null"),
              true,
              false));
    }
    int width = 3 + choices.below(5);
    for (int i = 0; i < width; i++) {
      columns.add(written("c" + i, choices));
    }
    List<String> key = key(columns, choices);
    List<String> checks = new ArrayList<>();
    if (choices.oneIn(4)) {
      checks.add("check (k <> 13)");
    }
    Indexes indexes = new Indexes(columns, choices);
    List<String> unique = choices.oneIn(2) ? List.of(indexes.unique()) : List.of();
    List<String> others =
        IntStream.range(0, choices.below(4)).mapToObj(_ -> indexes.other()).toList();
    if (choices.oneIn(4)) {
      columns.add(computed(columns, choices));
    }
    return new Table("t" + number, columns, key, choices.oneIn(2) ? 3 : 0, checks, unique, others);
  }

  private static Column written(String name, Choices choices) {
    ValueType type = choices.of(ValueType.ALL);
    boolean nullable = !choices.oneIn(8);
    String declared =
        switch (type) {
          case NUMERIC -> "numeric(12,2)";
          case INT -> choices.of("int", "int", "few");
          case TEXT -> choices.of("text", "text", "word");
          default -> type.sql;
        };
    boolean hasDefault = !nullable || choices.oneIn(4);
    return new Column(
        name,
        type,
        declared
            + (hasDefault ? " default " + type.literal(choices) : "")
            + (nullable ? "" : " not null"),
        nullable,
        false);
  }

  private static Column computed(List<Column> columns, Choices choices) {
    Column from = choices.of(columns);
    return switch (from.type) {
      case INT -> generated(ValueType.INT, from.name + " % 3");
      case TEXT -> generated(ValueType.TEXT, "upper(" + from.name + ")");
      case NUMERIC -> generated(ValueType.NUMERIC, from.name + " + 1");
      case INTS -> generated(ValueType.INT, "cardinality(" + from.name + ")");
      default -> generated(ValueType.BOOL, from.name + " is null");
    };
  }

  private static Column generated(ValueType type, String expression) {
    return new Column(
        "g", type, type.sql + " generated always as (" + expression + ") stored", true, true);
  }

  /** Mostly k alone, else k with another column, else none. */
  private static List<String> key(List<Column> columns, Choices choices) {
    int kind = choices.below(8);
    List<String> others =
        columns.stream()
            .filter(column -> !column.nullable && column.type.indexed())
            .map(Column::name)
            .filter(name -> !name.equals("k"))
            .toList();
    if (kind < 4 || (kind < 7 && others.isEmpty())) {
      return List.of("k");
    }
    if (kind == 7) {
      return List.of();
    }
    List<String> key = new ArrayList<>(List.of("k", choices.of(others)));
    if (choices.oneIn(2)) {
      Collections.reverse(key);
    }
    return key;
  }

  /** Whether k alone is its primary key. */
  boolean keyed() {
    return key.equals(List.of("k"));
  }

  List<Column> written() {
    return columns.stream().filter(column -> !column.computed).toList();
  }

  String writtenNames() {
    return written().stream().map(Column::name).collect(Collectors.joining(", "));
  }

  /** The statements that make it. */
  List<String> definition(boolean byHash, boolean indexed) {
    List<String> body = new ArrayList<>();
    columns.forEach(column -> body.add(column.name + " " + column.declared));
    if (!key.isEmpty()) {
      body.add("primary key (" + String.join(", ", key) + ")");
    }
    body.addAll(checks);
    List<String> all = new ArrayList<>();
    all.add(
        "create table %s (%s)%s"
            .formatted(
                name,
                String.join(", ", body),
                byHash && parts > 0 ? " with (sharding = 'hash', shards = " + parts + ")" : ""));
    uniqueIndexes.forEach(on -> all.add("create unique index on " + name + " " + on));
    if (indexed) {
      indexes.forEach(on -> all.add("create index on " + name + " " + on));
    }
    return all;
  }

  /** Rows of constants in parentheses; the keys of a table that is filled go up from a number. */
  String rows(int count, int key, Choices choices) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> values = new ArrayList<>();
      for (Column column : written()) {
        values.add(
            switch (column.name) {
              case "k" -> "" + (key + i);
              case "p" -> choices.oneIn(4) ? "null" : "" + choices.below(6);
              default -> value(column, choices);
            });
      }
      rows.add("(" + String.join(", ", values) + ")");
    }
    return String.join(", ", rows);
  }

  private static String value(Column column, Choices choices) {
    if (choices.oneIn(12)) {
      return "default";
    }
    return choices.oneIn(column.nullable ? 6 : 60) ? "null" : column.type.literal(choices);
  }

  /** The columns as expressions; of a domain's they are of the type that it is over. */
  List<Scope.Column> columnsOf(String alias) {
    return columns.stream()
        .map(column -> {
          String sql = alias + "." + column.name;
          return new Scope.Column(column.ofDomain() ? cast(sql, column) : sql, column.type, true);
        })
        .toList();
  }

  private static String cast(String sql, Column column) {
    return "(" + sql + ")::" + column.type.sql;
  }
}
