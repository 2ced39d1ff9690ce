package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/**
 * Up to {@link #CAPACITY} rows, column by column: what operators hand to each other. Owned by its
 * producer until the next pull.
 */
public final class RowBatch {
  public static final int CAPACITY = 1024;

  private final ColumnVector[] columns;
  private int size;

  public RowBatch(ColumnVector[] columns) {
    this.columns = columns;
  }

  public int size() {
    return size;
  }

  public void setSize(int rows) {
    size = rows;
  }

  public int width() {
    return columns.length;
  }

  public ColumnVector column(int ordinal) {
    return columns[ordinal];
  }

  public @Nullable Object get(int row, int column) {
    return columns[column].get(row);
  }

  public Cursor cursor() {
    return new Cursor();
  }

  /** A movable view of one row of this batch. */
  public final class Cursor implements Row {
    private int position;

    public void moveTo(int row) {
      position = row;
    }

    @Override
    public @Nullable Object get(int column) {
      return columns[column].get(position);
    }
  }
}
