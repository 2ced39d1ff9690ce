package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.SqlType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The rows of a join's right side by key: a chain of rows a key, in order of arrival. */
final class JoinTable implements AutoCloseable {
  private static final int NONE = -1;
  private static final int FIRST_ROWS = 64;

  private final Execution execution;
  private final boolean keepsNulls;
  private final GroupTable keys;
  private final ColumnStore rows;
  private final BitSet matched = new BitSet();
  private int[] firstByKey = new int[FIRST_ROWS];
  private int[] lastByKey = new int[FIRST_ROWS];
  private int[] nextByRow = new int[FIRST_ROWS];
  private long reservedBytes;

  /**
   * @param keys an empty table for keys as {@link JoinKeys} gives them
   * @param keepsNulls whether rows with a null in the key, which match nothing, are kept too
   */
  JoinTable(GroupTable keys, List<SqlType> rowTypes, boolean keepsNulls, Execution execution) {
    this.execution = execution;
    this.keepsNulls = keepsNulls;
    this.keys = keys;
    this.rows = new ColumnStore(rowTypes);
  }

  /** Adds a copy of a row; false if there is no memory left for it. */
  boolean add(RowBatch rowKeys, RowBatch batch, int row) {
    boolean hasNull = JoinKeys.hasNull(rowKeys, row);
    if (hasNull && !keepsNulls) {
      return true;
    }
    int key = hasNull ? NONE : keys.find(rowKeys, row);
    boolean isNewKey = !hasNull && key < 0;
    long bytes = ColumnStore.bytesOf(batch, row) + Integer.BYTES;
    if (isNewKey) {
      bytes += keys.newGroupBytes(rowKeys, row) + 2 * Integer.BYTES;
    }
    if (!execution.memory().tryReserve(bytes)) {
      return false;
    }
    reservedBytes += bytes;
    int at = rows.add(batch, row);
    if (at == nextByRow.length) {
      nextByRow = Arrays.copyOf(nextByRow, at * 2);
    }
    nextByRow[at] = NONE;
    if (isNewKey) {
      key = keys.add(rowKeys, row);
      if (key == firstByKey.length) {
        firstByKey = Arrays.copyOf(firstByKey, key * 2);
        lastByKey = Arrays.copyOf(lastByKey, key * 2);
      }
      firstByKey[key] = at;
      lastByKey[key] = at;
    } else if (key >= 0) {
      nextByRow[lastByKey[key]] = at;
      lastByKey[key] = at;
    }
    return true;
  }

  ColumnStore rows() {
    return rows;
  }

  /** The first row with the key of a row of the other side, or -1. */
  int first(RowBatch otherKeys, int row) {
    int key = JoinKeys.hasNull(otherKeys, row) ? NONE : keys.find(otherKeys, row);
    return key < 0 ? NONE : firstByKey[key];
  }

  /** The next row with the same key, or -1. */
  int following(int at) {
    return nextByRow[at];
  }

  int hash(RowBatch rowKeys, int row) {
    return keys.hash(rowKeys, row);
  }

  void setMatched(int at) {
    matched.set(at);
  }

  /** The first row from here on that nothing matched, or -1. */
  int nextUnmatched(int from) {
    int at = matched.nextClearBit(from);
    return at < rows.size() ? at : NONE;
  }

  @Override
  public void close() {
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }
}
