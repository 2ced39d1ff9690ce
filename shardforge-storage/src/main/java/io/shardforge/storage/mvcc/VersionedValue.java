package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import org.jspecify.annotations.Nullable;

/** One version of a key: when it was committed and what it holds, nothing if it is a tombstone. */
public final class VersionedValue {
  private final long commitTs;
  private final long keyTs;
  private final byte @Nullable [] value;

  public VersionedValue(long commitTs, long keyTs, byte @Nullable [] value) {
    this.commitTs = commitTs;
    this.keyTs = keyTs;
    this.value = value;
  }

  /** Reads the stored form. */
  public static VersionedValue decode(byte[] stored) {
    return VersionCodec.decode(stored);
  }

  public long commitTs() {
    return commitTs;
  }

  /** When the row was last inserted, deleted or given another key: what foreign keys look at. */
  public long keyTs() {
    return keyTs;
  }

  public boolean isTombstone() {
    return value == null;
  }

  /** The bytes, null for a tombstone. */
  public byte @Nullable [] valueOrNull() {
    return value;
  }

  /** The bytes of a version that is no tombstone. */
  public byte[] value() {
    byte[] bytes = value;
    if (bytes == null) {
      throw new IllegalStateException("a tombstone has no value");
    }
    return bytes;
  }

  @Override
  public String toString() {
    byte[] bytes = value;
    return Timestamp.format(commitTs)
        + (bytes == null ? " deleted" : " " + bytes.length + " bytes");
  }
}
