package io.shardforge.sql.row;

import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyExpression;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.HashSlots;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import org.jspecify.annotations.Nullable;

/**
 * The key columns of an index: which (of a row that is complete with derived values), how encoded,
 * in which order; and, ahead of those of the primary index of a table that is cut by hash, their
 * slot. An inverted index has one column instead, of none of the row's: a key of {@link
 * InvertedKeys}. Immutable.
 */
final class IndexKeyLayout {
  private static final ValueCodec INVERTED = ValueCodec.of(SqlType.of(PgOid.BYTEA));

  private final byte[] prefix;
  private final int[] ordinals;
  private final ValueCodec[] codecs;
  private final KeyOrder[] orders;
  private final boolean slotted;

  IndexKeyLayout(TableDescriptor table, IndexDescriptor index, ValueCodec[] tableCodecs) {
    prefix = RowCodec.prefix(table, index);
    slotted = table.isSlotted(index);
    if (index.isInverted()) {
      ordinals = new int[] {-1};
      codecs = new ValueCodec[] {INVERTED};
      orders = new KeyOrder[] {KeyOrder.ASC_NULLS_LAST};
      return;
    }
    int width = index.columns().size();
    ordinals = new int[width];
    codecs = new ValueCodec[width];
    orders = new KeyOrder[width];
    for (int i = 0; i < width; i++) {
      IndexDescriptor.KeyColumn column = index.columns().get(i);
      KeyExpression expression = column.expression();
      ordinals[i] = table.keyOrdinal(index, i);
      codecs[i] = expression == null ? tableCodecs[ordinals[i]] : ValueCodec.of(expression.type());
      orders[i] = KeyOrder.of(column.descending(), column.nullsFirst());
      if (!codecs[i].isKeyable()) {
        throw new ShardForgeException(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "index \"%s\": the type of column %d cannot be indexed".formatted(index.name(), i + 1));
      }
    }
  }

  byte[] prefix() {
    return prefix;
  }

  /** Whether keys have a slot ahead of the columns, so that only whole keys are near each other. */
  boolean isSlotted() {
    return slotted;
  }

  int width() {
    return ordinals.length;
  }

  int ordinal(int position) {
    return ordinals[position];
  }

  ValueCodec codec(int position) {
    return codecs[position];
  }

  KeyOrder order(int position) {
    return orders[position];
  }

  /** The key position from which a column can be read back exactly, or -1. */
  int exactPositionOf(int ordinal) {
    for (int i = 0; i < ordinals.length; i++) {
      if (ordinals[i] == ordinal && !codecs[i].isKeyLossy()) {
        return i;
      }
    }
    return -1;
  }

  /** Appends the key columns of a row. */
  void putColumns(@Nullable Object[] row, KeyEncoder out) {
    int start = startColumns(out);
    for (int i = 0; i < ordinals.length; i++) {
      codecs[i].putKey(row[ordinals[i]], orders[i], out);
    }
    endColumns(start, out);
  }

  /** Appends the values of the leading key columns; of an index with slots, of all or none. */
  void putValues(@Nullable Object[] values, int count, KeyEncoder out) {
    if (slotted && count == 0) {
      return;
    }
    if (slotted && count != ordinals.length) {
      throw new IllegalArgumentException(
          count + " of " + ordinals.length + " columns have no slot");
    }
    int start = startColumns(out);
    for (int i = 0; i < count; i++) {
      codecs[i].putKey(values[i], orders[i], out);
    }
    endColumns(start, out);
  }

  private int startColumns(KeyEncoder out) {
    if (slotted) {
      out.putRawByte(0).putRawByte(0);
    }
    return out.length();
  }

  private void endColumns(int start, KeyEncoder out) {
    if (slotted) {
      int slot = HashSlots.of(out.buffer(), start, out.length());
      Bytes.putShort(out.buffer(), start - HashSlots.BYTES, (short) slot);
    }
  }

  /** Passes over what is ahead of the key columns, after the prefix. */
  void skipSlot(KeyDecoder in) {
    if (slotted) {
      in.skip(HashSlots.BYTES);
    }
  }

  /** How many bytes are ahead of the key columns in a whole key. */
  int columnsOffset() {
    return prefix.length + (slotted ? HashSlots.BYTES : 0);
  }

  boolean hasNull(@Nullable Object[] row) {
    for (int ordinal : ordinals) {
      if (row[ordinal] == null) {
        return true;
      }
    }
    return false;
  }

  /** Passes over slot and key columns. */
  void skip(KeyDecoder in) {
    skipSlot(in);
    for (int i = 0; i < ordinals.length; i++) {
      codecs[i].skipKey(in, orders[i]);
    }
  }

  /** Reads all key columns, such as for the detail of an error. */
  @Nullable Object[] read(KeyDecoder in) {
    skipSlot(in);
    @Nullable Object[] values = new @Nullable Object[ordinals.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = codecs[i].readKey(in, orders[i]);
    }
    return values;
  }

  /**
   * What key columns some outputs come from.
   *
   * @param slots by key position, the output slot or -1; ends with the last position needed
   */
  record Picks(int[] slots) {}

  /** For each key position the output slot of {@code wanted} that reads it, -1 for none. */
  Picks picks(int[] wanted) {
    int[] slots = new int[ordinals.length];
    java.util.Arrays.fill(slots, -1);
    int needed = 0;
    for (int slot = 0; slot < wanted.length; slot++) {
      int position = wanted[slot] < 0 ? -1 : exactPositionOf(wanted[slot]);
      if (position >= 0) {
        slots[position] = slot;
        needed = Math.max(needed, position + 1);
      }
    }
    return new Picks(java.util.Arrays.copyOf(slots, needed));
  }
}
