package io.shardforge.raft.group;

import java.util.OptionalLong;

/**
 * When this node received the newest entries of one log from another node. It is asked before an
 * entry is applied, which may be much later: a follower learns that an entry is committed only with
 * the next message, and after its leader has died only when it leads itself.
 */
final class Arrivals {
  /** Entries remembered; what has fallen out was received long ago or is applied soon anyway. */
  private static final int REMEMBERED_MAX = 4096;

  private final long[] indexes = new long[REMEMBERED_MAX];
  private final long[] nanos = new long[REMEMBERED_MAX];

  Arrivals() {
    java.util.Arrays.fill(indexes, -1);
  }

  /** Notes that entries arrived now; of entries that come again, the last time counts. */
  synchronized void note(long firstIndex, int count, long nowNanos) {
    for (long index = firstIndex; index < firstIndex + count; index++) {
      int slot = (int) (index % REMEMBERED_MAX);
      indexes[slot] = index;
      nanos[slot] = nowNanos;
    }
  }

  synchronized OptionalLong of(long index) {
    int slot = (int) (index % REMEMBERED_MAX);
    return indexes[slot] == index ? OptionalLong.of(nanos[slot]) : OptionalLong.empty();
  }
}
