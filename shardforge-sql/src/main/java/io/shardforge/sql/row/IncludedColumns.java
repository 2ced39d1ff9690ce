package io.shardforge.sql.row;

import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns whose values an index's entries have beside the key, packed like a row whose columns
 * they are, numbered from 1. Immutable.
 */
final class IncludedColumns {
  private final int[] ordinals;
  private final ValueCodec[] codecs;

  IncludedColumns(TableDescriptor table, IndexDescriptor index, ValueCodec[] tableCodecs) {
    // A row has all its columns.
    List<Integer> numbers = index.primary() ? List.of() : index.included();
    ordinals = numbers.stream().mapToInt(table::ordinalOfNumber).toArray();
    codecs = new ValueCodec[ordinals.length];
    for (int i = 0; i < codecs.length; i++) {
      codecs[i] = tableCodecs[ordinals[i]];
    }
  }

  boolean isEmpty() {
    return ordinals.length == 0;
  }

  /** The number that a column is packed with, 0 if it is none of these. */
  int numberOf(int ordinal) {
    for (int i = 0; i < ordinals.length; i++) {
      if (ordinals[i] == ordinal) {
        return i + 1;
      }
    }
    return 0;
  }

  ValueCodec codec(int number) {
    return codecs[number - 1];
  }

  byte[] pack(@Nullable Object[] row) {
    RowCodec.Scratch scratch = new RowCodec.Scratch();
    scratch.prepare(ordinals.length);
    for (int i = 0; i < ordinals.length; i++) {
      Object value = row[ordinals[i]];
      scratch.present[i] = value != null;
      if (value != null) {
        codecs[i].write(value, scratch.data);
      }
      scratch.starts[i + 1] = scratch.data.size();
    }
    return RowLayout.pack(ordinals.length, scratch.present, scratch.starts, scratch.data);
  }
}
