package io.shardforge.storage.mvcc;

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
    List<FamilySpan> spans = new ArrayList<>();
    spans.add(new FamilySpan(Family.CURRENT, keys));
    spans.add(new FamilySpan(Family.LOCK, LockKey.span(LockKey.PROVISIONAL, keys)));
    spans.add(new FamilySpan(Family.LOCK, LockKey.span(LockKey.RECORD, keys)));
    spans.add(new FamilySpan(Family.LOCK, LockKey.span(LockKey.OUTCOME, keys)));
    for (int bucket : historyBuckets(reader)) {
      spans.add(new FamilySpan(Family.HISTORY, HistoryKey.span(bucket, keys)));
    }
    return spans;
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
