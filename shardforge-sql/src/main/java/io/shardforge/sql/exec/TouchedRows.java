package io.shardforge.sql.exec;

import java.util.HashSet;
import java.util.Set;

/** The keys of the rows that a statement has changed so far. */
final class TouchedRows implements AutoCloseable {
  private static final int OVERHEAD_BYTES = 72;

  private final Execution execution;
  private final Set<KeyBytes> keys = new HashSet<>();
  private long reservedBytes;

  TouchedRows(Execution execution) {
    this.execution = execution;
  }

  /** False if the key was there before. */
  boolean add(byte[] key) {
    if (!keys.add(new KeyBytes(key))) {
      return false;
    }
    long bytes = (long) key.length + OVERHEAD_BYTES;
    execution.memory().reserve(bytes);
    reservedBytes += bytes;
    return true;
  }

  @Override
  public void close() {
    keys.clear();
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }
}
