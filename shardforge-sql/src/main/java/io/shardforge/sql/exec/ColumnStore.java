package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows kept in memory column by column, numbered from 0; only ever added to. */
final class ColumnStore {
  private static final int CHUNK_BITS = 10;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_ROWS - 1;

  private final List<SqlType> types;
  private final List<RowBatch> chunks = new ArrayList<>();
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
    if (at == 0) {
      chunks.add(BatchBuilder.newBatch(types, CHUNK_ROWS));
    }
    RowBatch chunk = chunks.getLast();
    for (int i = 0; i < chunk.width(); i++) {
      BatchBuilder.copy(batch.column(i), row, chunk.column(i), at);
    }
    chunk.setSize(at + 1);
    return size++;
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

  @Nullable Object[] row(int row) {
    return BatchBuilder.row(chunks.get(row >> CHUNK_BITS), row & CHUNK_MASK);
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
