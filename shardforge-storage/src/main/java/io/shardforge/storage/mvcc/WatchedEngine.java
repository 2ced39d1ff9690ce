package io.shardforge.storage.mvcc;

import io.shardforge.storage.engine.BulkLoad;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineMetrics;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.KeySpan;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An engine that tells a watcher, before every change and again after it, which rows it is about.
 */
public final class WatchedEngine implements Engine {
  private final Engine engine;
  private final RowWatcher watcher;

  public WatchedEngine(Engine engine, RowWatcher watcher) {
    this.engine = engine;
    this.watcher = watcher;
  }

  @Override
  public void write(WriteBatch batch) {
    watched(new RowWatcher.Written(batch), () -> engine.write(batch));
  }

  private void watched(RowWatcher.RowChange change, Runnable work) {
    watcher.begins(change);
    try {
      work.run();
    } finally {
      watcher.ended(change);
    }
  }

  @Override
  public BulkLoad bulkLoad(Family family) {
    BulkLoad load = engine.bulkLoad(family);
    return new BulkLoad() {
      private byte @Nullable [] first;
      private byte[] last = new byte[0];

      @Override
      public void put(
          byte[] buffer, int keyOffset, int keyLength, int valueOffset, int valueLength) {
        load.put(buffer, keyOffset, keyLength, valueOffset, valueLength);
        last = Arrays.copyOfRange(buffer, keyOffset, keyOffset + keyLength);
        if (first == null) {
          first = last;
        }
      }

      @Override
      public void finish() {
        byte[] from = first;
        if (from == null) {
          load.finish();
          return;
        }
        KeySpan span = new KeySpan(from, KeySpan.ofKey(last).end());
        watched(new RowWatcher.Replaced(family, span), load::finish);
      }

      @Override
      public void close() {
        load.close();
      }
    };
  }

  @Override
  public void dropSpan(Family family, KeySpan span) {
    watched(new RowWatcher.Replaced(family, span), () -> engine.dropSpan(family, span));
  }

  @Override
  public byte @Nullable [] get(Family family, byte[] key) {
    return engine.get(family, key);
  }

  @Override
  public EngineIterator iterator(Family family, KeySpan span) {
    return engine.iterator(family, span);
  }

  @Override
  public EngineSnapshot snapshot() {
    return engine.snapshot();
  }

  @Override
  public void flush() {
    engine.flush();
  }

  @Override
  public byte @Nullable [] getDurable(Family family, byte[] key) {
    return engine.getDurable(family, key);
  }

  @Override
  public long approximateSizeBytes(Family family, KeySpan span) {
    return engine.approximateSizeBytes(family, span);
  }

  @Override
  public void checkpoint(Path directory) {
    engine.checkpoint(directory);
  }

  @Override
  public EngineMetrics metrics() {
    return engine.metrics();
  }

  @Override
  public void close() {
    engine.close();
  }
}
