package io.shardforge.raft.shard;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a span's rows are cut into two halves of about the same size. */
final class MiddleKey {
  /** Halvings of the span in search of the middle; each is a question to the engine. */
  private static final int STEPS_MAX = 96;

  private static final int WORD = Long.BYTES;

  private MiddleKey() {}

  /** A key that is there, not the first of the span, or null if there is none to cut at. */
  static byte @Nullable [] of(Engine engine, KeySpan span) {
    byte[] low = span.start();
    byte[] high = span.end();
    long half = engine.approximateSizeBytes(Family.CURRENT, span) / 2;
    for (int i = 0; i < STEPS_MAX; i++) {
      byte[] middle = between(low, high);
      if (Bytes.compare(middle, low) <= 0 || Bytes.compare(middle, high) >= 0) {
        break;
      }
      long before = engine.approximateSizeBytes(Family.CURRENT, new KeySpan(span.start(), middle));
      if (before < half) {
        low = middle;
      } else {
        high = middle;
      }
    }
    byte[] cut = firstKey(engine, new KeySpan(high, span.end()));
    if (cut == null) {
      cut = firstKey(engine, new KeySpan(low, span.end()));
    }
    byte[] first = firstKey(engine, span);
    return cut == null || first == null || Arrays.equals(cut, first) ? null : cut;
  }

  private static byte @Nullable [] firstKey(Engine engine, KeySpan span) {
    if (span.isEmpty()) {
      return null;
    }
    try (EngineIterator keys = engine.iterator(Family.CURRENT, span)) {
      return keys.seekToFirst() ? keys.key() : null;
    }
  }

  /** A key about half way between two, as numbers after what both begin with. */
  private static byte[] between(byte[] low, byte[] high) {
    int same = Arrays.mismatch(low, high);
    same = same < 0 ? low.length : same;
    long from = wordAt(low, same);
    long to = wordAt(high, same);
    long middle = from + Long.divideUnsigned(to - from, 2);
    byte[] key = Arrays.copyOf(low.length > same ? low : high, same + WORD);
    Bytes.putLong(key, same, middle);
    return key;
  }

  private static long wordAt(byte[] key, int offset) {
    byte[] word = new byte[WORD];
    int length = Math.max(0, Math.min(WORD, key.length - offset));
    System.arraycopy(key, Math.min(offset, key.length), word, 0, length);
    return Bytes.getLong(word, 0);
  }
}
