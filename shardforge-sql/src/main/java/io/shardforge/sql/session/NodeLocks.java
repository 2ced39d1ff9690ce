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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session sees of the locks of all sessions of its node: their advisory locks, and of row
 * locks those that somebody waits for. Who waits for rows is asked of the nodes that lead their
 * shards.
 */
final class NodeLocks implements LocksView, BlockingFunctions {
  private static final String ADVISORY = "advisory";
  private static final String ROW = "tuple";

  private final Session session;

  NodeLocks(Session session) {
    this.session = session;
  }

  /** What a session waits for, in PostgreSQL's word for the event, by its process number. */
  Map<Integer, String> waits() {
    Map<Integer, String> events = new HashMap<>();
    boolean othersRun = false;
    for (Session one : session.services().directory().sessions()) {
      othersRun |= !one.equals(session) && one.activity().state().equals("active");
      if (one.transaction().advisoryLocks().shown().stream().anyMatch(lock -> !lock.isHeld())) {
        events.put(one.client().processId(), ADVISORY);
      }
    }
    if (othersRun) {
      Map<TxnId, Session> owners = owners();
      for (RowWait wait : rowWaits()) {
        Session waiter = owners.get(wait.waiter());
        if (waiter != null) {
          events.putIfAbsent(waiter.client().processId(), ROW);
        }
      }
    }
    return events;
  }

  private Map<TxnId, Session> owners() {
    Map<TxnId, Session> owners = new HashMap<>();
    for (Session one : session.services().directory().sessions()) {
      transactions(one).forEach(id -> owners.put(id, one));
    }
    return owners;
  }

  private static List<TxnId> transactions(Session one) {
    List<TxnId> ids = new ArrayList<>();
    TxnId own = one.transaction().txnId();
    if (own != null) {
      ids.add(own);
    }
    one.transaction().advisoryLocks().shown().forEach(lock -> ids.add(lock.txn()));
    return ids;
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
    Session asked = session.services().directory().session((int) pid);
    if (asked == null) {
      return List.of();
    }
    List<TxnId> own = transactions(asked);
    Map<TxnId, Session> owners = owners();
    Set<Long> pids = new LinkedHashSet<>();
    for (RowWait wait : rowWaits()) {
      if (own.contains(wait.waiter())) {
        for (ReportedLock lock : wait.inTheWay()) {
          Session owner = owners.get(lock.id());
          pids.add(owner == null ? 0L : owner.client().processId());
        }
      }
    }
    return List.copyOf(pids);
  }

  @Override
  public Collection<Entry> locks() {
    Set<Entry> entries = new LinkedHashSet<>();
    for (Session one : session.services().directory().sessions()) {
      for (AdvisoryLocks.Shown lock : one.transaction().advisoryLocks().shown()) {
        entries.add(
            new Entry(
                ADVISORY,
                one.databaseId(),
                null,
                key(lock.key()),
                one.client().processId(),
                lock.shared() ? "ShareLock" : "ExclusiveLock",
                lock.isHeld(),
                lock.isHeld()
                    ? null
                    : (Long) (lock.sinceMillis() * 1000 - TransactionBlock.EPOCH_MICROS)));
      }
    }
    Map<TxnId, Session> owners = owners();
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
      ReportedLock lock, boolean granted, Map<TxnId, Session> owners, Set<Entry> into) {
    Session owner = owners.get(lock.id());
    if (owner != null) {
      into.add(
          new Entry(
              ROW,
              owner.databaseId(),
              owner.databaseId() == session.databaseId() ? relation(lock.key()) : null,
              null,
              owner.client().processId(),
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
