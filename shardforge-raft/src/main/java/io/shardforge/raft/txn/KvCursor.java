package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvPage;
import org.jspecify.annotations.Nullable;

/** The rows of a scan, page by page; for the transaction's thread. */
public interface KvCursor extends AutoCloseable {
  /** The next rows, never an empty page; null after the last. */
  @Nullable KvPage next();

  /** Drops what has not been read. Reading on afterwards finds nothing. */
  @Override
  void close();
}
