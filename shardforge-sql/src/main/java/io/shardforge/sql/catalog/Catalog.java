package io.shardforge.sql.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node's copy of the catalog: one snapshot a database, loaded when a transaction's catalog
 * version (which came with its timestamp) says that there is a newer one. Thread-safe.
 */
public final class Catalog {
  /** Databases whose snapshots are kept. */
  private static final int SNAPSHOTS_MAX = 64;

  /** Catalogs of the past in memory: each transaction that reads at another time loads one. */
  private static final int PAST_SNAPSHOTS_MAX = 16;

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final TxnClient transactions;
  private final Clock clock;
  private final List<VirtualTable> virtualTables;
  private final ObjectIds ids;
  private final Cache<Integer, Loaded> newest =
      Caffeine.newBuilder().maximumSize(SNAPSHOTS_MAX).executor(Runnable::run).build();
  private final Cache<PastKey, DatabaseSnapshot> past =
      Caffeine.newBuilder().maximumSize(PAST_SNAPSHOTS_MAX).executor(Runnable::run).build();
  private final ReentrantLock loading = new ReentrantLock();
  private final AtomicLong privateVersions = new AtomicLong();

  public Catalog(TxnClient transactions, Clock clock, List<VirtualTable> virtualTables) {
    this.transactions = transactions;
    this.clock = clock;
    this.virtualTables = List.copyOf(virtualTables);
    this.ids = new ObjectIds(transactions, clock);
  }

  /** A snapshot at least as new as the version. */
  public CatalogSnapshot snapshot(int databaseId, long version) {
    return databaseSnapshot(databaseId, version);
  }

  /** The view of one transaction, which may change the catalog through it. */
  public TransactionCatalog open(int databaseId, Txn txn) {
    return new TransactionCatalog(this, databaseId, txn);
  }

  /**
   * The newest catalog as seen from a database, with a fresh timestamp: for logins, which have no
   * transaction yet. Roles and databases of the cluster are in every snapshot.
   */
  public CatalogSnapshot newest(int databaseId) {
    long version = reading(Txn::catalogVersion);
    return databaseSnapshot(databaseId, version);
  }

  /**
   * Makes a table's version reach a floor that shards demand of its writes. A schema change raises
   * the floor before it commits; if it then was rolled back, writes would be refused for ever
   * without this. Waits for a schema change that is still under way.
   */
  public void republish(int databaseId, int tableId, long floor) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.TABLE, tableId, 0);
    writing(txn -> {
      CatalogObject newest = CatalogRows.lock(txn, databaseId, key, LockStrength.UPDATE);
      if (newest instanceof TableDescriptor table && table.version() < floor) {
        CatalogRows.put(txn, databaseId, table.withVersion(floor));
      }
    });
  }

  /** A snapshot, and what the next one is to be compared with. */
  private record Loaded(DatabaseSnapshot snapshot, StoredObjects stored) {}

  /** A database at a timestamp older than the newest change of the catalog. */
  private record PastKey(int databaseId, long timestamp) {}

  /** What dropped, truncated and rewritten tables and dropped indexes left, as of a timestamp. */
  public record Garbage(List<AbandonedRows> rows, long seenTs) {}

  /** The garbage that the catalog knows of now. */
  public Garbage garbage() {
    return reading(txn -> new Garbage(CatalogRows.abandoned(txn), txn.startTimestamp()));
  }

  /** Forgets about garbage that is gone from every node. */
  public void forgetGarbage(List<AbandonedRows> garbage) {
    writing(txn -> garbage.forEach(rows -> CatalogRows.forget(txn, rows)));
  }

  /** Drops the temporary objects of a session that is no more. */
  public void dropTemporary(int databaseId, String schema) {
    writing(txn -> open(databaseId, txn).dropWithContent(schema));
  }

  ObjectIds ids() {
    return ids;
  }

  long nextPrivateVersion() {
    return privateVersions.decrementAndGet();
  }

  /**
   * What a transaction sees: the catalog at its read timestamp. A newer one would name what is
   * empty then, such as the entries of a new index, or rows that were written anew.
   */
  DatabaseSnapshot databaseSnapshot(int databaseId, Txn txn) {
    DatabaseSnapshot now = databaseSnapshot(databaseId, txn.catalogVersion());
    long timestamp = txn.readTimestamp();
    if (now.changeTimestamp() <= timestamp) {
      return now;
    }
    PastKey key = new PastKey(databaseId, timestamp);
    DatabaseSnapshot known = past.getIfPresent(key);
    if (known == null) {
      Loaded near = loaded(databaseId);
      known =
          reading(
              transactions.beginAsOf(timestamp),
              then ->
                  near.snapshot.with(
                      nextPrivateVersion(),
                      timestamp,
                      near.stored.read(then, databaseId).changes()));
      past.put(key, known);
    }
    return known;
  }

  // Hot path: once a statement; a hit is one look-up in a concurrent map.
  DatabaseSnapshot databaseSnapshot(int databaseId, long version) {
    Loaded known = newest.getIfPresent(databaseId);
    if (known != null && known.snapshot.version() >= version) {
      return known.snapshot;
    }
    loading.lock();
    try {
      known = loaded(databaseId);
      if (known.snapshot.version() < version) {
        known = loadNewest(databaseId, known);
        newest.put(databaseId, known);
      }
      return known.snapshot;
    } finally {
      loading.unlock();
    }
  }

  /** What was loaded last; of a database that was not looked at yet nothing. */
  private Loaded loaded(int databaseId) {
    Loaded known = newest.getIfPresent(databaseId);
    return known == null
        ? new Loaded(DatabaseSnapshot.empty(databaseId, virtualTables), StoredObjects.NONE)
        : known;
  }

  private Loaded loadNewest(int databaseId, Loaded known) {
    return reading(txn -> {
      long version = txn.catalogVersion();
      StoredObjects.Reading read = known.stored.read(txn, databaseId);
      // A change that was being committed when the version was told may have been read, too; all
      // that was read is counted by now.
      boolean exact = reading(Txn::catalogVersion) == version;
      return new Loaded(
          known.snapshot.with(version, exact ? version : txn.readTimestamp(), read.changes()),
          read.stored());
    });
  }

  /** Runs work that only reads, on the newest state. */
  private <T> T reading(Function<Txn, T> work) {
    return reading(transactions.begin(Isolation.REPEATABLE_READ, true), work);
  }

  private <T> T reading(Txn txn, Function<Txn, T> work) {
    try {
      txn.beginStatement(Deadline.after(clock, DEADLINE), Duration.ZERO);
      return work.apply(txn);
    } finally {
      txn.rollback();
    }
  }

  /** Runs work in a transaction of its own and commits it. */
  private void writing(Consumer<Txn> work) {
    Txn txn = transactions.begin(Isolation.READ_COMMITTED, false);
    try {
      txn.beginStatement(Deadline.after(clock, DEADLINE), Duration.ZERO);
      work.accept(txn);
      txn.finishStatement(true);
      txn.commit();
    } catch (RuntimeException e) {
      txn.rollback();
      throw e;
    }
  }

  /**
   * Writes the databases, roles and schemas that every cluster starts with; does nothing if they
   * are there already.
   *
   * @param verifier the SCRAM verifier of the superusers' password, or null for none
   */
  public void bootstrap(@Nullable String verifier) {
    writing(txn -> new Bootstrap(txn).run(verifier));
  }
}
