package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A RocksDB iterator bounded to a span; copies keys and values into buffers that it keeps. */
// Hot path: three native calls an entry, no allocation unless an entry outgrows the buffers.
final class RocksSpanIterator implements EngineIterator {
  private static final int KEY_CAPACITY = 128;
  private static final int VALUE_CAPACITY = 512;
  private static final int UNREAD = -1;

  private final RocksIterator iterator;
  private final KeySpan span;
  private final ReadOptions options;
  private final @Nullable Slice lower;
  private final @Nullable Slice upper;
  private final AtomicLong openViews;
  private final BiFunction<String, RocksDBException, ShardForgeException> failures;
  private byte[] key = new byte[KEY_CAPACITY];
  private byte[] value = new byte[VALUE_CAPACITY];
  private int keyLength = UNREAD;
  private int valueLength = UNREAD;
  private boolean valid;
  private boolean closed;

  RocksSpanIterator(
      RocksIterator iterator,
      KeySpan span,
      ReadOptions options,
      @Nullable Slice lower,
      @Nullable Slice upper,
      AtomicLong openViews,
      BiFunction<String, RocksDBException, ShardForgeException> failures) {
    this.iterator = iterator;
    this.span = span;
    this.options = options;
    this.lower = lower;
    this.upper = upper;
    this.openViews = openViews;
    this.failures = failures;
  }

  @Override
  public boolean seekToFirst() {
    checkOpen();
    iterator.seekToFirst();
    return moved();
  }

  @Override
  public boolean seekToLast() {
    checkOpen();
    iterator.seekToLast();
    return moved();
  }

  @Override
  public boolean seek(byte[] target) {
    if (Bytes.compare(target, span.start()) < 0) {
      return seekToFirst();
    }
    checkOpen();
    iterator.seek(target);
    return moved();
  }

  @Override
  public boolean seekForPrev(byte[] target) {
    if (!span.isBeforeEnd(target)) {
      return seekToLast();
    }
    checkOpen();
    iterator.seekForPrev(target);
    return moved();
  }

  @Override
  public boolean next() {
    checkPosition();
    iterator.next();
    return moved();
  }

  @Override
  public boolean prev() {
    checkPosition();
    iterator.prev();
    return moved();
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public byte[] keyBuffer() {
    keyLength();
    return key;
  }

  @Override
  public int keyLength() {
    if (keyLength == UNREAD) {
      checkPosition();
      int length = iterator.key(key);
      if (length > key.length) {
        key = iterator.key();
      }
      keyLength = length;
    }
    return keyLength;
  }

  @Override
  public byte[] valueBuffer() {
    valueLength();
    return value;
  }

  @Override
  public int valueLength() {
    if (valueLength == UNREAD) {
      checkPosition();
      int length = iterator.value(value);
      if (length > value.length) {
        value = iterator.value();
      }
      valueLength = length;
    }
    return valueLength;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    valid = false;
    iterator.close();
    options.close();
    if (lower != null) {
      lower.close();
    }
    if (upper != null) {
      upper.close();
    }
    openViews.decrementAndGet();
  }

  private boolean moved() {
    keyLength = UNREAD;
    valueLength = UNREAD;
    valid = iterator.isValid();
    if (!valid) {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw failures.apply("iteration", e);
      }
    }
    return valid;
  }

  private void checkPosition() {
    if (!valid) {
      throw new IllegalStateException("the iterator is not on an entry");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the iterator is closed");
    }
  }
}
