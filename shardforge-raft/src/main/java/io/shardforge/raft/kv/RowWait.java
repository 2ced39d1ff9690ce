package io.shardforge.raft.kv;

import io.shardforge.storage.mvcc.TxnId;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction that waits for a row lock.
 *
 * @param strength of the lock that it wants
 * @param inTheWay who holds the row in a conflicting strength, or waits for it ahead
 */
public record RowWait(
    TxnId waiter, byte[] key, LockStrength strength, List<ReportedLock> inTheWay) {
  public RowWait {
    inTheWay = List.copyOf(inTheWay);
  }

  /** Adds its bytes. */
  public void put(WireWriter out) {
    new ReportedLock(waiter, key, strength).put(out);
    out.putVarint(inTheWay.size());
    inTheWay.forEach(lock -> lock.put(out));
  }

  /** Reads what {@link #put} wrote. */
  public static RowWait read(WireReader in) {
    ReportedLock wanted = ReportedLock.read(in);
    int count = in.readCount();
    List<ReportedLock> inTheWay = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      inTheWay.add(ReportedLock.read(in));
    }
    return new RowWait(wanted.id(), wanted.key(), wanted.strength(), inTheWay);
  }
}
