package io.shardforge.storage.mvcc;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The collector of versions that no reader may ask for any more.
 *
 * <p>A read at T needs history superseded after T. So once every replica on the node refuses reads
 * below a threshold, and that refusal is flushed, each bucket whose newest possible superseding
 * timestamp is not above the threshold is dropped as a whole. Dropping is a node's own affair, not
 * replicated; removing tombstones from CURRENT is replicated, and only found here.
 */
public final class HistoryGc {
  private final Engine engine;

  public HistoryGc(Engine engine) {
    this.engine = engine;
  }

  /**
   * Drops the buckets that the threshold has passed.
   *
   * @param threshold the least of all local replicas' thresholds, each already durable
   * @return how many buckets at most were dropped, zero if there was nothing to drop
   */
  public int dropBuckets(long threshold) {
    // The bucket of the threshold itself may hold superseding timestamps above it.
    int keep = HistoryKey.bucketOf(threshold);
    KeySpan old = new KeySpan(Bytes.EMPTY, HistoryKey.bucketStart(keep));
    int oldest;
    try (EngineIterator iterator = engine.iterator(Family.HISTORY, old)) {
      if (!iterator.seekToFirst()) {
        return 0;
      }
      oldest = HistoryKey.bucketOf(iterator.key());
    }
    engine.dropSpan(Family.HISTORY, old);
    return keep - oldest;
  }

  /** Tombstones in a span that may go, and where to look on. */
  public static final class Tombstones {
    private final List<byte[]> keys;
    private final long oldestKeptTs;
    private final @Nullable KeySpan remaining;

    Tombstones(List<byte[]> keys, long oldestKeptTs, @Nullable KeySpan remaining) {
      this.keys = List.copyOf(keys);
      this.oldestKeptTs = oldestKeptTs;
      this.remaining = remaining;
    }

    /** The keys, for a command that calls {@link MvccStore#removeTombstone}. */
    public List<byte[]> keys() {
      return keys;
    }

    /** The least timestamp of the tombstones that must stay, the greatest number if none must. */
    public long oldestKeptTs() {
      return oldestKeptTs;
    }

    /** What was not looked at, nothing at the end of the span. */
    public Optional<KeySpan> remaining() {
      return Optional.ofNullable(remaining);
    }
  }

  /** Finds keys whose current version is a tombstone at or before the threshold. */
  public static Tombstones findTombstones(
      EngineReader reader, KeySpan span, long threshold, int keysMax, int examinedMax) {
    List<byte[]> keys = new ArrayList<>();
    long oldestKeptTs = Long.MAX_VALUE;
    try (EngineIterator iterator = reader.iterator(Family.CURRENT, span)) {
      int examined = 0;
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        if (keys.size() == keysMax || examined++ == examinedMax) {
          return new Tombstones(keys, oldestKeptTs, new KeySpan(iterator.key(), span.end()));
        }
        byte[] version = iterator.valueBuffer();
        VersionCodec.check(version, iterator.valueLength());
        if (VersionCodec.isTombstone(version)) {
          long commitTs = VersionCodec.commitTs(version);
          if (commitTs <= threshold) {
            keys.add(iterator.key());
          } else {
            oldestKeptTs = Math.min(oldestKeptTs, commitTs);
          }
        }
      }
    }
    return new Tombstones(keys, oldestKeptTs, null);
  }
}
