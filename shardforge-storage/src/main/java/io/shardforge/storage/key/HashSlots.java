package io.shardforge.storage.key;

import java.util.ArrayList;
import java.util.List;

/**
 * The ring of slots of a table that is cut by a hash of its key: each row has one of {@link #COUNT}
 * slots at the head of its key, for good, and a shard has an arc of slots.
 *
 * <pre>
 * h = CBF29CE484222325                      FNV-1a, 64 bits
 * for each byte b: h = (h xor b) * 100000001B3
 * h = (h xor h &gt;&gt;&gt; 33) * FF51AFD7ED558CCD     the final mix of MurmurHash3:
 * h = (h xor h &gt;&gt;&gt; 33) * C4CEB9FE1A85EC53     FNV alone leaves the upper bits of
 * h =  h xor h &gt;&gt;&gt; 33                         short keys alike
 * slot = h &gt;&gt;&gt; 48
 * </pre>
 *
 * Slots are written into keys, so none of this may ever change.
 */
// Hot path: once for each key that is made.
public final class HashSlots {
  /** How many slots there are. */
  public static final int COUNT = 1 << Short.SIZE;

  /** What a slot takes at the head of a key, big-endian. */
  public static final int BYTES = Short.BYTES;

  private static final long FNV_START = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private HashSlots() {}

  /** The slot of what lies in a buffer between two positions. */
  public static int of(byte[] buffer, int from, int to) {
    return (int) (hash(buffer, from, to) >>> (Long.SIZE - Short.SIZE));
  }

  /** The hash that slots are the upper bits of. */
  public static long hash(byte[] buffer, int from, int to) {
    long hash = FNV_START;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (buffer[i] & 0xFF)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  /** Where the arcs of an index begin that is cut into this many even ones, in key order. */
  public static List<byte[]> arcStarts(int tableId, int indexId, int arcs) {
    byte[] prefix = KeySpace.indexPrefix(tableId, indexId);
    List<byte[]> starts = new ArrayList<>(arcs);
    // The first arc begins with the index, so that a border there serves ranges of keys as well.
    starts.add(prefix);
    for (int i = 1; i < arcs; i++) {
      byte[] slot = new byte[BYTES];
      Bytes.putShort(slot, 0, (short) ((long) i * COUNT / arcs));
      starts.add(Bytes.concat(prefix, slot));
    }
    return starts;
  }
}
