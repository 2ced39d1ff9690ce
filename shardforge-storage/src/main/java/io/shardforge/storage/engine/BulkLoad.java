package io.shardforge.storage.engine;

/**
 * Many entries of one family on their way into an engine at once: for copies of whole spans, where
 * writing them batch by batch would take several times as long. For one thread.
 *
 * <p>Nothing of it can be read before {@link #finish}. A crash while that runs may leave some of
 * the entries and not others, so whoever loads must be able to tell afterwards.
 */
public interface BulkLoad extends AutoCloseable {
  /** Adds an entry that lies in a buffer; the keys must ascend. */
  void put(byte[] buffer, int keyOffset, int keyLength, int valueOffset, int valueLength);

  /** Makes the entries visible and durable, in the place of what their keys had before. */
  void finish();

  /** Lets go of what was not finished. */
  @Override
  void close();
}
