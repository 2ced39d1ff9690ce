package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.State;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RelationUse.Count;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.PlanNode.ViewCheck;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowIds;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The writer of one table's rows and index entries in one execution: what INSERT, UPDATE, DELETE
 * and COPY share. Rows are arrays in the order of the table's columns.
 *
 * <p>Entries that must be unique are inserted only by {@link #flush}, after all rows of an UPDATE
 * have given up their old entries: {@code SET id = id + 1} then finds no duplicate in its own way.
 */
final class TableWriter {
  private static final byte[] NO_VALUE = {};
  private static final byte[][] NO_ENTRIES = {};

  private final TableCodecs codecs;
  private final TableDescriptor table;
  private final int[] generated;
  private final List<Expression> rules;
  private final List<ViewCheck> viewChecks;
  private final Execution execution;
  private final RelationUse use;
  private final Txn txn;
  private final KeyEncoder encoder = new KeyEncoder();
  private final RowCodec.Scratch scratch = new RowCodec.Scratch();
  private final ArrayRow checkedRow = new ArrayRow();
  private final boolean[] required;
  private final int rowIdOrdinal;
  private final @Nullable TableKeys keys;
  private final @Nullable SuccessorWriter successor;
  private List<Deferred> deferred = List.of();
  private long deferredBytes;

  /** What is done to a key; a new one cannot be there yet. */
  private enum Kind {
    INSERT,
    INSERT_NEW,
    PUT,
    DELETE
  }

  /** A write put off to the end of the statement; unique ones demand that the key is free. */
  private record Deferred(byte[] key, byte[] value, boolean unique) {}

  /**
   * @param rules the values of generated columns, then the checks; none to write no rows but only
   *     to delete some
   */
  TableWriter(TableCodecs codecs, List<Expression> rules, Execution execution) {
    this(codecs, rules, List.of(), execution);
  }

  /**
   * The same for rows that come through views.
   *
   * @param viewChecks what the views want of them, innermost first
   */
  TableWriter(
      TableCodecs codecs, List<Expression> rules, List<ViewCheck> viewChecks, Execution execution) {
    this(codecs, rules, viewChecks, execution, TableKeys.of(codecs, execution));
  }

  /**
   * The same for a table of which others judge the keys.
   *
   * @param keys null if nothing is to be done about keys
   */
  TableWriter(
      TableCodecs codecs,
      List<Expression> rules,
      List<ViewCheck> viewChecks,
      Execution execution,
      @Nullable TableKeys keys) {
    this.codecs = codecs;
    this.table = codecs.table();
    this.rules = rules;
    this.viewChecks = viewChecks;
    List<ColumnDescriptor> columns = table.columns();
    this.generated =
        IntStream.range(0, columns.size()).filter(i -> columns.get(i).generated()).toArray();
    this.execution = execution;
    this.use = execution.use(table.id());
    this.txn = execution.txn();
    this.required = codecs.required();
    this.rowIdOrdinal = codecs.rowIdOrdinal();
    this.keys = keys;
    this.successor = SuccessorWriter.of(table, execution);
    execution.written(this);
  }

  TableCodecs codecs() {
    return codecs;
  }

  KeyEncoder encoder() {
    return encoder;
  }

  /** Gives a new row its hidden id and its generated values; judges NOT NULL and CHECK. */
  void check(@Nullable Object[] row) {
    prepare(row);
    for (int i = generated.length; i < rules.size(); i++) {
      // A check that is null holds.
      if (Boolean.FALSE.equals(rules.get(i).eval(checkedRow.with(row), execution))) {
        String name = table.checks().get(i - generated.length).name();
        throw ConstraintErrors.check(table, name, row, execution);
      }
    }
  }

  /** The same without CHECK, which a row that is there already may violate. */
  void prepare(@Nullable Object[] row) {
    if (rowIdOrdinal >= 0 && row[rowIdOrdinal] == null) {
      row[rowIdOrdinal] = RowIds.next(txn.startTimestamp());
    }
    for (int i = 0; i < generated.length; i++) {
      row[generated[i]] = rules.get(i).eval(checkedRow.with(row), execution);
    }
    for (int i = 0; i < required.length; i++) {
      if (required[i] && row[i] == null) {
        ColumnDescriptor column = table.columns().get(i);
        throw ConstraintErrors.notNull(table, column, row, execution);
      }
    }
  }

  /** Judges a row that was checked by the views that it comes through, before it is written. */
  void admit(@Nullable Object[] row) {
    for (int i = 0; i < viewChecks.size(); i++) {
      // Unlike a check, a view has only the rows for which its condition is true.
      if (!Boolean.TRUE.equals(
          viewChecks.get(i).condition().eval(checkedRow.with(row), execution))) {
        throw ConstraintErrors.viewCheck(table, viewChecks.get(i).view(), row, execution);
      }
    }
  }

  /** The row with what indexes have of it beyond its columns. */
  @Nullable Object[] complete(@Nullable Object[] row) {
    return codecs.derived().complete(row, execution);
  }

  byte[] key(@Nullable Object[] row) {
    return codecs.rows().key(row, encoder);
  }

  /** Writes a row that was checked. */
  void insert(@Nullable Object[] row) {
    insert(row, key(row));
  }

  private void insert(@Nullable Object[] row, byte[] key) {
    use.add(Count.INSERTED, 1);
    if (keys != null) {
      keys.inserted(row);
    }
    byte[] stored = codecs.rows().value(row, scratch);
    if (rowIdOrdinal >= 0) {
      // A row id is unique by the way it is made: no lock and no look at the shard is needed.
      write(Kind.INSERT_NEW, key, stored);
    } else {
      insertEntry(key, stored);
    }
    List<IndexCodec> secondary = codecs.secondary();
    @Nullable Object[] complete = complete(row);
    for (int i = 0; i < secondary.size(); i++) {
      IndexCodec index = secondary.get(i);
      if (index.index().state() == State.DELETE_ONLY) {
        continue;
      }
      for (byte[] entry : index.entryKeys(complete, encoder)) {
        byte[] value = index.entryValue(complete, encoder);
        if (index.isEntryUnique(complete)) {
          insertEntry(entry, value);
        } else {
          putEntry(entry, value);
        }
      }
    }
    if (successor != null) {
      successor.inserted(row);
    }
  }

  /** Writes a row that was checked over whatever has its key, in a table without other indexes. */
  void replace(@Nullable Object[] row) {
    use.add(Count.INSERTED, 1);
    if (keys != null) {
      keys.inserted(row);
    }
    putEntry(key(row), codecs.rows().value(row, scratch));
  }

  private void insertEntry(byte[] key, byte[] value) {
    write(Kind.INSERT, key, value);
  }

  private void putEntry(byte[] key, byte[] value) {
    write(Kind.PUT, key, value);
  }

  private void deleteEntry(byte[] key) {
    write(Kind.DELETE, key, NO_VALUE);
  }

  private void write(Kind kind, byte[] key, byte[] value) {
    if (execution.defersWrites()) {
      execution.deferWrite(key.length + value.length, () -> writeNow(kind, key, value));
    } else {
      writeNow(kind, key, value);
    }
  }

  /**
   * A duplicate may be known at once, or when this write makes the transaction ship earlier ones.
   */
  private void writeNow(Kind kind, byte[] key, byte[] value) {
    try {
      switch (kind) {
        case INSERT -> txn.insert(codecs.version(), key, value);
        case INSERT_NEW -> txn.insertNew(codecs.version(), key, value);
        case PUT -> txn.put(codecs.version(), key, value);
        case DELETE -> txn.delete(codecs.version(), key);
      }
    } catch (KvException e) {
      throw execution.explain(e);
    }
  }

  void delete(@Nullable Object[] row) {
    use.add(Count.DELETED, 1);
    if (keys != null) {
      keys.deleted(row);
    }
    deleteEntry(key(row));
    List<IndexCodec> secondary = codecs.secondary();
    @Nullable Object[] complete = complete(row);
    for (int i = 0; i < secondary.size(); i++) {
      for (byte[] entry : secondary.get(i).entryKeys(complete, encoder)) {
        dropEntry(secondary.get(i), entry, complete);
      }
    }
    if (successor != null) {
      successor.deleted(row);
    }
  }

  /** Takes an entry of a row from an index. */
  private void dropEntry(IndexCodec index, byte[] entry, @Nullable Object[] complete) {
    if (!index.isContested(complete)) {
      deleteEntry(entry);
      return;
    }
    byte[] rowKey = key(complete);
    if (execution.defersWrites()) {
      execution.deferWrite(
          entry.length + rowKey.length, () -> deleteOwnEntry(index, entry, rowKey));
    } else {
      deleteOwnEntry(index, entry, rowKey);
    }
  }

  /**
   * Takes an entry away if it is there and the row's. What is seen is the newest state, and the
   * lock keeps it so: whoever builds the index cannot add the entry any more.
   */
  private void deleteOwnEntry(IndexCodec index, byte[] entry, byte[] rowKey) {
    byte[] value = txn.lock(List.of(entry), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
    if (value != null && Arrays.equals(index.rowKey(entry, value), rowKey)) {
      writeNow(Kind.DELETE, entry, NO_VALUE);
    }
  }

  /** Replaces a row by one that was checked; {@link #flush} must follow at the end. */
  void update(@Nullable Object[] before, @Nullable Object[] after) {
    use.add(Count.UPDATED, 1);
    if (keys != null) {
      keys.updated(before, after);
    }
    byte[] oldKey = key(before);
    byte[] newKey = key(after);
    byte[] value = codecs.rows().value(after, scratch);
    boolean moved = !Arrays.equals(oldKey, newKey);
    if (moved) {
      deleteEntry(oldKey);
      defer(newKey, value, true);
    } else {
      putEntry(newKey, value);
    }
    List<IndexCodec> secondary = codecs.secondary();
    @Nullable Object[] completeBefore = complete(before);
    @Nullable Object[] completeAfter = complete(after);
    for (int i = 0; i < secondary.size(); i++) {
      updateEntry(secondary.get(i), completeBefore, completeAfter, moved);
    }
    if (successor != null) {
      successor.updated(before, after);
    }
  }

  /** Writes a row that was checked in the place of one that is not there; as {@link #update}. */
  void insertLater(@Nullable Object[] row) {
    defer(key(row), codecs.rows().value(row, scratch), true);
    @Nullable Object[] complete = complete(row);
    for (IndexCodec index : codecs.secondary()) {
      for (byte[] entry : index.entryKeys(complete, encoder)) {
        defer(entry, index.entryValue(complete, encoder), index.isEntryUnique(complete));
      }
    }
  }

  private void updateEntry(
      IndexCodec index, @Nullable Object[] before, @Nullable Object[] after, boolean moved) {
    byte[][] newEntries =
        index.index().state() == State.DELETE_ONLY ? NO_ENTRIES : index.entryKeys(after, encoder);
    byte[][] oldEntries = index.entryKeys(before, encoder);
    // The row may have moved under an entry of its own, or a value beside the key changed.
    boolean rewrites = moved || !index.index().included().isEmpty();
    boolean contested = index.isContested(after);
    for (byte[] entry : oldEntries) {
      if (!has(newEntries, entry) || (rewrites && contested)) {
        dropEntry(index, entry, before);
      }
    }
    boolean unique = index.isEntryUnique(after);
    for (byte[] entry : newEntries) {
      boolean kept = has(oldEntries, entry);
      if (kept && !rewrites) {
        continue;
      }
      byte[] value = index.entryValue(after, encoder);
      if (kept && !contested) {
        putEntry(entry, value);
      } else if (moved || unique) {
        defer(entry, value, unique);
      } else {
        putEntry(entry, value);
      }
    }
  }

  private static boolean has(byte[][] ordered, byte[] entry) {
    return Arrays.binarySearch(ordered, entry, Bytes::compare) >= 0;
  }

  private void defer(byte[] key, byte[] value, boolean unique) {
    if (deferred.isEmpty()) {
      deferred = new ArrayList<>();
    }
    long bytes = key.length + value.length + 88L;
    execution.memory().reserve(bytes);
    deferredBytes += bytes;
    deferred.add(new Deferred(key, value, unique));
  }

  /** Writes what updates put off. */
  void flush() {
    if (successor != null) {
      successor.flush();
    }
    if (deferred.isEmpty()) {
      return;
    }
    for (Deferred write : deferred) {
      if (write.unique) {
        insertEntry(write.key, write.value);
      } else {
        putEntry(write.key, write.value);
      }
    }
    deferred = List.of();
    execution.memory().release(deferredBytes);
    deferredBytes = 0;
  }

  /** The error for a key that exists already, or null if it is none of this table's. */
  @Nullable ShardForgeException duplicate(byte[] key) {
    if (codecs.primary().owns(key)) {
      return ConstraintErrors.duplicate(codecs.primary(), key, execution);
    }
    for (IndexCodec index : codecs.secondary()) {
      if (index.owns(key)) {
        return ConstraintErrors.duplicate(index, key, execution);
      }
    }
    return null;
  }
}
