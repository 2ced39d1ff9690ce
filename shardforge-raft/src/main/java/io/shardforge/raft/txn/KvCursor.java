package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.storage.key.KeySpan;
import org.jspecify.annotations.Nullable;

/** The rows of a scan, page by page; for the transaction's thread. */
public interface KvCursor extends AutoCloseable {
  /**
   * The next rows, never an empty page unless {@link #workedRows} were worked off; null after the
   * last.
   */
  @Nullable KvPage next();

  /**
   * From now on has other nodes send what they make of their rows, see {@link PageWork}, where no
   * writes of the transaction itself lie among them; null ends that.
   *
   * @param readsAll whether the rest will be read to its end, so that shards are read beside each
   *     other
   */
  default void work(byte @Nullable [] work, boolean readsAll) {}

  /** How many rows the last page was made of so, or less than 0 if it has the rows themselves. */
  default long workedRows() {
    return KvResult.Page.PLAIN;
  }

  /** What the last page covers of the span. */
  KeySpan covered();

  /** Drops what has not been read. Reading on afterwards finds nothing. */
  @Override
  void close();
}
