package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys that rows got which a statement wrote, for one DEFERRABLE key of their table. Who makes a
 * key holds a lock of it until the transaction has ended, so that two never do at once; the lock is
 * of what would be the entry if there could be only one.
 */
public final class NewKeys {
  private static final long KEY_BYTES = 120;

  private final TableDescriptor table;
  private final IndexDescriptor descriptor;
  private final MemoryBudget memory;
  private final IndexCodec index;
  private final int[] ordinals;
  private final KeyEncoder encoder = new KeyEncoder();
  private final Map<KeyBytes, @Nullable Object[]> keys = new LinkedHashMap<>();

  public NewKeys(TableDescriptor table, IndexDescriptor descriptor, MemoryBudget memory) {
    this.table = table;
    this.descriptor = descriptor;
    this.memory = memory;
    this.index = new IndexCodec(RowCodec.of(table), descriptor);
    this.ordinals =
        IntStream.range(0, descriptor.columns().size()).map(index::keyOrdinal).toArray();
  }

  public TableDescriptor table() {
    return table;
  }

  public IndexDescriptor index() {
    return descriptor;
  }

  /** Notes the key of a row. */
  void add(@Nullable Object[] row) {
    @Nullable Object[] values = TableKeys.values(row, ordinals);
    if (!isLikeNoOther(values)) {
      add(values, encodedKey(values));
    }
  }

  /** Whether a null makes the key one of its own. */
  private boolean isLikeNoOther(@Nullable Object[] values) {
    return !descriptor.nullsNotDistinct() && TableKeys.hasNull(values);
  }

  /** Notes a key. */
  public void addKey(@Nullable Object[] values) {
    add(values, encodedKey(values));
  }

  private void add(@Nullable Object[] values, byte[] bytes) {
    if (keys.putIfAbsent(new KeyBytes(bytes), values) == null) {
      memory.reserve(bytes.length + RowSize.of(values) + KEY_BYTES);
    }
  }

  private byte[] encodedKey(@Nullable Object[] values) {
    byte[] bytes = index.uniqueKey(values, encoder);
    if (bytes == null) {
      throw new IllegalStateException("a key with a value that its column cannot have");
    }
    return bytes;
  }

  /** Notes the key of a changed row, unless it had the same before. */
  void updated(@Nullable Object[] before, @Nullable Object[] after) {
    @Nullable Object[] values = TableKeys.values(after, ordinals);
    if (isLikeNoOther(values)) {
      return;
    }
    byte[] bytes = encodedKey(values);
    @Nullable Object[] old = TableKeys.values(before, ordinals);
    if (isLikeNoOther(old) || !Arrays.equals(bytes, encodedKey(old))) {
      add(values, bytes);
    }
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** The keys, each once. */
  public List<@Nullable Object[]> values() {
    return new ArrayList<>(keys.values());
  }

  /** Waits for whoever makes one of the keys, and keeps others from it. */
  public void lock(Txn txn) {
    List<byte[]> locked = keys.keySet().stream().map(KeyBytes::bytes).toList();
    for (int from = 0; from < locked.size(); from += RowLocks.BATCH_MAX) {
      var _ =
          txn.lock(
              locked.subList(from, Math.min(locked.size(), from + RowLocks.BATCH_MAX)),
              LockStrength.UPDATE,
              LockWait.BLOCK);
    }
  }

  /** The error for a key that several rows have. */
  public ShardForgeException duplicate(@Nullable Object[] values, Execution execution) {
    return ConstraintErrors.duplicate(index, encodedKey(values), execution);
  }
}
