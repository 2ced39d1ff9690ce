package io.shardforge.raft.txn;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a statement has read, by key, so that a write which follows can say what it
 * replaces. Most statements read and write nothing, so keys are put in order only when one is asked
 * for.
 */
final class SeenVersions {
  /** Keys that are remembered; a write of another one is a write of a row not read. */
  static final int KEYS_MAX = 50_000;

  private static final int KEYS_FIRST = 16;

  private byte[][] keys = new byte[KEYS_FIRST][];
  private long[] versions = new long[KEYS_FIRST];
  private int size;
  private final Map<ByteBuffer, Long> byKey = new HashMap<>();
  private int ordered;

  void add(byte[] key, long commitTs) {
    if (size == KEYS_MAX) {
      return;
    }
    if (size == keys.length) {
      int room = Math.min(2 * size, KEYS_MAX);
      keys = Arrays.copyOf(keys, room);
      versions = Arrays.copyOf(versions, room);
    }
    keys[size] = key;
    versions[size++] = commitTs;
  }

  /** The version last read under a key, or null. */
  @Nullable Long get(byte[] key) {
    while (ordered < size) {
      byKey.put(ByteBuffer.wrap(keys[ordered]), versions[ordered]);
      ordered++;
    }
    return byKey.get(ByteBuffer.wrap(key));
  }

  void clear() {
    if (keys.length > KEYS_FIRST) {
      keys = new byte[KEYS_FIRST][];
      versions = new long[KEYS_FIRST];
    }
    size = 0;
    ordered = 0;
    byKey.clear();
  }
}
