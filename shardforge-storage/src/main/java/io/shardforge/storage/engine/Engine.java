package io.shardforge.storage.engine;

import io.shardforge.storage.key.KeySpan;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Ordered maps of bytes, one per {@link Family}, on some device.
 *
 * <p>There is no log beneath: what {@link #write} wrote survives a crash only once a flush has
 * covered it, and flushes cover all families up to the same batch. What was lost is replayed from
 * the Raft log; {@link #getDurable} tells from where.
 */
public non-sealed interface Engine extends EngineReader, AutoCloseable {
  /** A view that later writes do not change. */
  EngineSnapshot snapshot();

  default WriteBatch newBatch() {
    return new WriteBatch();
  }

  /** Makes all changes of the batch visible at once; not yet durable. */
  void write(WriteBatch batch);

  /** Begins to bring many entries of a family in at once. */
  BulkLoad bulkLoad(Family family);

  /** Makes everything written so far durable. */
  void flush();

  /** The value that the key would have after a crash now, or null. */
  byte @Nullable [] getDurable(Family family, byte[] key);

  /**
   * Removes a span that has an end cheaply and for good: its space is freed at once, and neither
   * snapshots nor crash safety are honoured. Flush first whatever voids the data.
   */
  void dropSpan(Family family, KeySpan span);

  /** About how many bytes a span takes on the device and in memory. */
  long approximateSizeBytes(Family family, KeySpan span);

  /** Makes a consistent, durable copy of the whole engine in a directory that must not exist. */
  void checkpoint(Path directory);

  /** Figures for metrics and back-pressure. */
  EngineMetrics metrics();

  /** Flushes and lets go of everything; iterators and snapshots must have been closed before. */
  @Override
  void close();
}
