package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows kept in memory column by column, numbered from 0; only ever added to. */
final class ColumnStore {
  private static final int FIRST_ROWS = 16;
  private static final int CHUNK_BITS = 10;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_ROWS - 1;

  private final List<SqlType> types;
  private final List<RowBatch> chunks = new ArrayList<>();
  private int firstCapacity;
  private int size;

  ColumnStore(List<SqlType> types) {
    this.types = types;
  }

  int size() {
    return size;
  }

  /** Adds a copy of a row; returns its number. */
  int add(RowBatch batch, int row) {
    int at = size & CHUNK_MASK;
    if (size == firstCapacity && size < CHUNK_ROWS) {
      growFirst();
    } else if (at == 0) {
      chunks.add(BatchBuilder.newBatch(types, CHUNK_ROWS));
    }
    RowBatch chunk = chunks.getLast();
    for (int i = 0; i < chunk.width(); i++) {
      BatchBuilder.copy(batch.column(i), row, chunk.column(i), at);
    }
    chunk.setSize(at + 1);
    return size++;
  }

  /** The first chunk begins small: most stores have few rows, and some are made again and again. */
  private void growFirst() {
    firstCapacity = Math.max(FIRST_ROWS, 2 * firstCapacity);
    RowBatch larger = BatchBuilder.newBatch(types, firstCapacity);
    if (chunks.isEmpty()) {
      chunks.add(larger);
      return;
    }
    RowBatch before = chunks.getFirst();
    for (int i = 0; i < larger.width(); i++) {
      for (int row = 0; row < size; row++) {
        BatchBuilder.copy(before.column(i), row, larger.column(i), row);
      }
    }
    chunks.set(0, larger);
  }

  /** What a row takes of the heap. */
  static long bytesOf(RowBatch batch, int row) {
    long bytes = (long) Long.BYTES * batch.width();
    for (int i = 0; i < batch.width(); i++) {
      ColumnVector column = batch.column(i);
      if (column.layout() == ColumnVector.Layout.OBJECT && !column.isNull(row)) {
        bytes += RowSize.ofValue(column.objects()[row]);
      }
    }
    return bytes;
  }

  @Nullable Object get(int row, int column) {
    return chunks.get(row >> CHUNK_BITS).get(row & CHUNK_MASK, column);
  }

  /** All rows, in batches that are not to be changed. */
  List<RowBatch> chunks() {
    return chunks;
  }

  /** Copies a column of some rows; a row below 0 stands for null. */
  void gather(int column, int[] rows, int count, ColumnVector target) {
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (row < 0) {
        target.setNull(i);
      } else {
        BatchBuilder.copy(
            chunks.get(row >> CHUNK_BITS).column(column), row & CHUNK_MASK, target, i);
      }
    }
  }
}
