package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch being filled row by row; the vectors are reused from batch to batch. They begin short:
 * most statements have a few rows, and to clear memory for many would cost more.
 */
final class BatchBuilder {
  /** Rows that there is room for at first. */
  static final int FIRST_CAPACITY = 64;

  private static final int GROWTH = 4;

  private final List<SqlType> types;
  private final int width;
  private final int capacityMax;
  private RowBatch batch;
  private int capacity;
  private int size;
  private boolean handedOut;

  BatchBuilder(List<SqlType> types) {
    this(types, RowBatch.CAPACITY);
  }

  BatchBuilder(List<SqlType> types, int capacity) {
    this.types = types;
    this.width = types.size();
    this.capacityMax = capacity;
    this.capacity = Math.min(FIRST_CAPACITY, capacity);
    this.batch = newBatch(types, this.capacity);
  }

  /** An empty batch for rows of these types. */
  static RowBatch newBatch(List<SqlType> types, int capacity) {
    ColumnVector[] columns = new ColumnVector[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = newVector(types.get(i), capacity);
    }
    return new RowBatch(columns);
  }

  static ColumnVector newVector(SqlType type, int capacity) {
    return new ColumnVector(
        switch (PgTypes.byOid(type.oid()).representation()) {
          case BOOLEAN -> ColumnVector.Layout.BOOLEAN;
          case LONG -> ColumnVector.Layout.LONG;
          case DOUBLE -> ColumnVector.Layout.DOUBLE;
          case OBJECT -> ColumnVector.Layout.OBJECT;
        },
        capacity);
  }

  boolean isFull() {
    return !handedOut && size == capacityMax;
  }

  boolean isEmpty() {
    return handedOut || size == 0;
  }

  private int nextRow() {
    if (handedOut) {
      clear();
    }
    if (size == capacity) {
      grow();
    }
    return size++;
  }

  private void grow() {
    capacity = Math.min(GROWTH * capacity, capacityMax);
    RowBatch grown = newBatch(types, capacity);
    for (int i = 0; i < width; i++) {
      for (int row = 0; row < size; row++) {
        copy(batch.column(i), row, grown.column(i), row);
      }
    }
    batch = grown;
  }

  private void clear() {
    for (int i = 0; i < width; i++) {
      batch.column(i).clear();
    }
    size = 0;
    handedOut = false;
  }

  void add(@Nullable Object[] row) {
    int at = nextRow();
    for (int i = 0; i < width; i++) {
      batch.column(i).set(at, row[i]);
    }
  }

  /** Adds left columns, then right columns; null for a side stands for a row of nulls. */
  void add(@Nullable Object @Nullable [] left, int leftWidth, @Nullable Object @Nullable [] right) {
    int at = nextRow();
    for (int i = 0; i < leftWidth; i++) {
      batch.column(i).set(at, left == null ? null : left[i]);
    }
    for (int i = leftWidth; i < width; i++) {
      batch.column(i).set(at, right == null ? null : right[i - leftWidth]);
    }
  }

  /** Adds a copy of a row of another batch of the same types. */
  void add(RowBatch source, int row) {
    int at = nextRow();
    for (int i = 0; i < width; i++) {
      copy(source.column(i), row, batch.column(i), at);
    }
  }

  /** The filled batch, or null if nothing was added; the next add starts over. */
  @Nullable RowBatch take() {
    if (isEmpty()) {
      return null;
    }
    batch.setSize(size);
    handedOut = true;
    return batch;
  }

  static void copy(ColumnVector source, int from, ColumnVector target, int to) {
    if (source.isNull(from)) {
      target.setNull(to);
      return;
    }
    switch (target.layout()) {
      case BOOLEAN, LONG -> target.setLong(to, source.longs()[from]);
      case DOUBLE -> target.setDouble(to, source.doubles()[from]);
      case OBJECT -> target.set(to, source.objects()[from]);
    }
  }

  /** Copies some rows of a column; a row below 0 stands for null. */
  static void gather(ColumnVector source, int[] rows, int count, ColumnVector target) {
    boolean hasNulls = source.hasNulls();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (row < 0 || (hasNulls && source.isNull(row))) {
        target.setNull(i);
        continue;
      }
      switch (source.layout()) {
        case BOOLEAN, LONG -> target.longs()[i] = source.longs()[row];
        case DOUBLE -> target.doubles()[i] = source.doubles()[row];
        case OBJECT -> target.objects()[i] = source.objects()[row];
      }
    }
  }

  static @Nullable Object[] row(RowBatch batch, int row) {
    @Nullable Object[] values = new @Nullable Object[batch.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = batch.get(row, i);
    }
    return values;
  }
}
