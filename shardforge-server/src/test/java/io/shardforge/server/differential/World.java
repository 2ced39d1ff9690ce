package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * Some tables, the rows they begin with, and views of them.
 *
 * @param surveyed the tables of which ANALYZE found other rows, which went then
 */
record World(List<Table> tables, List<String> rows, List<View> views, List<Table> surveyed) {
  private static final int VIEWS = 3;

  static World random(Choices choices) {
    List<Table> tables = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    int count = 2 + choices.below(3);
    int most = choices.oneIn(6) ? 26 : 9;
    for (int i = 0; i < count; i++) {
      Table table = Table.random(i, tables, choices);
      tables.add(table);
      int size = choices.oneIn(8) ? 0 : 1 + choices.below(most);
      for (int key = 0; key < size; key += 5) {
        rows.add(
            "insert into %s (%s) values %s on conflict do nothing"
                .formatted(
                    table.name(),
                    table.writtenNames(),
                    table.rows(Math.min(5, size - key), key, choices)));
      }
    }
    List<View> views = new ArrayList<>();
    for (int i = choices.below(VIEWS); i > 0; i--) {
      Queries queries = new Queries(new World(tables, rows, views, List.of()), choices);
      views.add(new View("v" + i, queries.select(queries.types(4), Scope.NONE, 2, false)));
    }
    List<Table> surveyed =
        tables.stream().filter(table -> table.checks().isEmpty() && choices.oneIn(4)).toList();
    return new World(tables, rows, views, surveyed);
  }

  /** The statements that make it in a schema of its own. */
  List<String> script(String schema, boolean byHash, boolean indexed) {
    List<String> all = new ArrayList<>();
    all.add("drop schema if exists " + schema + " cascade");
    all.add("create schema " + schema);
    all.add("set search_path to " + schema);
    all.add(ValueType.MADE);
    all.add("create domain few as int check (value <> 100)");
    all.add("create domain word as text check (length(value) < 30)");
    for (Table table : tables) {
      all.addAll(table.definition(byHash, indexed));
      if (surveyed.contains(table)) {
        all.add(
            "insert into %s (k) select x from generate_series(1001, 1100) as x"
                .formatted(table.name()));
        all.add("analyze " + table.name());
        all.add("delete from " + table.name());
      }
    }
    all.addAll(rows);
    views.forEach(view -> all.add(view.definition()));
    return all;
  }
}
