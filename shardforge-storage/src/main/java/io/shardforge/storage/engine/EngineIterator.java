package io.shardforge.storage.engine;

import java.util.Arrays;

/**
 * A cursor over one span of one family. Every move returns whether the cursor is on an entry; once
 * it has left the span only a seek brings it back. For one thread at a time.
 */
public interface EngineIterator extends AutoCloseable {
  /** Moves to the first entry of the span. */
  boolean seekToFirst();

  /** Moves to the last entry of the span. */
  boolean seekToLast();

  /** Moves to the first entry at or after the key. */
  boolean seek(byte[] key);

  /** Moves to the last entry at or before the key. */
  boolean seekForPrev(byte[] key);

  /** Moves forward; only where the cursor is on an entry. */
  boolean next();

  /** Moves backward; only where the cursor is on an entry. */
  boolean prev();

  boolean isValid();

  /** A buffer that starts with the key; the iterator's own, valid until the next move. */
  byte[] keyBuffer();

  int keyLength();

  /** A buffer that starts with the value; the iterator's own, valid until the next move. */
  byte[] valueBuffer();

  int valueLength();

  /** A copy of the key. */
  default byte[] key() {
    return Arrays.copyOf(keyBuffer(), keyLength());
  }

  /** A copy of the value. */
  default byte[] value() {
    return Arrays.copyOf(valueBuffer(), valueLength());
  }

  @Override
  void close();
}
