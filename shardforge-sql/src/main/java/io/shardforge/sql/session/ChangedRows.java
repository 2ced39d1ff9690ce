package io.shardforge.sql.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many rows of each table the sessions of this node have changed. Any thread. */
public final class ChangedRows {
  /** Tables that are counted; changes of more are not. */
  private static final int TABLES_MAX = 100_000;

  /** A table by its database and its own id. */
  public record Table(int databaseId, int tableId) {}

  private final Map<Table, LongAdder> counts = new ConcurrentHashMap<>();

  // Hot path: one call a statement.
  void add(int databaseId, int tableId, long rows) {
    if (rows == 0) {
      return;
    }
    Table table = new Table(databaseId, tableId);
    LongAdder count = counts.get(table);
    if (count == null && counts.size() < TABLES_MAX) {
      count = counts.computeIfAbsent(table, _ -> new LongAdder());
    }
    if (count != null) {
      count.add(rows);
    }
  }

  /** The tables that were changed. */
  Iterable<Table> tables() {
    return counts.keySet();
  }

  /** Rows changed since {@link #forget}. */
  long of(Table table) {
    LongAdder count = counts.get(table);
    return count == null ? 0 : count.sum();
  }

  void forget(Table table) {
    counts.remove(table);
  }
}
