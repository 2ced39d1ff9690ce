package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups of an aggregation, numbered from 0 in the order of their first rows. */
sealed interface GroupTable {
  /** The table for these group columns: one number is looked up without objects. */
  static GroupTable of(int[] columns, List<SqlType> types) {
    boolean isLong =
        columns.length == 1
            && PgTypes.byOid(types.get(columns[0]).oid()).representation()
                == PgType.Representation.LONG;
    return isLong ? new ByLong(columns[0]) : new ByTuple(columns, types);
  }

  /** The table for the keys of two sides that are equal where SQL says so. */
  static GroupTable ofKeys(List<SqlType> probing, List<SqlType> kept) {
    int[] columns = new int[kept.size()];
    boolean alike = true;
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i;
      alike &=
          PgTypes.byOid(probing.get(i).oid()).representation()
              == PgTypes.byOid(kept.get(i).oid()).representation();
    }
    return alike ? of(columns, kept) : new ByTuple(columns, kept);
  }

  int size();

  /** The group of a row, or -1. */
  int find(RowBatch batch, int row);

  /** Adds a group for a row that has none. */
  int add(RowBatch batch, int row);

  /** What {@link #add} would take of the heap. */
  long newGroupBytes(RowBatch batch, int row);

  int hash(RowBatch batch, int row);

  /** Puts the group's key into the first places of an output row. */
  void keyInto(int group, @Nullable Object[] target);

  /** Groups by any columns. */
  final class ByTuple implements GroupTable {
    private final int[] columns;
    private final KeyTable keys;
    private final @Nullable Object[] probe;

    private ByTuple(int[] columns, List<SqlType> types) {
      this.columns = columns;
      this.keys = new KeyTable(Arrays.stream(columns).mapToObj(types::get).toList());
      this.probe = new @Nullable Object[columns.length];
    }

    private @Nullable Object[] key(RowBatch batch, int row) {
      for (int i = 0; i < columns.length; i++) {
        probe[i] = batch.get(row, columns[i]);
      }
      return probe;
    }

    @Override
    public int size() {
      return keys.size();
    }

    @Override
    public int find(RowBatch batch, int row) {
      return keys.find(key(batch, row));
    }

    @Override
    public int add(RowBatch batch, int row) {
      return keys.findOrAdd(key(batch, row).clone());
    }

    @Override
    public long newGroupBytes(RowBatch batch, int row) {
      return RowSize.of(key(batch, row)) + KeyTable.OVERHEAD_BYTES;
    }

    @Override
    public int hash(RowBatch batch, int row) {
      return keys.hash(key(batch, row));
    }

    @Override
    public void keyInto(int group, @Nullable Object[] target) {
      System.arraycopy(keys.key(group), 0, target, 0, columns.length);
    }
  }

  /** Groups by one column of numbers; null is a group, too. */
  final class ByLong implements GroupTable {
    private static final int CAPACITY_FIRST = 256;
    private static final int GROUP_BYTES = 32;

    private final int column;
    private int[] slots = new int[CAPACITY_FIRST];
    private long[] keys = new long[CAPACITY_FIRST / 2];
    private int size;
    private int nullGroup = -1;

    private ByLong(int column) {
      this.column = column;
      Arrays.fill(slots, -1);
    }

    private static int hashOf(long key) {
      long h = key * 0x9E3779B97F4A7C15L;
      return (int) (h ^ h >>> 32);
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int find(RowBatch batch, int row) {
      ColumnVector vector = batch.column(column);
      if (vector.isNull(row)) {
        return nullGroup;
      }
      long key = vector.longs()[row];
      int mask = slots.length - 1;
      for (int slot = hashOf(key) & mask; slots[slot] >= 0; slot = slot + 1 & mask) {
        int group = slots[slot];
        if (keys[group] == key && group != nullGroup) {
          return group;
        }
      }
      return -1;
    }

    @Override
    public int add(RowBatch batch, int row) {
      if (size == keys.length) {
        grow();
      }
      ColumnVector vector = batch.column(column);
      if (vector.isNull(row)) {
        nullGroup = size;
      } else {
        keys[size] = vector.longs()[row];
        place(size);
      }
      return size++;
    }

    private void place(int group) {
      int mask = slots.length - 1;
      int slot = hashOf(keys[group]) & mask;
      while (slots[slot] >= 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = group;
    }

    private void grow() {
      keys = Arrays.copyOf(keys, keys.length * 2);
      slots = new int[slots.length * 2];
      Arrays.fill(slots, -1);
      for (int group = 0; group < size; group++) {
        if (group != nullGroup) {
          place(group);
        }
      }
    }

    @Override
    public long newGroupBytes(RowBatch batch, int row) {
      return GROUP_BYTES;
    }

    @Override
    public int hash(RowBatch batch, int row) {
      ColumnVector vector = batch.column(column);
      return vector.isNull(row) ? 0 : hashOf(vector.longs()[row]);
    }

    @Override
    public void keyInto(int group, @Nullable Object[] target) {
      target[0] = group == nullGroup ? null : (Long) keys[group];
    }
  }
}
