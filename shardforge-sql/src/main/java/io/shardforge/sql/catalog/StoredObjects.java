package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.Txn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that the descriptors of a database and of the cluster were read from. Who reads them
 * again learns what has changed, and only that is decoded.
 */
final class StoredObjects {
  static final StoredObjects NONE = new StoredObjects(List.of());

  /** In the order of their keys. */
  private final List<Row> rows;

  private StoredObjects(List<Row> rows) {
    this.rows = rows;
  }

  private record Row(byte[] key, byte[] value, ObjectKey object) {}

  /**
   * What a transaction has read.
   *
   * @param changes the descriptors that are not what they were, nothing where one is gone
   */
  record Reading(StoredObjects stored, Map<ObjectKey, Optional<CatalogObject>> changes) {}

  /** Reads all rows, of the same database as these. */
  Reading read(Txn txn, int databaseId) {
    Comparison comparison = new Comparison();
    CatalogRows.scan(txn, CatalogRows.CLUSTER, comparison::next);
    CatalogRows.scan(txn, databaseId, comparison::next);
    return comparison.end();
  }

  /** Goes through the rows of before and of now at the same time. */
  private final class Comparison {
    private final List<Row> now = new ArrayList<>(rows.size() + 16);
    private final Map<ObjectKey, Optional<CatalogObject>> changes = new LinkedHashMap<>();
    private int next;

    void next(KvPage page, int row) {
      int order = -1;
      while (next < rows.size() && (order = -page.compareKey(row, rows.get(next).key)) < 0) {
        changes.put(rows.get(next).object, Optional.empty());
        next++;
      }
      boolean known = next < rows.size() && order == 0;
      if (known && isSameValue(page, row, rows.get(next).value)) {
        now.add(rows.get(next));
      } else {
        byte[] value = page.value(row);
        ObjectKey object = CatalogRows.objectOf(page, row);
        now.add(new Row(page.key(row), value, object));
        changes.put(object, Optional.of(DescriptorCodec.decode(object, value, 0, value.length)));
      }
      if (known) {
        next++;
      }
    }

    private static boolean isSameValue(KvPage page, int row, byte[] value) {
      int from = page.valueOffset(row);
      return Arrays.equals(
          page.buffer(), from, from + page.valueLength(row), value, 0, value.length);
    }

    Reading end() {
      rows.subList(next, rows.size()).forEach(gone -> changes.put(gone.object, Optional.empty()));
      return changes.isEmpty()
          ? new Reading(StoredObjects.this, changes)
          : new Reading(new StoredObjects(now), changes);
    }
  }
}
