package io.shardforge.sql.session;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.RowWait;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.system.LocksView;
import io.shardforge.sql.function.AdvisoryLockFunctions;
import io.shardforge.sql.function.BlockingFunctions;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.mvcc.TxnId;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session sees of the locks of all sessions: their advisory locks, and of row locks those
 * that somebody waits for. Whose the transactions are is asked of the nodes of their sessions, and
 * who waits for rows of those that lead their shards.
 */
final class ClusterLocks implements LocksView, BlockingFunctions {
  private static final String ADVISORY = "advisory";
  private static final String ROW = "tuple";

  private final Session session;

  ClusterLocks(Session session) {
    this.session = session;
  }

  /** What sessions wait for, in PostgreSQL's word for the event, by their process numbers. */
  Map<Integer, String> waits(List<SessionReport> sessions) {
    Map<Integer, String> events = new HashMap<>();
    boolean othersRun = false;
    for (SessionReport one : sessions) {
      othersRun |= one.isActive() && one.processId() != session.client().processId();
      if (one.locks().stream().anyMatch(lock -> !lock.isHeld())) {
        events.put(one.processId(), ADVISORY);
      }
    }
    if (othersRun) {
      Map<TxnId, SessionReport> owners = owners(sessions);
      for (RowWait wait : rowWaits()) {
        SessionReport waiter = owners.get(wait.waiter());
        if (waiter != null) {
          events.putIfAbsent(waiter.processId(), ROW);
        }
      }
    }
    return events;
  }

  private List<SessionReport> sessions() {
    return new OtherSessions(session).of(ClusterSessions.Selection.ALL);
  }

  private static Map<TxnId, SessionReport> owners(List<SessionReport> sessions) {
    Map<TxnId, SessionReport> owners = new HashMap<>();
    sessions.forEach(one -> one.transactions().forEach(id -> owners.put(id, one)));
    return owners;
  }

  private List<RowWait> rowWaits() {
    try {
      return session.services().cluster().waits();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }

  @Override
  public List<Long> blockingPids(long pid) {
    List<SessionReport> sessions = sessions();
    Set<TxnId> own = new HashSet<>();
    sessions.stream()
        .filter(one -> one.processId() == pid)
        .forEach(one -> own.addAll(one.transactions()));
    if (own.isEmpty()) {
      return List.of();
    }
    Map<TxnId, SessionReport> owners = owners(sessions);
    Set<Long> pids = new LinkedHashSet<>();
    for (RowWait wait : rowWaits()) {
      if (own.contains(wait.waiter())) {
        for (ReportedLock lock : wait.inTheWay()) {
          SessionReport owner = owners.get(lock.id());
          pids.add(owner == null ? 0L : owner.processId());
        }
      }
    }
    return List.copyOf(pids);
  }

  @Override
  public Collection<Entry> locks() {
    Set<Entry> entries = new LinkedHashSet<>();
    List<SessionReport> sessions = sessions();
    for (SessionReport one : sessions) {
      for (AdvisoryLocks.Shown lock : one.locks()) {
        entries.add(
            new Entry(
                ADVISORY,
                one.databaseId(),
                null,
                key(lock.key()),
                one.processId(),
                lock.shared() ? "ShareLock" : "ExclusiveLock",
                lock.isHeld(),
                lock.isHeld()
                    ? null
                    : (Long) (lock.sinceMillis() * 1000 - TransactionBlock.EPOCH_MICROS)));
      }
    }
    Map<TxnId, SessionReport> owners = owners(sessions);
    List<RowWait> waits =
        rowWaits().stream().filter(wait -> KeySpace.dataSpan().contains(wait.key())).toList();
    for (RowWait wait : waits) {
      addRow(new ReportedLock(wait.waiter(), wait.key(), wait.strength()), false, owners, entries);
      for (ReportedLock lock : wait.inTheWay()) {
        boolean queued =
            waits.stream()
                .anyMatch(other ->
                    other.waiter().equals(lock.id()) && Arrays.equals(other.key(), lock.key()));
        addRow(lock, !queued, owners, entries);
      }
    }
    return entries;
  }

  private void addRow(
      ReportedLock lock, boolean granted, Map<TxnId, SessionReport> owners, Set<Entry> into) {
    SessionReport owner = owners.get(lock.id());
    if (owner != null) {
      into.add(
          new Entry(
              ROW,
              owner.databaseId(),
              owner.databaseId() == session.databaseId() ? relation(lock.key()) : null,
              null,
              owner.processId(),
              mode(lock.strength()),
              granted,
              null));
    }
  }

  private @Nullable Long relation(byte[] key) {
    CatalogSnapshot catalog = session.transaction().catalog().snapshot();
    int dataId = KeySpace.tableIdOf(key);
    for (TableDescriptor table : catalog.tables()) {
      if (table.dataId() == dataId) {
        return (long) table.id();
      }
    }
    return null;
  }

  private static AdvisoryKey key(AdvisoryLockFunctions.Key key) {
    return new AdvisoryKey(
        key.value() >>> Integer.SIZE, key.value() & 0xFFFF_FFFFL, key.pair() ? 2 : 1);
  }

  /** The lock of a row in PostgreSQL that stands for a strength. */
  private static String mode(LockStrength strength) {
    return switch (strength) {
      case KEY_SHARE -> "AccessShareLock";
      case SHARE -> "RowShareLock";
      case NO_KEY_UPDATE -> "ExclusiveLock";
      case UPDATE -> "AccessExclusiveLock";
    };
  }
}
