package io.shardforge.sql.session;

import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's place in a transaction: none, an implicit one around what the client sent, or a block
 * that BEGIN opened; and whether it has failed. Holds the key-value transaction and the savepoints.
 */
final class TransactionBlock {
  /** Savepoints a transaction may have at once. */
  static final int SAVEPOINTS_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(TransactionBlock.class);

  /** How long a commit waits for the shards of new tables to be cut. */
  private static final Duration CUT_TIME = Duration.ofSeconds(20);

  /** Microseconds from 1970-01-01 to 2000-01-01. */
  static final long EPOCH_MICROS = 946_684_800_000_000L;

  private final TxnClient client;
  private final Catalog allCatalogs;
  private final int databaseId;
  private final SessionSettings settings;
  private final SessionMonitor monitor;
  private final ClusterControl cluster;
  private final Clock clock;
  private final List<Savepoint> savepoints = new ArrayList<>();
  private final Cursors cursors = new Cursors();
  private final Runnable beforeCommit;
  private final DeferredConstraints constraints;
  private final AdvisoryLocks advisoryLocks;
  private final Notifications notifications;
  private volatile @Nullable Txn txn;
  private @Nullable CatalogSnapshot otherCatalog;
  private @Nullable TransactionCatalog catalog;
  private boolean block;

  /** Whether it is around several statements that came as one string. */
  private boolean implicit;

  private boolean failed;
  private boolean ranStatement;
  private IsolationLevel isolation = IsolationLevel.READ_COMMITTED;
  private boolean readOnly;
  private boolean deferrable;
  private long startMicros;

  /**
   * @param beforeCommit what the session has to do at the end of a transaction, as part of it
   */
  TransactionBlock(
      SessionFactory.Services services,
      int databaseId,
      SessionSettings settings,
      Notifications notifications,
      Runnable beforeCommit) {
    this.notifications = notifications;
    this.beforeCommit = beforeCommit;
    this.client = services.transactions();
    this.allCatalogs = services.catalog();
    this.databaseId = databaseId;
    this.settings = settings;
    this.monitor = services.monitorOf(databaseId);
    this.cluster = services.cluster();
    this.clock = services.clock();
    this.constraints = new DeferredConstraints(services.memory());
    this.advisoryLocks = new AdvisoryLocks(client, databaseId, clock);
  }

  private record Savepoint(
      String name,
      int kvSavepoint,
      TransactionCatalog.Mark catalogMark,
      DeferredConstraints.State constraints,
      Notifications.State notifications,
      boolean readOnly) {}

  DeferredConstraints constraints() {
    return constraints;
  }

  boolean isOpen() {
    return txn != null || block || implicit;
  }

  /** Whether BEGIN opened it. */
  boolean isBlock() {
    return block;
  }

  boolean isFailed() {
    return failed;
  }

  /** Whether a query ran in it, so that its isolation level is fixed. */
  boolean ranStatement() {
    return ranStatement;
  }

  void statementRan() {
    ranStatement = true;
  }

  IsolationLevel isolation() {
    return isolation;
  }

  boolean isReadOnly() {
    return readOnly || readsPast();
  }

  /** Whether it reads the state of a time in the past. */
  private boolean readsPast() {
    return !settings.readAt().isEmpty();
  }

  /** The status byte of ReadyForQuery. */
  char status() {
    return failed ? 'E' : block ? 'T' : 'I';
  }

  /** transaction_timestamp() in microseconds since 2000-01-01 UTC. */
  long startMicros() {
    return startMicros;
  }

  /** The time of a statement that begins: outside of a block it is the transaction's. */
  long statementMicros() {
    return block ? nowMicros() : startMicros;
  }

  long nowMicros() {
    return clock.wallMicros() - EPOCH_MICROS;
  }

  /**
   * The key-value transaction; started with the isolation level of the moment when there is none
   * yet.
   */
  Txn txn() {
    Txn current = txn;
    if (current == null) {
      if (!block && !implicit) {
        open();
      }
      current =
          readsPast()
              ? ReadAt.begin(client, settings.readAt(), settings.typeContext(startMicros))
              : client.begin(isolation.isolation(), readOnly);
      txn = current;
    }
    return current;
  }

  /** The transaction's view of the catalog, its own changes included. */
  TransactionCatalog catalog() {
    Txn current = txn();
    TransactionCatalog view = catalog;
    if (view == null) {
      view = allCatalogs.open(databaseId, current);
      catalog = view;
    }
    return view;
  }

  /** What functions see of the catalog. */
  CatalogSnapshot snapshot() {
    CatalogSnapshot other = otherCatalog;
    return other == null ? catalog().snapshot() : other;
  }

  /** Has functions see the catalog of a transaction that is not the session's; null ends it. */
  void see(@Nullable CatalogSnapshot snapshot) {
    otherCatalog = snapshot;
  }

  @Nullable Txn txnOrNull() {
    return txn;
  }

  private void open() {
    isolation = settings.isolation("default_transaction_isolation");
    readOnly = settings.isOn("default_transaction_read_only");
    deferrable = settings.isOn("default_transaction_deferrable");
    startMicros = nowMicros();
    ranStatement = false;
    failed = false;
    settings.mark();
  }

  /** Opens the implicit transaction of a string of several statements, unless one is open. */
  void beginString() {
    if (!isOpen()) {
      open();
      implicit = true;
    }
  }

  /** BEGIN; also turns an implicit transaction into a block. */
  void begin() {
    if (!isOpen()) {
      open();
    }
    block = true;
  }

  /** Isolation level and access mode, for a transaction that is chained to this one. */
  record Modes(IsolationLevel isolation, boolean readOnly, boolean deferrable) {}

  Modes modes() {
    return new Modes(isolation, readOnly, deferrable);
  }

  /** BEGIN with the modes of the transaction before. */
  void begin(Modes modes) {
    begin();
    isolation = modes.isolation;
    readOnly = modes.readOnly;
    deferrable = modes.deferrable;
  }

  /** Sets the level before the first query. */
  void setIsolation(IsolationLevel level) {
    if (level != isolation) {
      require(!ranStatement, "SET TRANSACTION ISOLATION LEVEL must be called before any query");
      require(
          savepoints.isEmpty(),
          "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction");
    }
    isolation = level;
    restart();
  }

  void setReadOnly(boolean value) {
    if (readOnly && !value) {
      require(
          savepoints.isEmpty(),
          "cannot set transaction read-write mode inside a read-only transaction");
      require(!ranStatement, "transaction read-write mode must be set before any query");
    }
    readOnly = value;
    restart();
  }

  boolean isDeferrable() {
    return deferrable;
  }

  /**
   * A serializable read-only transaction never has to be aborted here, so there is nothing to wait
   * for: this is only shown.
   */
  void setDeferrable(boolean value) {
    require(
        savepoints.isEmpty(),
        "SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction");
    require(!ranStatement, "SET TRANSACTION [NOT] DEFERRABLE must be called before any query");
    deferrable = value;
  }

  /** Called before the time that is read changes. */
  void readAtChanges() {
    require(
        !block || (!ranStatement && savepoints.isEmpty()),
        ReadAt.NAME + " must be set before any query of a transaction");
    restart();
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new ShardForgeException(ErrorCode.ACTIVE_SQL_TRANSACTION, message);
    }
  }

  /** A transaction that has done nothing yet takes its new properties. */
  private void restart() {
    Txn current = txn;
    if (current != null && !ranStatement && savepoints.isEmpty() && !current.hasWrites()) {
      current.rollback();
      txn = null;
      catalog = null;
    }
  }

  /**
   * After an error: nothing but the end of the transaction, or of a savepoint, is taken. Without a
   * savepoint nothing can come of it any more, so that others need not wait for its locks until the
   * client has read the error and says ROLLBACK.
   */
  void fail() {
    if (!block) {
      return;
    }
    failed = true;
    Txn current = txn;
    if (current != null && savepoints.isEmpty()) {
      current.rollback();
      monitor.transactionRolledBack();
      txn = null;
      catalog = null;
    }
  }

  /** Commits; the transaction is over whatever comes of it. */
  void commit() {
    Txn current = txn;
    TransactionCatalog changes = catalog;
    boolean done = false;
    List<TableDescriptor> toCut =
        current == null || changes == null ? List.of() : changes.tablesToCut();
    try {
      if (current != null) {
        beforeCommit.run();
        constraints.checkAll();
        current.commit();
        monitor.transactionCommitted();
      }
      settings.commit();
      cursors.committed();
      notifications.committed();
      done = true;
    } finally {
      if (!done) {
        settings.rollBackAll();
        monitor.transactionRolledBack();
        if (current != null) {
          current.rollback();
        }
      }
      clear();
    }
    cut(toCut);
  }

  /**
   * Gives the arcs of new tables that are cut by hash shards of their own, so that the first rows
   * find them. It is only sooner here: the cluster does so by itself.
   */
  private void cut(List<TableDescriptor> tables) {
    Deadline deadline = Deadline.after(clock, CUT_TIME);
    for (TableDescriptor table : tables) {
      try {
        cluster.cut(table.dataId(), table.options().shards(), deadline);
      } catch (RuntimeException e) {
        // Whatever it is, the transaction is committed.
        LOG.info("a table is cut later table={} reason=\"{}\"", table.id(), e.getMessage());
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  void rollback() {
    Txn current = txn;
    if (current != null) {
      current.rollback();
      monitor.transactionRolledBack();
    }
    if (isOpen()) {
      settings.rollBackAll();
    }
    clear();
  }

  /**
   * Drops an implicit transaction's work so that its one statement can run again from the start.
   */
  void startOver() {
    Txn current = txn;
    if (current != null) {
      current.rollback();
    }
    txn = null;
    catalog = null;
    ranStatement = false;
    settings.rollBackAll();
    savepoints.clear();
    constraints.clear();
    advisoryLocks.transactionEnded();
    notifications.forget();
    cursors.rolledBack();
  }

  private void clear() {
    txn = null;
    catalog = null;
    block = false;
    implicit = false;
    failed = false;
    ranStatement = false;
    savepoints.clear();
    constraints.clear();
    advisoryLocks.transactionEnded();
    notifications.forget();
    cursors.rolledBack();
  }

  Notifications notifications() {
    return notifications;
  }

  /** The transaction that is open, null if there is none. Any thread. */
  @Nullable TxnId txnId() {
    Txn current = txn;
    return current == null ? null : current.idOrNull();
  }

  AdvisoryLocks advisoryLocks() {
    return advisoryLocks;
  }

  Cursors cursors() {
    return cursors;
  }

  /** How many savepoints there are now. */
  int savepoints() {
    return savepoints.size();
  }

  void savepoint(String name) {
    if (savepoints.size() >= SAVEPOINTS_MAX) {
      throw new ShardForgeException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a transaction can have %d savepoints".formatted(SAVEPOINTS_MAX));
    }
    savepoints.add(
        new Savepoint(
            name,
            txn().savepoint(),
            catalog().mark(),
            constraints.state(),
            notifications.state(),
            readOnly));
    settings.mark();
  }

  void release(String name) {
    int index = find(name);
    txn().release(savepoints.get(index).kvSavepoint());
    readOnly = savepoints.get(index).readOnly();
    while (savepoints.size() > index) {
      savepoints.removeLast();
      settings.release();
    }
    cursors.released(index);
  }

  /** Undoes all since the savepoint and heals a failed block; the savepoint stays. */
  void rollbackTo(String name) {
    int index = find(name);
    txn().rollbackTo(savepoints.get(index).kvSavepoint());
    catalog().restore(savepoints.get(index).catalogMark());
    constraints.restore(savepoints.get(index).constraints());
    notifications.restore(savepoints.get(index).notifications());
    readOnly = savepoints.get(index).readOnly();
    while (savepoints.size() > index + 1) {
      savepoints.removeLast();
      settings.rollBack();
    }
    settings.rollBackKeepingMark();
    cursors.rolledBackTo(index + 1);
    failed = false;
  }

  private int find(String name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new ShardForgeException(
        ErrorCode.INVALID_SAVEPOINT_SPECIFICATION,
        "savepoint \"%s\" does not exist".formatted(name));
  }
}
