package io.shardforge.storage.engine;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import java.util.Objects;

/**
 * Changes that an engine writes all together or not at all, in this order. Holds plain arrays, not
 * copied, and no native memory; needs no closing. For one thread.
 */
public final class WriteBatch {
  private static final int CAPACITY_FIRST = 8;

  private Kind[] kinds = new Kind[CAPACITY_FIRST];
  private Family[] families = new Family[CAPACITY_FIRST];
  private byte[][] keys = new byte[CAPACITY_FIRST][];
  private byte[][] values = new byte[CAPACITY_FIRST][];
  private int count;
  private long sizeBytes;

  /** What one change does. */
  public enum Kind {
    PUT,
    DELETE,
    DELETE_RANGE
  }

  public WriteBatch put(Family family, byte[] key, byte[] value) {
    return add(Kind.PUT, family, key, value);
  }

  public WriteBatch delete(Family family, byte[] key) {
    return add(Kind.DELETE, family, key, Bytes.EMPTY);
  }

  /** Deletes every key of a span that has an end. */
  public WriteBatch deleteRange(Family family, KeySpan span) {
    if (!span.hasEnd()) {
      throw new IllegalArgumentException("a range to delete needs an end: " + span);
    }
    return span.isEmpty() ? this : add(Kind.DELETE_RANGE, family, span.start(), span.end());
  }

  /** Forgets all changes, to use the batch again. */
  public void clear() {
    Arrays.fill(keys, 0, count, Bytes.EMPTY);
    Arrays.fill(values, 0, count, Bytes.EMPTY);
    count = 0;
    sizeBytes = 0;
  }

  /** The number of changes. */
  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** The bytes of all keys and values. */
  public long sizeBytes() {
    return sizeBytes;
  }

  public Kind kind(int index) {
    return kinds[checkIndex(index)];
  }

  public Family family(int index) {
    return families[checkIndex(index)];
  }

  /** The key, or the start of a deleted range. */
  public byte[] key(int index) {
    return keys[checkIndex(index)];
  }

  /** The value, or the end of a deleted range; empty for a deleted key. */
  public byte[] value(int index) {
    return values[checkIndex(index)];
  }

  /**
   * The newest change of the key: its index, or -1 if the batch does not touch it. Linear: batches
   * that are read while they grow use {@link PendingReader}.
   */
  int lastChangeOf(Family family, byte[] key, int below) {
    for (int i = below - 1; i >= 0; i--) {
      if (families[i] == family && touches(i, key)) {
        return i;
      }
    }
    return -1;
  }

  private boolean touches(int index, byte[] key) {
    return kinds[index] == Kind.DELETE_RANGE
        ? Bytes.compare(key, keys[index]) >= 0 && Bytes.compare(key, values[index]) < 0
        : Arrays.equals(keys[index], key);
  }

  private WriteBatch add(Kind kind, Family family, byte[] key, byte[] value) {
    if (count == kinds.length) {
      int capacity = count * 2;
      kinds = Arrays.copyOf(kinds, capacity);
      families = Arrays.copyOf(families, capacity);
      keys = Arrays.copyOf(keys, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    kinds[count] = kind;
    families[count] = family;
    keys[count] = key;
    values[count] = value;
    count++;
    sizeBytes += key.length + value.length;
    return this;
  }

  private int checkIndex(int index) {
    return Objects.checkIndex(index, count);
  }
}
