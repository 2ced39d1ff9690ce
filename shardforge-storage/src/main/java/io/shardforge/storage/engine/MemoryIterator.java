package io.shardforge.storage.engine;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A cursor over one version of a memory engine's family. */
final class MemoryIterator implements EngineIterator {
  private final PersistentMap map;
  private final KeySpan span;
  private final AtomicLong openViews;
  private PersistentMap.@Nullable Entry entry;
  private boolean closed;

  MemoryIterator(PersistentMap map, KeySpan span, AtomicLong openViews) {
    this.map = map;
    this.span = span;
    this.openViews = openViews;
  }

  @Override
  public boolean seekToFirst() {
    return settle(map.atOrAfter(span.start(), false));
  }

  @Override
  public boolean seekToLast() {
    return settle(span.hasEnd() ? map.atOrBefore(span.end(), true) : map.last());
  }

  @Override
  public boolean seek(byte[] key) {
    return Bytes.compare(key, span.start()) < 0 ? seekToFirst() : settle(map.atOrAfter(key, false));
  }

  @Override
  public boolean seekForPrev(byte[] key) {
    return span.isBeforeEnd(key) ? settle(map.atOrBefore(key, false)) : seekToLast();
  }

  @Override
  public boolean next() {
    return settle(map.atOrAfter(position().key(), true));
  }

  @Override
  public boolean prev() {
    return settle(map.atOrBefore(position().key(), true));
  }

  @Override
  public boolean isValid() {
    return entry != null;
  }

  @Override
  public byte[] keyBuffer() {
    return position().key();
  }

  @Override
  public int keyLength() {
    return position().key().length;
  }

  @Override
  public byte[] valueBuffer() {
    return position().value();
  }

  @Override
  public int valueLength() {
    return position().value().length;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      entry = null;
      openViews.decrementAndGet();
    }
  }

  private boolean settle(PersistentMap.@Nullable Entry candidate) {
    if (closed) {
      throw new IllegalStateException("the iterator is closed");
    }
    entry = candidate != null && span.contains(candidate.key()) ? candidate : null;
    return entry != null;
  }

  private PersistentMap.Entry position() {
    PersistentMap.Entry at = entry;
    if (at == null) {
      throw new IllegalStateException("the iterator is not on an entry");
    }
    return at;
  }
}
