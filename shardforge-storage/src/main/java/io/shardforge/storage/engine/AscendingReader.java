package io.shardforge.storage.engine;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader for many keys of one span in ascending order. It keeps a cursor in each family and moves
 * it only when a key lies beyond it, so that a run of keys where nothing is stored costs one seek
 * in all, and a run of stored neighbours a step each. A key that goes back is looked up like any
 * other. Sees a family as it was when it was first asked for there. For one thread; must be closed.
 */
public final class AscendingReader implements EngineReader, AutoCloseable {
  /** Fewer keys than this are cheaper to look up one by one. */
  public static final int KEYS_MIN = 16;

  private final EngineReader beneath;
  private final Map<Family, KeySpan> spans;
  private final Map<Family, Cursor> cursors = new EnumMap<>(Family.class);

  /**
   * A reader over another one.
   *
   * @param spans where keys will be asked for, by family; all others are looked up one by one
   */
  public AscendingReader(EngineReader beneath, Map<Family, KeySpan> spans) {
    this.beneath = beneath;
    this.spans = spans;
  }

  /** A place in one family: nothing is stored between the last key asked for and the iterator. */
  private static final class Cursor {
    final EngineIterator iterator;
    byte[] asked;

    Cursor(EngineIterator iterator, byte[] first) {
      this.iterator = iterator;
      this.asked = first;
      iterator.seek(first);
    }

    int compareWith(byte[] key) {
      return Arrays.compareUnsigned(
          iterator.keyBuffer(), 0, iterator.keyLength(), key, 0, key.length);
    }
  }

  @Override
  public byte @Nullable [] get(Family family, byte[] key) {
    KeySpan span = spans.get(family);
    if (span == null || !span.contains(key)) {
      return beneath.get(family, key);
    }
    Cursor cursor = cursors.get(family);
    if (cursor == null) {
      cursor = new Cursor(beneath.iterator(family, span), key);
      cursors.put(family, cursor);
    } else if (Bytes.compare(key, cursor.asked) < 0) {
      return beneath.get(family, key);
    }
    cursor.asked = key;
    EngineIterator iterator = cursor.iterator;
    if (!iterator.isValid()) {
      return null;
    }
    int order = cursor.compareWith(key);
    if (order < 0 && iterator.next()) {
      order = cursor.compareWith(key);
      if (order < 0 && iterator.seek(key)) {
        order = cursor.compareWith(key);
      }
    }
    return iterator.isValid() && order == 0 ? iterator.value() : null;
  }

  @Override
  public EngineIterator iterator(Family family, KeySpan part) {
    return beneath.iterator(family, part);
  }

  @Override
  public void close() {
    cursors.values().forEach(cursor -> cursor.iterator.close());
  }
}
