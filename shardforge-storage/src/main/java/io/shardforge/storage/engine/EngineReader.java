package io.shardforge.storage.engine;

import io.shardforge.storage.key.KeySpan;
import org.jspecify.annotations.Nullable;

/** Something to read from: an engine as it is now, or one of its snapshots. */
public sealed interface EngineReader
    permits AscendingReader, Engine, EngineSnapshot, PendingReader {
  /** The value of a key, or null. The array is the caller's. */
  byte @Nullable [] get(Family family, byte[] key);

  /**
   * An iterator over a span that sees the state of the moment it was made. It starts unpositioned
   * and must be closed.
   */
  EngineIterator iterator(Family family, KeySpan span);
}
