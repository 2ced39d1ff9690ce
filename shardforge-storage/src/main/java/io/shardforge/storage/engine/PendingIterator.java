package io.shardforge.storage.engine;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A merge of an engine's entries with a batch's pending ones; a null pending value hides a key. */
final class PendingIterator implements EngineIterator {
  private final EngineIterator base;
  private final NavigableMap<byte[], byte @Nullable []> pending;
  private byte @Nullable [] key;
  private byte[] value = Bytes.EMPTY;

  PendingIterator(
      EngineIterator base, NavigableMap<byte[], byte @Nullable []> pending, KeySpan span) {
    this.base = base;
    NavigableMap<byte[], byte @Nullable []> inside =
        span.hasEnd()
            ? pending.subMap(span.start(), true, span.end(), false)
            : pending.tailMap(span.start(), true);
    this.pending = new TreeMap<>(inside);
  }

  @Override
  public boolean seekToFirst() {
    return forward(base.seekToFirst(), pending.firstEntry());
  }

  @Override
  public boolean seekToLast() {
    return backward(base.seekToLast(), pending.lastEntry());
  }

  @Override
  public boolean seek(byte[] target) {
    return forward(base.seek(target), pending.ceilingEntry(target));
  }

  @Override
  public boolean seekForPrev(byte[] target) {
    return backward(base.seekForPrev(target), pending.floorEntry(target));
  }

  @Override
  public boolean next() {
    byte[] from = position();
    boolean baseValid = base.seek(Bytes.successor(from));
    return forward(baseValid, pending.higherEntry(from));
  }

  @Override
  public boolean prev() {
    byte[] from = position();
    boolean baseValid = base.seekForPrev(from);
    if (baseValid && Arrays.equals(base.key(), from)) {
      baseValid = base.prev();
    }
    return backward(baseValid, pending.lowerEntry(from));
  }

  @Override
  public boolean isValid() {
    return key != null;
  }

  @Override
  public byte[] keyBuffer() {
    return position();
  }

  @Override
  public int keyLength() {
    return position().length;
  }

  @Override
  public byte[] valueBuffer() {
    position();
    return value;
  }

  @Override
  public int valueLength() {
    return valueBuffer().length;
  }

  @Override
  public void close() {
    key = null;
    base.close();
  }

  private byte[] position() {
    byte[] at = key;
    if (at == null) {
      throw new IllegalStateException("the iterator is not on an entry");
    }
    return at;
  }

  private boolean forward(
      boolean baseValid, Map.@Nullable Entry<byte[], byte @Nullable []> candidate) {
    boolean hasBase = baseValid;
    Map.Entry<byte[], byte @Nullable []> entry = candidate;
    while (hasBase || entry != null) {
      int order = entry == null ? -1 : hasBase ? Bytes.compare(base.key(), entry.getKey()) : 1;
      if (order < 0 || entry == null) {
        return settle(base.key(), base.value());
      }
      if (order == 0) {
        hasBase = base.next();
      }
      byte[] pendingValue = entry.getValue();
      if (pendingValue != null) {
        return settle(entry.getKey(), pendingValue);
      }
      entry = pending.higherEntry(entry.getKey());
    }
    return nowhere();
  }

  private boolean backward(
      boolean baseValid, Map.@Nullable Entry<byte[], byte @Nullable []> candidate) {
    boolean hasBase = baseValid;
    Map.Entry<byte[], byte @Nullable []> entry = candidate;
    while (hasBase || entry != null) {
      int order = entry == null ? 1 : hasBase ? Bytes.compare(base.key(), entry.getKey()) : -1;
      if (order > 0 || entry == null) {
        return settle(base.key(), base.value());
      }
      if (order == 0) {
        hasBase = base.prev();
      }
      byte[] pendingValue = entry.getValue();
      if (pendingValue != null) {
        return settle(entry.getKey(), pendingValue);
      }
      entry = pending.lowerEntry(entry.getKey());
    }
    return nowhere();
  }

  private boolean settle(byte[] newKey, byte[] newValue) {
    key = newKey;
    value = newValue;
    return true;
  }

  private boolean nowhere() {
    key = null;
    return false;
  }
}
