package io.shardforge.raft.txn;

import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.Collection;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a transaction has locked, each with the version that it found there. For the
 * transaction's thread; {@link #in} for any.
 */
final class TakenLocks {
  private final ConcurrentSkipListMap<byte[], HeldLock> locks =
      new ConcurrentSkipListMap<>(Bytes::compare);
  private final TreeMap<byte[], Long> versions = new TreeMap<>(Bytes::compare);

  /** Takes note of a lock that was given under a lease. */
  void add(LockedRow row, LockStrength strength, long leaseNumber) {
    HeldLock before = locks.get(row.key());
    if (before != null
        && before.leaseNumber() != leaseNumber
        && !Objects.equals(versions.get(row.key()), row.commitTs())) {
      // The row was free between two leases, and somebody has changed it.
      throw new KvException(new KvError.LockLost(row.key()));
    }
    // The first lease counts: if the row is not written, that one must have held until the end.
    locks.put(
        row.key(),
        before == null
            ? new HeldLock(row.key(), strength, leaseNumber)
            : new HeldLock(row.key(), before.strength().stronger(strength), before.leaseNumber()));
    versions.put(row.key(), row.commitTs());
  }

  Collection<HeldLock> all() {
    return locks.values();
  }

  /** Those on keys of a span. */
  Collection<HeldLock> in(KeySpan span) {
    return (span.hasEnd()
            ? locks.subMap(span.start(), true, span.end(), false)
            : locks.tailMap(span.start(), true))
        .values();
  }

  /** The commit timestamp of the version that was locked under a key, or null. */
  @Nullable Long versionOf(byte[] key) {
    return versions.get(key);
  }
}
