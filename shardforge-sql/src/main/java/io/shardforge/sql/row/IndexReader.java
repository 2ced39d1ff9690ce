package io.shardforge.sql.row;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.storage.key.KeyDecoder;
import java.util.Arrays;

/** A decoder of chosen columns from the entries of a secondary index. One thread at a time. */
public final class IndexReader {
  private final IndexCodec codec;
  private final IndexKeyLayout.Picks fromIndex;
  private final IndexKeyLayout.Picks fromPrimary;
  private final int[] duplicates;

  /** By output slot, the number of the included column that it comes from, or 0. */
  private final int[] includedNumbers;

  private final boolean readsIncluded;
  private final RowLayout.View view = new RowLayout.View();
  private final KeyDecoder in = new KeyDecoder();

  IndexReader(IndexCodec codec, int[] ordinals) {
    if (!codec.covers(ordinals)) {
      throw new IllegalArgumentException(
          "index " + codec.index().name() + " lacks some of columns " + Arrays.toString(ordinals));
    }
    this.codec = codec;
    duplicates = new int[ordinals.length];
    includedNumbers = new int[ordinals.length];
    boolean anyIncluded = false;
    int[] index = ordinals.clone();
    int[] primary = ordinals.clone();
    for (int i = 0; i < ordinals.length; i++) {
      duplicates[i] = -1;
      for (int j = 0; j < i && duplicates[i] < 0; j++) {
        if (ordinals[j] == ordinals[i]) {
          duplicates[i] = j;
        }
      }
      boolean inIndex = codec.layout().exactPositionOf(ordinals[i]) >= 0;
      boolean inPrimary = codec.primary().exactPositionOf(ordinals[i]) >= 0;
      if (duplicates[i] >= 0 || !inIndex) {
        index[i] = -1;
      }
      if (duplicates[i] >= 0 || inIndex) {
        primary[i] = -1;
      }
      if (duplicates[i] < 0 && !inIndex && !inPrimary) {
        includedNumbers[i] = codec.included().numberOf(ordinals[i]);
        anyIncluded = true;
      }
    }
    readsIncluded = anyIncluded;
    fromIndex = codec.layout().picks(index);
    fromPrimary = codec.primary().picks(primary);
  }

  /** Decodes an entry into a batch's row. */
  public void readInto(
      byte[] keyBuffer,
      int keyOffset,
      int keyLength,
      byte[] valueBuffer,
      int valueOffset,
      int valueLength,
      RowBatch out,
      int row) {
    in.reset(keyBuffer, keyOffset, keyLength).skip(codec.layout().columnsOffset());
    boolean primaryInKey = !codec.index().unique();
    int[] slots = fromIndex.slots();
    int positions =
        fromPrimary.slots().length > 0 && primaryInKey ? codec.layout().width() : slots.length;
    pick(codec.layout(), slots, positions, out, row);
    if (fromPrimary.slots().length > 0) {
      if (!primaryInKey) {
        in.reset(valueBuffer, valueOffset, valueLength);
      }
      codec.primary().skipSlot(in);
      pick(codec.primary(), fromPrimary.slots(), fromPrimary.slots().length, out, row);
    }
    if (readsIncluded) {
      readIncluded(valueBuffer, valueOffset, valueLength, out, row);
    }
    for (int i = 0; i < duplicates.length; i++) {
      if (duplicates[i] >= 0) {
        out.column(i).set(row, out.get(row, duplicates[i]));
      }
    }
  }

  private void readIncluded(byte[] buffer, int offset, int length, RowBatch out, int row) {
    int start = offset;
    if (codec.index().unique()) {
      codec.primary().skip(in.reset(buffer, offset, length));
      start = in.position();
    }
    view.reset(buffer, start, offset + length - start);
    for (int i = 0; i < includedNumbers.length; i++) {
      int number = includedNumbers[i];
      if (number == 0) {
        continue;
      }
      if (view.find(number)) {
        codec
            .included()
            .codec(number)
            .readInto(buffer, view.offset, view.length, out.column(i), row);
      } else {
        out.column(i).setNull(row);
      }
    }
  }

  private void pick(IndexKeyLayout layout, int[] slots, int positions, RowBatch out, int row) {
    for (int i = 0; i < positions; i++) {
      if (i >= slots.length || slots[i] < 0) {
        layout.codec(i).skipKey(in, layout.order(i));
      } else {
        layout.codec(i).readKeyInto(in, layout.order(i), out.column(slots[i]), row);
      }
    }
  }
}
