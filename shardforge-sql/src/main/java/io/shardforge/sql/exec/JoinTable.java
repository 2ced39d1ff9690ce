package io.shardforge.sql.exec;

import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of a join's right side by key: a chain of rows a key, in order of arrival. */
final class JoinTable implements AutoCloseable {
  private static final int NONE = -1;

  private final Execution execution;
  private final boolean keepsNulls;
  private final KeyTable keys;
  private final BitSet matched = new BitSet();
  private List<@Nullable Object[]> rows = new ArrayList<>();
  private int[] firstByKey = new int[64];
  private int[] lastByKey = new int[64];
  private int[] nextByRow = new int[64];
  private long reservedBytes;

  /**
   * @param keepsNulls whether rows with a null in the key, which match nothing, are kept too
   */
  JoinTable(List<SqlType> keyTypes, boolean keepsNulls, Execution execution) {
    this.execution = execution;
    this.keepsNulls = keepsNulls;
    this.keys = new KeyTable(keyTypes);
  }

  KeyTable keys() {
    return keys;
  }

  /** Adds a row; false if there is no memory left for it. */
  boolean add(@Nullable Object[] key, @Nullable Object[] row) {
    boolean hasNull = hasNull(key);
    if (hasNull && !keepsNulls) {
      return true;
    }
    long bytes = RowSize.of(row) + 24 + 8L * key.length + KeyTable.OVERHEAD_BYTES + 16;
    if (!execution.memory().tryReserve(bytes)) {
      return false;
    }
    reservedBytes += bytes;
    int at = rows.size();
    rows.add(row);
    if (at == nextByRow.length) {
      nextByRow = Arrays.copyOf(nextByRow, at * 2);
    }
    nextByRow[at] = NONE;
    if (hasNull) {
      return true;
    }
    int before = keys.size();
    int id = keys.findOrAdd(key);
    if (keys.size() == before) {
      nextByRow[lastByKey[id]] = at;
    } else {
      if (id == firstByKey.length) {
        firstByKey = Arrays.copyOf(firstByKey, id * 2);
        lastByKey = Arrays.copyOf(lastByKey, id * 2);
      }
      firstByKey[id] = at;
    }
    lastByKey[id] = at;
    return true;
  }

  static boolean hasNull(@Nullable Object[] key) {
    for (Object value : key) {
      if (value == null) {
        return true;
      }
    }
    return false;
  }

  int size() {
    return rows.size();
  }

  @Nullable Object[] row(int at) {
    return rows.get(at);
  }

  /** The first row with this key, or -1. */
  int first(@Nullable Object[] key) {
    int id = keys.find(key);
    return id < 0 ? NONE : firstByKey[id];
  }

  /** The next row with the same key, or -1. */
  int following(int at) {
    return nextByRow[at];
  }

  void setMatched(int at) {
    matched.set(at);
  }

  /** The first row from here on that nothing matched, or -1. */
  int nextUnmatched(int from) {
    int at = matched.nextClearBit(from);
    return at < rows.size() ? at : NONE;
  }

  void drainTo(Consumer<@Nullable Object[]> target) {
    rows.forEach(target);
    close();
  }

  @Override
  public void close() {
    rows = List.of();
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }
}
