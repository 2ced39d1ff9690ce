package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;

/**
 * The keys of HISTORY: a 4-byte bucket of the superseding timestamp, the escaped key, the
 * superseding timestamp. Old buckets can be dropped whole; within a bucket the versions of a key
 * are neighbors.
 */
final class HistoryKey {
  /** How much time one bucket spans. */
  static final long BUCKET_MILLIS = 10 * 60 * 1000;

  static final int BUCKET_BYTES = Integer.BYTES;

  private HistoryKey() {}

  static int bucketOf(long timestamp) {
    // 46 bits of milliseconds over 600,000 fit in 27 bits.
    return (int) (Timestamp.physicalMillis(timestamp) / BUCKET_MILLIS);
  }

  static byte[] encode(byte[] key, long supersedingTs) {
    return new KeyEncoder(key.length + 24)
        .putRawInt(bucketOf(supersedingTs))
        .putEscaped(key)
        .putRawLong(supersedingTs)
        .toByteArray();
  }

  /** What the entries of a key in a bucket start with. */
  static byte[] prefix(int bucket, byte[] key) {
    return new KeyEncoder(key.length + 24).putRawInt(bucket).putEscaped(key).toByteArray();
  }

  static int bucketOf(byte[] historyKey) {
    if (historyKey.length < BUCKET_BYTES) {
      throw new ShardForgeException(
          ErrorCode.DATA_CORRUPTED, "malformed history key " + Bytes.toHex(historyKey));
    }
    return Bytes.getInt(historyKey, 0);
  }

  /** The entries of a span's keys in one bucket. */
  static KeySpan span(int bucket, KeySpan keys) {
    byte[] start = new KeyEncoder().putRawInt(bucket).putEscapedPrefix(keys.start()).toByteArray();
    byte[] end =
        keys.hasEnd()
            ? new KeyEncoder().putRawInt(bucket).putEscapedPrefix(keys.end()).toByteArray()
            : bucketStart(bucket + 1);
    return new KeySpan(start, end);
  }

  static byte[] bucketStart(int bucket) {
    byte[] start = new byte[BUCKET_BYTES];
    Bytes.putInt(start, 0, bucket);
    return start;
  }
}
