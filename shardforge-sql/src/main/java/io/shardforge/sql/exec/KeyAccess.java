package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RelationUse.Count;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.RowLock;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowProjection;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The finding of rows by full unique keys: what {@link PlanNode.KeyLookup} means. Immutable, so
 * that a cached plan keeps it.
 *
 * <p>With a lock the newest version of the row is read and judged, so that at READ COMMITTED
 * nothing has to be run again.
 */
// Hot path: one key of a primary index costs one get or one lock and no collections.
final class KeyAccess {
  private static final int KEY_BYTES = 32;

  private final PlanNode.KeyLookup node;
  private final TableCodecs codecs;
  private final IndexCodec index;
  private final RowProjection columns;
  private final boolean primary;

  KeyAccess(PlanNode.KeyLookup node, TableCodecs codecs) {
    this.node = node;
    this.codecs = codecs;
    this.primary = node.index().primary();
    this.index = primary ? codecs.primary() : new IndexCodec(codecs.rows(), node.index());
    this.columns =
        codecs.rows().projection(node.columns().stream().mapToInt(Integer::intValue).toArray());
  }

  TableCodecs codecs() {
    return codecs;
  }

  boolean isSingle() {
    return node.keys().size() == 1;
  }

  /** The row of a single key that passes the filter, or null. */
  @Nullable Object @Nullable [] row(Execution execution) {
    @Nullable Object[] row = find(execution);
    count(1, row == null ? 0 : 1, execution);
    return row;
  }

  private void count(int keys, int rows, Execution execution) {
    RelationUse use = execution.use(node.index().oid());
    use.scanned(keys, execution.statementMicros());
    use.add(Count.READ, rows);
    use.add(Count.FETCHED, rows);
  }

  private @Nullable Object @Nullable [] find(Execution execution) {
    byte[] key = key(node.keys().getFirst(), execution);
    if (key == null) {
      return null;
    }
    if (primary) {
      return rowAt(key, execution);
    }
    byte[] entry = execution.txn().get(key);
    if (entry == null) {
      return null;
    }
    return rowAt(index.rowKey(key, entry), execution);
  }

  private @Nullable Object @Nullable [] rowAt(byte[] key, Execution execution) {
    RowLock lock = node.lock();
    if (lock == null) {
      byte[] value = execution.txn().get(key);
      return value == null ? null : passing(key, value, execution);
    }
    LockedRow grant =
        RowLocks.take(node.table(), List.of(key), lock, node.lockPolicy(), execution).getFirst();
    return judged(grant, execution);
  }

  /** All rows that pass the filter. */
  List<@Nullable Object[]> rows(Execution execution) {
    if (isSingle()) {
      @Nullable Object[] row = row(execution);
      return row == null ? List.of() : List.<@Nullable Object[]>of(row);
    }
    List<@Nullable Object[]> rows = findAll(execution);
    count(node.keys().size(), rows.size(), execution);
    return rows;
  }

  private List<@Nullable Object[]> findAll(Execution execution) {
    Txn txn = execution.txn();
    List<byte[]> keys = new ArrayList<>(node.keys().size());
    // Two tuples may turn out to be one key.
    Map<KeyBytes, Boolean> seen = new LinkedHashMap<>();
    for (List<Expression> tuple : node.keys()) {
      byte[] key = key(tuple, execution);
      if (key != null && seen.put(new KeyBytes(key), true) == null) {
        keys.add(key);
      }
    }
    if (!primary) {
      keys = rowKeys(keys, txn.getAll(keys));
    }
    List<@Nullable Object[]> result = new ArrayList<>(keys.size());
    RowLock lock = node.lock();
    if (lock == null) {
      List<byte @Nullable []> values = txn.getAll(keys);
      for (int i = 0; i < keys.size(); i++) {
        byte[] value = values.get(i);
        if (value != null) {
          addIfPresent(result, passing(keys.get(i), value, execution));
        }
      }
      return result;
    }
    for (int from = 0; from < keys.size(); from += RowLocks.BATCH_MAX) {
      execution.checkCanceled();
      List<byte[]> some = keys.subList(from, Math.min(keys.size(), from + RowLocks.BATCH_MAX));
      for (LockedRow grant :
          RowLocks.take(node.table(), some, lock, node.lockPolicy(), execution)) {
        addIfPresent(result, judged(grant, execution));
      }
    }
    return result;
  }

  private static void addIfPresent(
      List<@Nullable Object[]> rows, @Nullable Object @Nullable [] row) {
    if (row != null) {
      rows.add(row);
    }
  }

  private List<byte[]> rowKeys(List<byte[]> entryKeys, List<byte @Nullable []> entries) {
    List<byte[]> keys = new ArrayList<>(entryKeys.size());
    for (int i = 0; i < entryKeys.size(); i++) {
      byte[] entry = entries.get(i);
      if (entry != null) {
        keys.add(index.rowKey(entryKeys.get(i), entry));
      }
    }
    return keys;
  }

  private byte @Nullable [] key(List<Expression> tuple, Execution execution) {
    @Nullable Object[] values = new @Nullable Object[tuple.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tuple.get(i).eval(NoRow.INSTANCE, execution);
    }
    return index.uniqueKey(values, new KeyEncoder(KEY_BYTES));
  }

  /** Judges the newest version of a locked row. */
  private @Nullable Object @Nullable [] judged(LockedRow grant, Execution execution) {
    byte[] value = grant.value();
    if (grant.skipped()) {
      return null;
    }
    if (grant.newer() && !primary && execution.restartsOnChange()) {
      throw new StatementRestart();
    }
    // The filter has all conditions where an entry led here, which may be another row's by now.
    return value == null ? null : passing(grant.key(), value, execution);
  }

  private @Nullable Object @Nullable [] passing(byte[] key, byte[] value, Execution execution) {
    @Nullable Object[] row = columns.reader().read(key, value);
    Expression filter = node.filter();
    return filter == null || Boolean.TRUE.equals(filter.eval(new ArrayRow(row), execution))
        ? row
        : null;
  }
}
