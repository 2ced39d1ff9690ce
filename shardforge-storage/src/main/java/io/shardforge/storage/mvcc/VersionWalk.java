package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import org.jspecify.annotations.Nullable;

/**
 * All committed versions of a span between two timestamps, in the order of their keys and each
 * key's newest first. It does not look at provisional writes.
 *
 * @param sinceTs versions up to here are left out; not below the threshold of history
 * @param upToTs the newest versions wanted
 * @param beforeTs of the first key only versions before this are wanted; {@link Timestamp#MAX} for
 *     all
 * @param whole whether also what was there at {@code sinceTs} is wanted
 */
public record VersionWalk(KeySpan span, long sinceTs, long upToTs, long beforeTs, boolean whole) {
  /** Receives versions in their stored form, which {@link VersionedValue#decode} reads. */
  @FunctionalInterface
  public interface Sink {
    void accept(byte[] key, byte[] version);
  }

  /**
   * Walks until a limit is reached.
   *
   * @return the key to go on from, null at the end; if it is that of the last version given, then
   *     with those before that one
   */
  public byte @Nullable [] run(EngineReader reader, ScanLimits limits, Sink sink) {
    long rows = 0;
    long bytes = 0;
    long examined = 0;
    try (EngineIterator iterator = reader.iterator(Family.CURRENT, span)) {
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        byte[] current = iterator.valueBuffer();
        VersionCodec.check(current, iterator.valueLength());
        boolean old = VersionCodec.commitTs(current) <= sinceTs;
        boolean full = rows >= limits.rowsMax() || bytes >= limits.bytesMax();
        if (full || examined++ >= limits.examinedMax()) {
          return iterator.key();
        }
        if (old && (!whole || VersionCodec.isTombstone(current))) {
          continue;
        }
        byte[] key = iterator.key();
        byte[] version = newest(reader, key, iterator.value());
        while (version != null) {
          boolean isFloor = VersionCodec.commitTs(version) <= sinceTs;
          if (isFloor && (!whole || VersionCodec.isTombstone(version))) {
            break;
          }
          if (rows > 0 && (rows >= limits.rowsMax() || bytes >= limits.bytesMax())) {
            return key;
          }
          sink.accept(key, version);
          rows++;
          bytes += key.length + version.length;
          version = isFloor ? null : VersionHistory.predecessor(reader, key, version);
        }
      }
    }
    return null;
  }

  private byte @Nullable [] newest(EngineReader reader, byte[] key, byte[] current) {
    boolean first = Bytes.compare(key, span.start()) == 0;
    long ts = first && beforeTs <= upToTs ? beforeTs - 1 : upToTs;
    return VersionHistory.versionAt(reader, key, current, ts);
  }
}
