package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The way from a key's current version back to an older one.
 *
 * <p>A version is filed in HISTORY under the timestamp of the version that superseded it:
 *
 * <pre>
 *   versions   v1@10      v2@25      v3@40 (current)
 *   HISTORY    (key,25) → v1@10     (key,40) → v2@25
 * </pre>
 *
 * <p>So the predecessor of a version is a plain lookup by its own commit timestamp, and one step is
 * nearly always enough. A key with many newer versions is searched by seeking the smallest
 * superseding timestamp above the wanted one, bucket by bucket.
 */
final class VersionHistory {
  /** Lookups before seeking begins: a seek costs several of them. */
  private static final int STEPS_MAX = 4;

  private VersionHistory() {}

  /** The newest version at or before a timestamp, encoded, null if the key did not exist. */
  static byte @Nullable [] versionAt(EngineReader reader, byte[] key, byte[] current, long ts) {
    byte[] newer = current;
    for (int step = 0; step < STEPS_MAX; step++) {
      VersionCodec.check(newer, newer.length);
      if (VersionCodec.commitTs(newer) <= ts) {
        return newer;
      }
      byte[] older = predecessor(reader, key, newer);
      if (older == null) {
        return null;
      }
      newer = older;
    }
    return VersionCodec.commitTs(newer) <= ts
        ? newer
        : seek(reader, key, ts, VersionCodec.commitTs(newer));
  }

  /** The version that this one has superseded, null if there was none. */
  static byte @Nullable [] predecessor(EngineReader reader, byte[] key, byte[] version) {
    return VersionCodec.isFirst(version)
        ? null
        : reader.get(Family.HISTORY, HistoryKey.encode(key, VersionCodec.commitTs(version)));
  }

  /** The version with the smallest superseding timestamp in (ts, newest]. */
  private static byte @Nullable [] seek(EngineReader reader, byte[] key, long ts, long newest) {
    int lastBucket = HistoryKey.bucketOf(newest);
    byte[] from = HistoryKey.encode(key, ts + 1);
    byte[] end = Bytes.prefixEnd(HistoryKey.prefix(lastBucket, key));
    try (EngineIterator iterator = reader.iterator(Family.HISTORY, new KeySpan(from, end))) {
      boolean valid = iterator.seekToFirst();
      int bucket = HistoryKey.bucketOf(ts + 1);
      while (valid) {
        byte[] prefix = HistoryKey.prefix(bucket, key);
        if (isEntryOf(prefix, iterator)) {
          byte[] version = iterator.value();
          VersionCodec.check(version, version.length);
          return VersionCodec.commitTs(version) <= ts ? version : null;
        }
        // Not in this bucket: on to the next one that holds anything at or after the key.
        int landed = Bytes.getInt(iterator.keyBuffer(), 0);
        bucket = Math.max(bucket + 1, landed);
        valid = bucket <= lastBucket && iterator.seek(HistoryKey.prefix(bucket, key));
      }
    }
    return null;
  }

  private static boolean isEntryOf(byte[] prefix, EngineIterator iterator) {
    return iterator.keyLength() == prefix.length + Long.BYTES
        && Arrays.equals(iterator.keyBuffer(), 0, prefix.length, prefix, 0, prefix.length);
  }

  /** The timestamp that a validated read compares, zero where there was no version. */
  static long changeTs(byte @Nullable [] version, ChangeKind kind) {
    if (version == null) {
      return Timestamp.NONE;
    }
    return switch (kind) {
      case ANY -> VersionCodec.commitTs(version);
      case KEY_ONLY -> VersionCodec.keyTs(version);
    };
  }
}
