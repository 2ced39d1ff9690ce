package io.shardforge.storage.mvcc;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;

/** Where an engine keeps everything that belongs to a span of keys. */
public final class ReplicaSpans {
  private ReplicaSpans() {}

  /**
   * All the engine's spans with data of these keys: to copy a replica, export each; to empty one,
   * delete each. History has a span per bucket that exists.
   */
  public static List<FamilySpan> of(EngineReader reader, KeySpan keys) {
    return of(keys, historyBuckets(reader));
  }

  private static List<FamilySpan> of(KeySpan keys, List<Integer> buckets) {
    List<FamilySpan> spans = new ArrayList<>();
    spans.add(new FamilySpan(Family.CURRENT, keys));
    spans.add(new FamilySpan(Family.LOCK, LockKey.span(LockKey.PROVISIONAL, keys)));
    spans.add(new FamilySpan(Family.LOCK, LockKey.span(LockKey.RECORD, keys)));
    spans.add(new FamilySpan(Family.LOCK, LockKey.span(LockKey.OUTCOME, keys)));
    for (int bucket : buckets) {
      spans.add(new FamilySpan(Family.HISTORY, HistoryKey.span(bucket, keys)));
    }
    return spans;
  }

  /** About how many bytes these keys take in the engine, with all that belongs to them. */
  public static long sizeBytes(Engine engine, List<KeySpan> keys) {
    List<Integer> buckets = historyBuckets(engine);
    long bytes = 0;
    for (KeySpan span : keys) {
      for (FamilySpan part : of(span, buckets)) {
        bytes += engine.approximateSizeBytes(part.family(), part.span());
      }
    }
    return bytes;
  }

  /** The buckets with any history, oldest first. */
  private static List<Integer> historyBuckets(EngineReader reader) {
    List<Integer> buckets = new ArrayList<>();
    try (EngineIterator iterator = reader.iterator(Family.HISTORY, KeySpan.ALL)) {
      boolean valid = iterator.seekToFirst();
      while (valid) {
        int bucket = HistoryKey.bucketOf(iterator.key());
        buckets.add(bucket);
        valid = iterator.seek(HistoryKey.bucketStart(bucket + 1));
      }
    }
    return buckets;
  }
}
