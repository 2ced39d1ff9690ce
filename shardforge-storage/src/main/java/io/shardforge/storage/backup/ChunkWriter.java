package io.shardforge.storage.backup;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The content of a chunk: entries in the order of their keys, each key without what it has in
 * common with the one before.
 *
 * <pre>
 * shared length | length of the rest | the rest | length of the value + 1, or 0 | value     …
 * </pre>
 *
 * <p>Numbers have seven bits a byte, the least first. An entry without a value says that the key is
 * gone. One thread.
 */
public final class ChunkWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
  private final boolean repeats;
  private byte[] last = {};
  private long entries;

  /** A chunk that has each key once. */
  public ChunkWriter() {
    this(false);
  }

  /**
   * A chunk that is filled.
   *
   * @param repeats whether a key may come several times, one after the other
   */
  public ChunkWriter(boolean repeats) {
    this.repeats = repeats;
  }

  /** Adds an entry; its key must come after the ones before. */
  public void add(byte[] key, byte @Nullable [] value) {
    if (entries > 0 && Arrays.compareUnsigned(last, key) >= (repeats ? 1 : 0)) {
      throw new IllegalArgumentException("keys out of order");
    }
    int differs = Arrays.mismatch(last, key);
    int shared = differs < 0 ? key.length : differs;
    putNumber(shared);
    putNumber(key.length - shared);
    out.write(key, shared, key.length - shared);
    putNumber(value == null ? 0 : value.length + 1);
    if (value != null) {
      out.writeBytes(value);
    }
    last = key;
    entries++;
  }

  public long entries() {
    return entries;
  }

  public int bytes() {
    return out.size();
  }

  public byte[] content() {
    return out.toByteArray();
  }

  private void putNumber(int number) {
    int rest = number;
    while (rest > 0x7F) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
