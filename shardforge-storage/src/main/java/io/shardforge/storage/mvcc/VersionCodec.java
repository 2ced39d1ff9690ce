package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a version, the same in CURRENT and in HISTORY: a head byte (format in the upper
 * half, flags in the lower), the commit timestamp, the key timestamp only where it differs, the
 * value.
 */
// Hot path: a scan reads the head and the timestamp of every entry, in place.
final class VersionCodec {
  private static final int FORMAT = 0x10;
  private static final int FORMAT_MASK = 0xF0;
  private static final int TOMBSTONE = 0x01;

  /** Set where the key had no version before this one, so that nobody looks for it in HISTORY. */
  private static final int FIRST = 0x02;

  private static final int OWN_KEY_TS = 0x04;
  private static final int UNUSED = 0x08;
  private static final int COMMIT_TS_OFFSET = 1;
  private static final int KEY_TS_OFFSET = COMMIT_TS_OFFSET + Long.BYTES;

  private VersionCodec() {}

  static byte[] encode(long commitTs, long keyTs, byte @Nullable [] value, boolean first) {
    int head = FORMAT | (value == null ? TOMBSTONE : 0) | (first ? FIRST : 0);
    int offset = KEY_TS_OFFSET;
    if (keyTs != commitTs) {
      head |= OWN_KEY_TS;
      offset += Long.BYTES;
    }
    byte[] bytes = new byte[offset + (value == null ? 0 : value.length)];
    bytes[0] = (byte) head;
    Bytes.putLong(bytes, COMMIT_TS_OFFSET, commitTs);
    if (keyTs != commitTs) {
      Bytes.putLong(bytes, KEY_TS_OFFSET, keyTs);
    }
    if (value != null) {
      System.arraycopy(value, 0, bytes, offset, value.length);
    }
    return bytes;
  }

  /** Refuses bytes that {@link #encode} does not write; to be called before the others. */
  static void check(byte[] bytes, int length) {
    if (length < KEY_TS_OFFSET) {
      throw corrupted("it has " + length + " bytes");
    }
    int head = bytes[0];
    if ((head & (FORMAT_MASK | UNUSED)) != FORMAT) {
      throw corrupted("its head is 0x" + Integer.toHexString(head & 0xFF));
    }
    long commitTs = Bytes.getLong(bytes, COMMIT_TS_OFFSET);
    int offset = valueOffset(bytes);
    boolean badLength = (head & TOMBSTONE) == 0 ? length < offset : length != offset;
    if (commitTs <= Timestamp.NONE || badLength) {
      throw corrupted("commit timestamp " + commitTs + ", " + length + " bytes");
    }
  }

  static VersionedValue decode(byte[] bytes) {
    check(bytes, bytes.length);
    byte[] value =
        isTombstone(bytes) ? null : Arrays.copyOfRange(bytes, valueOffset(bytes), bytes.length);
    return new VersionedValue(commitTs(bytes), keyTs(bytes), value);
  }

  static long commitTs(byte[] bytes) {
    return Bytes.getLong(bytes, COMMIT_TS_OFFSET);
  }

  static long keyTs(byte[] bytes) {
    return (bytes[0] & OWN_KEY_TS) == 0 ? commitTs(bytes) : Bytes.getLong(bytes, KEY_TS_OFFSET);
  }

  static boolean isTombstone(byte[] bytes) {
    return (bytes[0] & TOMBSTONE) != 0;
  }

  static boolean isFirst(byte[] bytes) {
    return (bytes[0] & FIRST) != 0;
  }

  static int valueOffset(byte[] bytes) {
    return (bytes[0] & OWN_KEY_TS) == 0 ? KEY_TS_OFFSET : KEY_TS_OFFSET + Long.BYTES;
  }

  private static ShardForgeException corrupted(String how) {
    return new ShardForgeException(ErrorCode.DATA_CORRUPTED, "malformed version: " + how);
  }
}
