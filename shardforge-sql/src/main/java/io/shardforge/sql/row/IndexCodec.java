package io.shardforge.sql.row;

import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The codec of one index's entries and of ranges of it; the primary index has rows for entries.
 * Immutable.
 *
 * <pre>
 *   unique            index columns                 -> primary key columns
 *   unique, a null    index columns, primary key    -> primary key columns   (nulls are distinct)
 *   not unique        index columns, primary key    -> nothing
 *   inverted          one of its keys, primary key  -> nothing               (any number a row)
 * </pre>
 *
 * Values end with the {@link IncludedColumns}, if there are any. "Primary key" is its columns as
 * the primary index encodes them, with their slot if the table is cut by hash, so that the row's
 * key is made by copying bytes. Rows are complete with the {@link DerivedValues} of their table.
 */
public final class IndexCodec {
  private static final byte[][] NO_KEYS = {};

  private final RowCodec rows;
  private final IndexDescriptor index;
  private final IndexKeyLayout layout;
  private final IndexKeyLayout primary;
  private final IncludedColumns included;
  private final int predicate;
  private final int[] invertedOrdinals;
  private final InvertedKeys[] inverted;

  public IndexCodec(RowCodec rows, IndexDescriptor index) {
    this.rows = rows;
    this.index = index;
    this.primary = rows.primary();
    this.included = new IncludedColumns(rows.table(), index, rows.codecs());
    this.predicate = rows.table().predicateOrdinal(index);
    this.layout =
        index.primary() ? rows.primary() : new IndexKeyLayout(rows.table(), index, rows.codecs());
    int invertedWidth = index.isInverted() ? index.columns().size() : 0;
    this.invertedOrdinals = new int[invertedWidth];
    this.inverted = new InvertedKeys[invertedWidth];
    for (int i = 0; i < invertedWidth; i++) {
      InvertedClass by = Objects.requireNonNull(index.columns().get(i).inverted());
      invertedOrdinals[i] = rows.table().keyOrdinal(index, i);
      inverted[i] = new InvertedKeys(by, rows.table().keyType(index, i), i);
    }
  }

  public IndexDescriptor index() {
    return index;
  }

  public TableDescriptor table() {
    return rows.table();
  }

  public int width() {
    return layout.width();
  }

  byte[] prefix() {
    return layout.prefix();
  }

  IndexKeyLayout layout() {
    return layout;
  }

  IndexKeyLayout primary() {
    return primary;
  }

  IncludedColumns included() {
    return included;
  }

  RowCodec rows() {
    return rows;
  }

  /** The ordinal of a key column. */
  public int keyOrdinal(int position) {
    return layout.ordinal(position);
  }

  /** Whether the index has an entry for a row. */
  public boolean holds(@Nullable Object[] row) {
    return predicate < 0 || Boolean.TRUE.equals(row[predicate]);
  }

  /** Whether a second row with the same entry key would violate the index. */
  public boolean isEntryUnique(@Nullable Object[] row) {
    return index.unique() && (index.nullsNotDistinct() || !layout.hasNull(row));
  }

  /**
   * Whether an entry under the row's key may be another row's: while a unique index is built, a row
   * without an entry may have the key of one that was added since.
   */
  public boolean isContested(@Nullable Object[] row) {
    return index.state() != IndexDescriptor.State.PUBLIC && isEntryUnique(row);
  }

  /** The keys of the entries for a row, in order: of an index that is not inverted, one or none. */
  public byte[][] entryKeys(@Nullable Object[] row, KeyEncoder scratch) {
    if (!holds(row)) {
      return NO_KEYS;
    }
    return inverted.length == 0
        ? new byte[][] {entryKey(row, scratch)}
        : invertedEntryKeys(row, scratch);
  }

  private byte[][] invertedEntryKeys(@Nullable Object[] row, KeyEncoder scratch) {
    Set<byte[]> keys = new TreeSet<>(Bytes::compare);
    for (int i = 0; i < inverted.length; i++) {
      Object value = row[invertedOrdinals[i]];
      if (value != null) {
        inverted[i].addKeys(value, keys);
      }
    }
    byte[][] entries = new byte[keys.size()][];
    int at = 0;
    for (byte[] key : keys) {
      putInvertedKey(key, scratch);
      primary.putColumns(row, scratch);
      entries[at++] = scratch.toByteArray();
    }
    return entries;
  }

  private void putInvertedKey(byte[] key, KeyEncoder out) {
    out.reset().putRaw(layout.prefix());
    layout.putValues(new Object[] {key}, 1, out);
  }

  /** The entries of an inverted index that have a key. */
  public KeySpan entriesOf(KeyDemand.Key key, KeyEncoder scratch) {
    putInvertedKey(key.key(), scratch);
    return KeySpan.ofPrefix(scratch.toByteArray());
  }

  /**
   * What a row must have in this inverted index so that {@code column operator operand} is true.
   */
  public KeyDemand demand(int position, String operator, @Nullable Object operand) {
    return inverted[position].demand(operator, operand);
  }

  /** The entry's key for a row that this index, which is not inverted, holds. */
  public byte[] entryKey(@Nullable Object[] row, KeyEncoder scratch) {
    scratch.reset().putRaw(layout.prefix());
    layout.putColumns(row, scratch);
    if (!index.primary() && !isEntryUnique(row)) {
      primary.putColumns(row, scratch);
    }
    return scratch.toByteArray();
  }

  /** The entry's value for a row, of a secondary index. */
  public byte[] entryValue(@Nullable Object[] row, KeyEncoder scratch) {
    if (!index.unique()) {
      return included.isEmpty() ? Bytes.EMPTY : included.pack(row);
    }
    scratch.reset();
    primary.putColumns(row, scratch);
    if (!included.isEmpty()) {
      scratch.putRaw(included.pack(row));
    }
    return scratch.toByteArray();
  }

  /**
   * The key for a full set of key column values that belongs to at most one row; null where a null
   * makes that impossible.
   */
  public byte @Nullable [] uniqueKey(@Nullable Object[] values, KeyEncoder scratch) {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value == null
          ? !index.nullsNotDistinct()
          : layout.codec(i).fit(value) != ValueCodec.Fit.EXACT) {
        return null;
      }
    }
    scratch.reset().putRaw(layout.prefix());
    layout.putValues(values, values.length, scratch);
    return scratch.toByteArray();
  }

  /** The row's key, from an entry of this secondary index. */
  public byte[] rowKey(
      byte[] keyBuffer,
      int keyOffset,
      int keyLength,
      byte[] valueBuffer,
      int valueOffset,
      int valueLength,
      KeyDecoder scratch) {
    byte[] prefix = primary.prefix();
    byte[] source;
    int from;
    int length;
    if (index.unique()) {
      source = valueBuffer;
      from = valueOffset;
      length = valueLength;
      if (!included.isEmpty()) {
        primary.skip(scratch.reset(valueBuffer, valueOffset, valueLength));
        length = scratch.position() - valueOffset;
      }
    } else {
      scratch.reset(keyBuffer, keyOffset, keyLength).skip(layout.prefix().length);
      layout.skip(scratch);
      source = keyBuffer;
      from = scratch.position();
      length = keyOffset + keyLength - from;
    }
    byte[] key = Arrays.copyOf(prefix, prefix.length + length);
    System.arraycopy(source, from, key, prefix.length, length);
    return key;
  }

  /** The row's key, from a whole entry. */
  public byte[] rowKey(byte[] key, byte[] value) {
    return rowKey(key, 0, key.length, value, 0, value.length, new KeyDecoder());
  }

  /** Whether entries alone give these columns exactly. */
  public boolean covers(int[] ordinals) {
    for (int ordinal : ordinals) {
      if (layout.exactPositionOf(ordinal) < 0
          && primary.exactPositionOf(ordinal) < 0
          && included.numberOf(ordinal) == 0) {
        return false;
      }
    }
    return true;
  }

  /** A reader of entries for columns that the index {@link #covers}. */
  public IndexReader reader(int[] ordinals) {
    return new IndexReader(this, ordinals);
  }

  /** The key column values of an entry key or of a row key of this index, as far as keys tell. */
  public @Nullable Object[] keyValues(byte[] key) {
    KeyDecoder in = new KeyDecoder(key).skip(layout.prefix().length);
    return layout.read(in);
  }

  /** Whether a key is one of this index. */
  public boolean owns(byte[] key) {
    return Bytes.startsWith(key, layout.prefix());
  }
}
