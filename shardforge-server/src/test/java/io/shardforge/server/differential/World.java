package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;

/** Some tables and the rows they begin with. */
record World(List<Table> tables, List<String> rows) {
  static World random(Choices choices) {
    List<Table> tables = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    int count = 2 + choices.below(3);
    for (int i = 0; i < count; i++) {
      Table table = Table.random(i, tables.isEmpty() ? null : tables.getLast(), choices);
      tables.add(table);
      int size = choices.oneIn(8) ? 0 : 4 + choices.below(22);
      for (int key = 0; key < size; key += 5) {
        rows.add(
            "insert into "
                + table.name()
                + " values "
                + table.rows(Math.min(5, size - key), key, choices)
                + " on conflict do nothing");
      }
    }
    return new World(tables, rows);
  }

  /** The statements that make it in a schema of its own. */
  List<String> script(String schema, boolean byHash, boolean indexed) {
    List<String> all = new ArrayList<>();
    all.add("drop schema if exists " + schema + " cascade");
    all.add("create schema " + schema);
    all.add("set search_path to " + schema);
    tables.forEach(table -> all.addAll(table.definition(byHash, indexed)));
    all.addAll(rows);
    return all;
  }
}
