package io.shardforge.raft.shard;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.RowWait;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The row locks of one lease, in memory: who holds which row in which of PostgreSQL's four
 * strengths, and who waits for it, first come, first served. It ends with the lease; a commit
 * proves that the locks of its transaction are still here.
 */
final class LockTable {
  /** Rows locked at once on one shard. */
  static final int ROWS_MAX = 1_000_000;

  /** Transactions remembered as expelled. */
  static final int EXPELLED_MAX = 10_000;

  private final Clock clock;
  private final ConcurrentHashMap<Row, Entry> entries = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<TxnId, Owner> owners = new ConcurrentHashMap<>();
  private final Map<TxnId, Boolean> expelled =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TxnId, Boolean> eldest) {
          return size() > EXPELLED_MAX;
        }
      };
  private volatile boolean closed;

  LockTable(Clock clock) {
    this.clock = clock;
  }

  /** A key that can be looked up by its bytes. */
  private static final class Row {
    final byte[] key;
    private final int hash;

    Row(byte[] key) {
      this.key = key;
      this.hash = Arrays.hashCode(key);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Row other && Arrays.equals(key, other.key);
    }
  }

  private static final class Holder {
    final TxnId id;
    LockStrength strength;

    Holder(TxnId id, LockStrength strength) {
      this.id = id;
      this.strength = strength;
    }
  }

  /** One locked row; changed only inside the map's compute, which holds the row's bin. */
  private static final class Entry {
    final List<Holder> holders = new ArrayList<>(1);
    final Deque<Waiter> waiters = new ArrayDeque<>(0);

    @Nullable Holder holder(TxnId id) {
      for (Holder holder : holders) {
        if (holder.id.equals(id)) {
          return holder;
        }
      }
      return null;
    }

    boolean admits(TxnId id, LockStrength strength) {
      for (Holder holder : holders) {
        if (!holder.id.equals(id) && holder.strength.conflictsWith(strength)) {
          return false;
        }
      }
      return true;
    }

    boolean conflictsWithWaiter(TxnId id, LockStrength strength) {
      for (Waiter waiter : waiters) {
        if (!waiter.id.equals(id) && waiter.strength.conflictsWith(strength)) {
          return true;
        }
      }
      return false;
    }

    void grant(TxnId id, LockStrength strength) {
      Holder own = holder(id);
      if (own == null) {
        holders.add(new Holder(id, strength));
      } else {
        own.strength = own.strength.stronger(strength);
      }
    }

    boolean isFree() {
      return holders.isEmpty() && waiters.isEmpty();
    }
  }

  /** What one transaction holds here, and when it was last heard of. */
  private static final class Owner {
    final Set<Row> rows = new HashSet<>();
    volatile long heardNanos;

    Owner(long now) {
      this.heardNanos = now;
    }
  }

  /** A request's place in a row's queue. */
  final class Waiter {
    private final Row row;
    private final TxnId id;
    private final LockStrength strength;
    private final Signal granted = new Signal();

    private Waiter(Row row, TxnId id, LockStrength strength) {
      this.row = row;
      this.id = id;
      this.strength = strength;
    }

    /** Waits; true once the lock is held (or the table was closed: {@link #isClosed}). */
    boolean await(long nanos) throws InterruptedException {
      return granted.await(clock, nanos);
    }

    /** Leaves the queue. Returns true if the lock had been granted by then: it is held. */
    boolean cancel() {
      boolean[] held = new boolean[1];
      entries.computeIfPresent(
          row,
          (_, entry) -> {
            if (granted.isRaised()) {
              held[0] = true;
              return entry;
            }
            entry.waiters.remove(this);
            grantWaiters(entry);
            return entry.isFree() ? null : entry;
          });
      return held[0] && !closed;
    }

    /** The transactions that it waits for now: none once it is granted. */
    List<TxnId> blockers() {
      return inTheWay().stream().map(ReportedLock::id).toList();
    }

    private List<ReportedLock> inTheWay() {
      List<ReportedLock> locks = new ArrayList<>();
      entries.computeIfPresent(
          row,
          (_, entry) -> {
            if (granted.isRaised()) {
              // It has left the queue: all that is there is behind it.
              return entry;
            }
            for (Holder holder : entry.holders) {
              if (!holder.id.equals(id) && holder.strength.conflictsWith(strength)) {
                locks.add(new ReportedLock(holder.id, row.key, holder.strength));
              }
            }
            for (Waiter waiter : entry.waiters) {
              if (waiter == this) {
                break;
              }
              if (!waiter.id.equals(id) && waiter.strength.conflictsWith(strength)) {
                locks.add(new ReportedLock(waiter.id, row.key, waiter.strength));
              }
            }
            return entry;
          });
      return locks;
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends with the lease: whoever waits is woken. */
  void close() {
    closed = true;
    for (Row row : entries.keySet()) {
      entries.computeIfPresent(
          row,
          (_, entry) -> {
            entry.waiters.forEach(waiter -> waiter.granted.raise());
            return entry;
          });
    }
  }

  /** Wakes who waits for rows of a span that is served elsewhere now. */
  void turnAway(KeySpan span) {
    for (Row row : entries.keySet()) {
      if (span.contains(row.key)) {
        entries.computeIfPresent(
            row,
            (_, entry) -> {
              entry.waiters.forEach(waiter -> waiter.granted.raise());
              entry.waiters.clear();
              return entry.isFree() ? null : entry;
            });
      }
    }
  }

  /** Moves the locks on rows of a span to the table of the shard that has the rows now. */
  void moveTo(LockTable other, KeySpan span) {
    synchronized (expelled) {
      expelled.keySet().forEach(other::noteExpelled);
    }
    for (Map.Entry<TxnId, Owner> entry : owners.entrySet()) {
      TxnId id = entry.getKey();
      Owner owner = entry.getValue();
      List<Row> moved = new ArrayList<>();
      synchronized (owner) {
        for (Row row : owner.rows) {
          if (span.contains(row.key)) {
            moved.add(row);
          }
        }
        moved.forEach(owner.rows::remove);
      }
      for (Row row : moved) {
        entries.computeIfPresent(
            row,
            (_, locked) -> {
              Holder holder = locked.holder(id);
              if (holder != null) {
                other.inherit(new ReportedLock(id, row.key, holder.strength));
                locked.holders.remove(holder);
              }
              return locked.isFree() ? null : locked;
            });
      }
      synchronized (owner) {
        if (owner.rows.isEmpty()) {
          owners.remove(id, owner);
        }
      }
    }
  }

  private void noteExpelled(TxnId id) {
    synchronized (expelled) {
      expelled.put(id, true);
    }
  }

  /** Whether no more rows can be locked. */
  boolean isFull() {
    return entries.size() >= ROWS_MAX;
  }

  /** Locks the row if nobody is in the way. */
  boolean tryAcquire(TxnId id, byte[] key, LockStrength strength) {
    Row row = new Row(key);
    boolean[] done = new boolean[1];
    entries.compute(
        row,
        (_, known) -> {
          Entry entry = known == null ? new Entry() : known;
          done[0] = tryGrant(entry, id, strength);
          return entry.isFree() ? null : entry;
        });
    if (done[0]) {
      remember(id, row);
    }
    return done[0];
  }

  /**
   * Enters what the data shows, a provisional write, whoever else holds the row: a lock may have
   * been granted while the write was on its way. Then its holder waits if it comes again.
   */
  void enter(TxnId id, byte[] key, LockStrength strength) {
    Row row = new Row(key);
    remember(id, row);
    entries.compute(
        row,
        (_, known) -> {
          Entry entry = known == null ? new Entry() : known;
          entry.grant(id, strength);
          return entry;
        });
  }

  /** Locks the row or queues for it: null if it is locked now. */
  @Nullable Waiter acquireOrQueue(TxnId id, byte[] key, LockStrength strength) {
    Row row = new Row(key);
    // Remembered before it is granted, so that the end of the transaction finds it.
    remember(id, row);
    Waiter[] queued = new Waiter[1];
    entries.compute(
        row,
        (_, known) -> {
          Entry entry = known == null ? new Entry() : known;
          if (!tryGrant(entry, id, strength)) {
            Waiter waiter = new Waiter(row, id, strength);
            queued[0] = waiter;
            if (entry.holder(id) != null) {
              // A stronger lock for a holder: nobody behind can be served before it anyway.
              entry.waiters.addFirst(waiter);
            } else {
              entry.waiters.addLast(waiter);
            }
          }
          return entry;
        });
    Waiter waiter = queued[0];
    if (waiter != null && closed) {
      waiter.granted.raise();
    }
    return waiter;
  }

  /** Enters what was held under an older lease, before this one serves. */
  void inherit(ReportedLock lock) {
    if (size() < ROWS_MAX) {
      // Two that conflict cannot both have held the row: the first one reported keeps it.
      var _ = tryAcquire(lock.id(), lock.key(), lock.strength());
    }
  }

  /** Whether another transaction holds the row in a conflicting strength, or queues for it. */
  boolean isBlocked(TxnId id, byte[] key, LockStrength strength) {
    Row row = new Row(key);
    Entry seen = entries.get(row);
    if (seen == null) {
      return false;
    }
    boolean[] blocked = new boolean[1];
    entries.computeIfPresent(
        row,
        (_, entry) -> {
          blocked[0] =
              !entry.admits(id, strength)
                  || (entry.holder(id) == null && entry.conflictsWithWaiter(id, strength));
          return entry;
        });
    return blocked[0];
  }

  /** Whether the transaction holds the row at least in this strength. */
  boolean holds(TxnId id, byte[] key, LockStrength strength) {
    boolean[] held = new boolean[1];
    entries.computeIfPresent(
        new Row(key),
        (_, entry) -> {
          Holder own = entry.holder(id);
          held[0] = own != null && own.strength.covers(strength);
          return entry;
        });
    return held[0] && !closed;
  }

  /** Lets go of some rows. */
  void release(TxnId id, Collection<byte[]> keys) {
    Owner owner = owners.get(id);
    for (byte[] key : keys) {
      Row row = new Row(key);
      if (owner != null) {
        synchronized (owner) {
          owner.rows.remove(row);
        }
      }
      release(id, row);
    }
    if (owner != null) {
      synchronized (owner) {
        if (owner.rows.isEmpty()) {
          owners.remove(id, owner);
        }
      }
    }
  }

  /** Lets go of all rows of a transaction. */
  void releaseAll(TxnId id) {
    Owner owner = owners.remove(id);
    if (owner == null) {
      return;
    }
    List<Row> rows;
    synchronized (owner) {
      rows = new ArrayList<>(owner.rows);
      owner.rows.clear();
    }
    for (Row row : rows) {
      release(id, row);
    }
  }

  /** Takes the locks of a transaction that has fallen silent; it is not served again. */
  void expel(TxnId id) {
    synchronized (expelled) {
      expelled.put(id, true);
    }
    releaseAll(id);
  }

  boolean isExpelled(TxnId id) {
    synchronized (expelled) {
      return !expelled.isEmpty() && expelled.containsKey(id);
    }
  }

  /** Notes that a transaction is alive, if it holds anything here. */
  void heard(TxnId id) {
    Owner owner = owners.get(id);
    if (owner != null) {
      owner.heardNanos = clock.monotonicNanos();
    }
  }

  /** How long ago the transaction was last heard of; -1 where it holds nothing here. */
  long silentNanos(TxnId id) {
    Owner owner = owners.get(id);
    return owner == null ? -1 : clock.monotonicNanos() - owner.heardNanos;
  }

  /** Who waits now, and for whom. */
  List<RowWait> waits() {
    List<Waiter> waiters = new ArrayList<>();
    for (Row row : entries.keySet()) {
      entries.computeIfPresent(
          row,
          (_, entry) -> {
            waiters.addAll(entry.waiters);
            return entry;
          });
    }
    List<RowWait> waits = new ArrayList<>();
    for (Waiter waiter : waiters) {
      List<ReportedLock> inTheWay = waiter.inTheWay();
      if (!inTheWay.isEmpty()) {
        waits.add(new RowWait(waiter.id, waiter.row.key, waiter.strength, inTheWay));
      }
    }
    return waits;
  }

  /** The number of locked rows. */
  int size() {
    return entries.size();
  }

  private void remember(TxnId id, Row row) {
    while (true) {
      Owner owner = owners.computeIfAbsent(id, _ -> new Owner(clock.monotonicNanos()));
      synchronized (owner) {
        owner.rows.add(row);
      }
      if (owners.get(id) == owner) {
        return;
      }
    }
  }

  private void release(TxnId id, Row row) {
    entries.computeIfPresent(
        row,
        (_, entry) -> {
          entry.holders.removeIf(holder -> holder.id.equals(id));
          grantWaiters(entry);
          return entry.isFree() ? null : entry;
        });
  }

  private static boolean tryGrant(Entry entry, TxnId id, LockStrength strength) {
    Holder own = entry.holder(id);
    if (own != null && own.strength.covers(strength)) {
      return entry.admits(id, strength);
    }
    // Someone new stands behind everyone who waits; a holder that wants more goes ahead of them.
    if (!entry.admits(id, strength) || (own == null && entry.conflictsWithWaiter(id, strength))) {
      return false;
    }
    entry.grant(id, strength);
    return true;
  }

  private static void grantWaiters(Entry entry) {
    List<Waiter> passedOver = new ArrayList<>(0);
    for (Iterator<Waiter> it = entry.waiters.iterator(); it.hasNext(); ) {
      Waiter waiter = it.next();
      boolean behind = false;
      for (Waiter earlier : passedOver) {
        behind |= !earlier.id.equals(waiter.id) && earlier.strength.conflictsWith(waiter.strength);
      }
      if (!behind && entry.admits(waiter.id, waiter.strength)) {
        entry.grant(waiter.id, waiter.strength);
        it.remove();
        waiter.granted.raise();
      } else {
        passedOver.add(waiter);
      }
    }
  }
}
