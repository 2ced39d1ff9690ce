package io.shardforge.sql.row;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.storage.key.KeyDecoder;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of chosen columns of a table's rows, straight from the bytes of key and value. Used by
 * one thread at a time.
 */
// Hot path: no allocation but the values themselves.
public final class RowReader {
  private final RowProjection columns;
  private final RowLayout.View view = new RowLayout.View();
  private final KeyDecoder keyDecoder = new KeyDecoder();

  RowReader(RowProjection columns) {
    this.columns = columns;
  }

  /** Decodes into an array. */
  public void read(
      byte[] keyBuffer,
      int keyOffset,
      int keyLength,
      byte[] valueBuffer,
      int valueOffset,
      int valueLength,
      @Nullable Object[] out) {
    int[] keySlots = columns.fromKey.slots();
    if (keySlots.length > 0) {
      keyDecoder.reset(keyBuffer, keyOffset, keyLength).skip(columns.primary.columnsOffset());
      for (int i = 0; i < keySlots.length; i++) {
        if (keySlots[i] < 0) {
          columns.primary.codec(i).skipKey(keyDecoder, columns.primary.order(i));
        } else {
          out[keySlots[i]] = columns.primary.codec(i).readKey(keyDecoder, columns.primary.order(i));
        }
      }
    }
    int[] slots = columns.slots;
    if (slots.length > 0) {
      view.reset(valueBuffer, valueOffset, valueLength);
      for (int i = 0; i < slots.length; i++) {
        if (view.lacks(columns.numbers[i])) {
          out[slots[i]] = columns.missing[i];
        } else if (view.find(columns.numbers[i])) {
          out[slots[i]] = columns.codecs[i].read(valueBuffer, view.offset, view.length);
        } else {
          out[slots[i]] = null;
        }
      }
    }
    for (int i = 0; columns.hasDuplicates && i < columns.width; i++) {
      if (columns.duplicates[i] >= 0) {
        out[i] = out[columns.duplicates[i]];
      }
    }
  }

  /** Decodes into an array that was not filled before. */
  public @Nullable Object[] read(byte[] key, byte[] value) {
    @Nullable Object[] out = new @Nullable Object[columns.width];
    read(key, 0, key.length, value, 0, value.length, out);
    return out;
  }

  /** Decodes into a batch's row. */
  public void readInto(
      byte[] keyBuffer,
      int keyOffset,
      int keyLength,
      byte[] valueBuffer,
      int valueOffset,
      int valueLength,
      RowBatch out,
      int row) {
    int[] keySlots = columns.fromKey.slots();
    if (keySlots.length > 0) {
      keyDecoder.reset(keyBuffer, keyOffset, keyLength).skip(columns.primary.columnsOffset());
      for (int i = 0; i < keySlots.length; i++) {
        if (keySlots[i] < 0) {
          columns.primary.codec(i).skipKey(keyDecoder, columns.primary.order(i));
        } else {
          columns
              .primary
              .codec(i)
              .readKeyInto(keyDecoder, columns.primary.order(i), out.column(keySlots[i]), row);
        }
      }
    }
    int[] slots = columns.slots;
    if (slots.length > 0) {
      view.reset(valueBuffer, valueOffset, valueLength);
      for (int i = 0; i < slots.length; i++) {
        ColumnVector vector = out.column(slots[i]);
        if (view.lacks(columns.numbers[i])) {
          vector.set(row, columns.missing[i]);
        } else if (view.find(columns.numbers[i])) {
          columns.codecs[i].readInto(valueBuffer, view.offset, view.length, vector, row);
        } else {
          vector.setNull(row);
        }
      }
    }
    for (int i = 0; columns.hasDuplicates && i < columns.width; i++) {
      if (columns.duplicates[i] >= 0) {
        out.column(i).set(row, out.get(row, columns.duplicates[i]));
      }
    }
  }
}
