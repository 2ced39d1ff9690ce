package io.shardforge.sql.row;

import org.jspecify.annotations.Nullable;

/** Chosen columns of a table's rows and where each is found. Immutable; makes readers. */
public final class RowProjection {
  final int[] slots;
  final ValueCodec[] codecs;
  final int[] numbers;
  final @Nullable Object[] missing;
  final IndexKeyLayout primary;
  final IndexKeyLayout.Picks fromKey;
  final int[] duplicates;
  final boolean hasDuplicates;
  final int width;

  RowProjection(RowCodec codec, int[] ordinals) {
    width = ordinals.length;
    primary = codec.primary();
    int[] wanted = ordinals.clone();
    duplicates = new int[width];
    boolean anyDuplicate = false;
    // A column wanted twice is read once and copied.
    for (int i = 0; i < width; i++) {
      duplicates[i] = -1;
      for (int j = 0; j < i && wanted[i] >= 0; j++) {
        if (ordinals[j] == ordinals[i]) {
          duplicates[i] = j;
          wanted[i] = -1;
          anyDuplicate = true;
        }
      }
    }
    hasDuplicates = anyDuplicate;
    fromKey = primary.picks(wanted);
    int stored = 0;
    for (int ordinal : wanted) {
      if (ordinal >= 0 && primary.exactPositionOf(ordinal) < 0) {
        stored++;
      }
    }
    slots = new int[stored];
    codecs = new ValueCodec[stored];
    numbers = new int[stored];
    missing = new @Nullable Object[stored];
    int n = 0;
    for (int slot = 0; slot < width; slot++) {
      int ordinal = wanted[slot];
      if (ordinal >= 0 && primary.exactPositionOf(ordinal) < 0) {
        slots[n] = slot;
        codecs[n] = codec.column(ordinal);
        numbers[n] = codec.number(ordinal);
        missing[n] = codec.missing(ordinal);
        n++;
      }
    }
  }

  public int width() {
    return width;
  }

  /** A reader for one thread. */
  public RowReader reader() {
    return new RowReader(this);
  }
}
