package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.KeySpan;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/** A RocksDB snapshot with the read options that name it. */
final class RocksSnapshot implements EngineSnapshot {
  private final RocksEngine engine;
  private final Snapshot snapshot;
  private final ReadOptions options;
  private boolean closed;

  RocksSnapshot(RocksEngine engine, Snapshot snapshot) {
    this.engine = engine;
    this.snapshot = snapshot;
    this.options = new ReadOptions().setSnapshot(snapshot);
  }

  @Override
  public byte @Nullable [] get(Family family, byte[] key) {
    checkOpen();
    return engine.get(family, key, options);
  }

  @Override
  public EngineIterator iterator(Family family, KeySpan span) {
    checkOpen();
    return engine.iterator(family, span, snapshot);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      options.close();
      engine.release(snapshot);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the snapshot is closed");
    }
  }
}
