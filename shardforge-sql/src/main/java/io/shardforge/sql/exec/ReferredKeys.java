package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ForeignKeyText;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.type.KeyConversion;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys that rows which a statement wrote refer to, for one foreign key of their table. The rows
 * that have them are locked FOR KEY SHARE, so that they stay until the transaction has ended.
 */
public final class ReferredKeys {
  private static final long KEY_BYTES = 120;

  private final Reference reference;
  private final CatalogSnapshot catalog;
  private final MemoryBudget memory;
  private final IndexCodec index;
  private final RowCodec rows;
  private final int[] ordinals;

  /** The types of the columns referred to, in the order of the foreign key's. */
  private final List<SqlType> types;

  /** For each column of the index, its place in the foreign key. */
  private final int[] places;

  private final KeyEncoder encoder = new KeyEncoder();
  private final Map<KeyBytes, @Nullable Object[]> wanted = new LinkedHashMap<>();

  /** Values that no row can have, out of range of the referenced column. */
  private final List<@Nullable Object[]> impossible = new ArrayList<>();

  /** Keys of a foreign key as a catalog has it. */
  public ReferredKeys(CatalogSnapshot catalog, Reference reference, MemoryBudget memory) {
    this.reference = reference;
    this.catalog = catalog;
    this.memory = memory;
    TableDescriptor referenced = ForeignKeyText.referenced(catalog, reference);
    this.rows = RowCodec.of(referenced);
    IndexDescriptor descriptor =
        referenced.indexes().stream()
            .filter(i -> i.oid() == reference.key().indexOid())
            .findFirst()
            .orElseThrow();
    this.index = new IndexCodec(rows, descriptor);
    this.ordinals = TableKeys.ordinals(reference.table(), reference.key().columns());
    this.types =
        reference.key().referencedColumns().stream()
            .map(number -> referenced.columns().get(referenced.ordinalOfNumber(number)).type())
            .toList();
    this.places =
        descriptor.columns().stream()
            .mapToInt(KeyColumn::columnNumber)
            .map(number -> reference.key().referencedColumns().indexOf(number))
            .toArray();
  }

  /** What the values of keys are: the types of the columns referred to. */
  public List<SqlType> types() {
    return types;
  }

  /** Notes the key that a row refers to, if it refers to any. */
  public void add(@Nullable Object[] row) {
    @Nullable Object[] values = TableKeys.values(row, ordinals);
    if (TableKeys.hasNull(values)) {
      if (reference.key().full() && Arrays.stream(values).anyMatch(value -> value != null)) {
        throw new ForeignKeyText(catalog, reference).mixedNulls();
      }
      return;
    }
    addKey(values);
  }

  /** Notes a key, its values in the order of the foreign key's columns. */
  public void addKey(@Nullable Object[] referring) {
    @Nullable Object[] values = converted(referring);
    byte[] bytes = index.uniqueKey(TableKeys.values(values, places), encoder);
    if (bytes == null) {
      impossible.add(values);
    } else if (wanted.putIfAbsent(new KeyBytes(bytes), values) == null) {
      memory.reserve(bytes.length + RowSize.of(values) + KEY_BYTES);
    }
  }

  private @Nullable Object[] converted(@Nullable Object[] referring) {
    @Nullable Object[] values = referring.clone();
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      values[i] = value == null ? null : KeyConversion.convert(value, types.get(i));
    }
    return values;
  }

  /** Whether a row refers to the same key as another one. */
  boolean isSame(@Nullable Object[] before, @Nullable Object[] after) {
    return Arrays.equals(TableKeys.values(before, ordinals), TableKeys.values(after, ordinals));
  }

  /** Whether no row refers to anything. */
  public boolean isEmpty() {
    return wanted.isEmpty() && impossible.isEmpty();
  }

  /** Whether rows are found by entries of an index, which a statement sees as of its start. */
  public boolean readsEntries() {
    return !index.index().primary();
  }

  /** The foreign key, as the catalog of the statement has it. */
  public Reference reference() {
    return reference;
  }

  /** The keys that no row has where the transaction reads; locks nothing. */
  public List<@Nullable Object[]> missing(Txn txn) {
    List<@Nullable Object[]> missing = new ArrayList<>(impossible);
    List<KeyBytes> keys = new ArrayList<>(wanted.keySet());
    List<byte @Nullable []> found = txn.getAll(keys.stream().map(KeyBytes::bytes).toList());
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i) == null) {
        missing.add(wanted.get(keys.get(i)));
      }
    }
    return missing;
  }

  /** Locks the rows with the keys; returns those keys that no row has. */
  public List<@Nullable Object[]> lock(Txn txn) {
    List<@Nullable Object[]> missing = new ArrayList<>(impossible);
    List<KeyBytes> keys = new ArrayList<>(wanted.keySet());
    for (int from = 0; from < keys.size(); from += RowLocks.BATCH_MAX) {
      lock(txn, keys.subList(from, Math.min(keys.size(), from + RowLocks.BATCH_MAX)), missing);
    }
    return missing;
  }

  private void lock(Txn txn, List<KeyBytes> keys, List<@Nullable Object[]> missing) {
    List<byte[]> entryKeys = keys.stream().map(KeyBytes::bytes).toList();
    List<byte[]> rowKeys = new ArrayList<>();
    List<KeyBytes> owners = new ArrayList<>();
    if (index.index().primary()) {
      rowKeys.addAll(entryKeys);
      owners.addAll(keys);
    } else {
      List<byte @Nullable []> entries = txn.getAll(entryKeys);
      for (int i = 0; i < entryKeys.size(); i++) {
        byte[] entry = entries.get(i);
        if (entry == null) {
          missing.add(wanted.get(keys.get(i)));
        } else {
          rowKeys.add(index.rowKey(entryKeys.get(i), entry));
          owners.add(keys.get(i));
        }
      }
    }
    List<LockedRow> grants = txn.lock(rowKeys, LockStrength.KEY_SHARE, LockWait.BLOCK);
    for (int i = 0; i < grants.size(); i++) {
      KeyBytes key = owners.get(i);
      if (!hasKey(grants.get(i), key)) {
        missing.add(wanted.get(key));
      }
    }
  }

  /** Whether the newest version of a row still has the key. */
  private boolean hasKey(LockedRow row, KeyBytes key) {
    byte[] value = row.value();
    return value != null
        && (index.index().primary()
            || Arrays.equals(
                index.entryKey(rows.reader().read(row.key(), value), encoder), key.bytes()));
  }
}
