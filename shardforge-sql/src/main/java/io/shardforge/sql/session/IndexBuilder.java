package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.IndexBuild;
import io.shardforge.sql.catalog.IndexBuilds;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.ddl.DuplicateKey;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The building of one index beside those who write its table. When it begins, every writer of the
 * table writes the index, too; what is left are rows that nobody has written since. They are read
 * in the order of their keys, some at a time, and their entries written in one transaction that
 * holds the rows locked: so an entry is that of the newest version of its row, and whoever changes
 * the row later finds it. Rows that somebody else has locked are taken one by one after the others,
 * with no other lock held while waiting.
 *
 * <p>Everything may be done twice: an attempt that has lost its node is followed by another from
 * the place that was noted last.
 */
final class IndexBuilder {
  private static final Logger log = LoggerFactory.getLogger(IndexBuilder.class);

  /** Rows that one transaction locks and writes the entries of. */
  private static final int ROWS_MAX = 2_048;

  private static final int BYTES_MAX = 1 << 20;

  /** How often the place is noted. */
  static final Duration NOTE_INTERVAL = Duration.ofSeconds(1);

  /** After this long without a sign of life another attempt begins. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(15);

  private static final Duration TRANSACTION_TIME = Duration.ofSeconds(10);
  private static final Duration LOCK_TIME = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(200);

  private final Session session;
  private final SessionFactory.Services services;
  private final KeyEncoder scratch = new KeyEncoder();
  private IndexBuild build;
  private long notedNanos;
  private @Nullable Layout layout;

  /** One attempt, in whose hands the build is. */
  IndexBuilder(Session session, IndexBuild build) {
    this.session = session;
    this.services = session.services();
    this.build = build;
    this.notedNanos = services.clock().monotonicNanos();
  }

  /** The index as a version of its table has it. */
  private record Layout(
      TableDescriptor table,
      TableVersion version,
      String schema,
      RowReader reader,
      IndexCodec codec,
      DerivedValues derived) {}

  /** Ends an attempt that is not the one that counts any more. */
  private static final class Superseded extends RuntimeException {
    private static final long serialVersionUID = 1;

    Superseded() {
      super("another attempt goes on", null, false, false);
    }
  }

  /** Another attempt's hands. */
  static IndexBuild take(SessionFactory.Services services, IndexBuild build, int process, Txn txn) {
    return build.takenBy(
        services.nodeId(), process, services.randomness().nextLong(), txn.startTimestamp());
  }

  /** Whether nothing has been heard of an attempt for this long. */
  static boolean isSilent(IndexBuild build, long nowTs, Duration silenceMax) {
    return build.isRunning()
        && Timestamp.physicalMillis(nowTs) - Timestamp.physicalMillis(build.seenTs())
            >= silenceMax.toMillis();
  }

  /** Builds the index for a statement that waits; if that is canceled the index goes again. */
  void run() {
    try {
      fill();
      report(conclude(null));
    } catch (Superseded e) {
      report(awaitOther());
    } catch (ShardForgeException e) {
      if (e.code() == ErrorCode.ADMIN_SHUTDOWN) {
        throw e;
      }
      giveUp(e);
      throw e;
    } catch (KvException e) {
      giveUp(new ShardForgeException(ErrorCode.INTERNAL_ERROR, String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /** Goes on with what another node has left; an interrupt leaves it again. */
  void goOn() {
    try {
      fill();
      var _ = conclude(null);
    } catch (Superseded e) {
      log.info("somebody else builds an index index={}", build.indexName());
    } catch (ShardForgeException | KvException e) {
      if (!Thread.currentThread().isInterrupted()) {
        giveUp(
            e instanceof ShardForgeException known
                ? known
                : new ShardForgeException(
                    ErrorCode.INTERNAL_ERROR, String.valueOf(e.getMessage())));
      }
    }
  }

  /** Tells the client's session how it ended. */
  private void report(IndexBuild ended) {
    String error = ended.error();
    if (gone().message().equals(error)) {
      throw gone();
    }
    if (ended.state() == IndexBuild.State.FAILED && error != null) {
      throw new ShardForgeException(ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, error);
    }
  }

  // ---- The rows ----

  private void fill() {
    services.buildSteps().reached(BuildSteps.Step.PUBLISHED);
    boolean more = true;
    while (more) {
      checkCanceled();
      noteIfDue();
      try {
        more = advance();
      } catch (KvException e) {
        passOrThrow(e);
      }
    }
    services.buildSteps().reached(BuildSteps.Step.FILLED);
  }

  /** Writes the entries of the next rows; false if there are no more. */
  private boolean advance() {
    List<byte[]> keys;
    List<byte[]> left;
    Txn txn = begin();
    try {
      TransactionCatalog catalog = services.catalog().open(build.databaseId(), txn);
      Layout now = layout(catalog.snapshot());
      if (now == null) {
        return true;
      }
      keys = nextKeys(txn, now);
      if (keys.isEmpty()) {
        return false;
      }
      left = write(txn, catalog.snapshot(), now, keys, LockWait.SKIP_LOCKED);
      commit(txn);
    } finally {
      txn.rollback();
    }
    for (byte[] key : left) {
      if (!writeLeft(key)) {
        return true;
      }
    }
    services.buildSteps().reached(BuildSteps.Step.WRITTEN);
    build = build.advanced(Bytes.successor(keys.getLast()), keys.size());
    return true;
  }

  private List<byte[]> nextKeys(Txn txn, Layout now) {
    KeySpan rows = KeySpace.indexSpan(now.table.dataId(), now.table.primaryIndex().number());
    KeySpan rest = build.next().length == 0 ? rows : new KeySpan(build.next(), rows.end());
    List<byte[]> keys = new ArrayList<>();
    long bytes = 0;
    try (KvCursor cursor = txn.scan(rest, false, ROWS_MAX)) {
      while (keys.size() < ROWS_MAX && bytes < BYTES_MAX) {
        KvPage page = cursor.next();
        if (page == null) {
          break;
        }
        for (int i = 0; i < page.rows() && keys.size() < ROWS_MAX; i++) {
          keys.add(page.key(i));
        }
        bytes += page.sizeBytes();
      }
    }
    return keys;
  }

  /**
   * Writes the entry of a row that was locked by somebody else; false if rows lie elsewhere now.
   */
  private boolean writeLeft(byte[] key) {
    while (true) {
      checkCanceled();
      noteIfDue();
      try {
        Txn txn = begin();
        try {
          TransactionCatalog catalog = services.catalog().open(build.databaseId(), txn);
          Layout now = layout(catalog.snapshot());
          if (now == null) {
            return false;
          }
          // Nothing else is held while this waits for the row, so nobody waits in a circle.
          if (write(txn, catalog.snapshot(), now, List.of(key), LockWait.BLOCK).isEmpty()) {
            commit(txn);
            return true;
          }
        } finally {
          txn.rollback();
        }
        pause(PAUSE);
      } catch (KvException e) {
        passOrThrow(e);
      }
    }
  }

  /** Locks rows and writes their entries; returns the keys that somebody else's locks left out. */
  private List<byte[]> write(
      Txn txn, CatalogSnapshot snapshot, Layout now, List<byte[]> keys, LockWait wait) {
    List<byte[]> left = new ArrayList<>();
    // By entry, the row that is to have it, and the value: for entries that no other row may have.
    Map<byte[], Wanted> unique = new TreeMap<>(Bytes::compare);
    try (Execution execution = session.newExecution(txn, snapshot)) {
      for (LockedRow row : txn.lock(keys, LockStrength.SHARE, wait)) {
        byte[] value = row.value();
        if (row.skipped()) {
          left.add(row.key());
        } else if (value != null) {
          @Nullable Object[] complete =
              now.derived.complete(now.reader.read(row.key(), value), execution);
          for (byte[] entry : now.codec.entryKeys(complete, scratch)) {
            byte[] entryValue = now.codec.entryValue(complete, scratch);
            if (!now.codec.isEntryUnique(complete)) {
              txn.put(now.version, entry, entryValue);
            } else if (unique.put(entry, new Wanted(row.key(), entryValue)) != null) {
              throw DuplicateKey.error(now.codec, now.schema, entry);
            }
          }
        }
      }
    }
    if (unique.isEmpty()) {
      return left;
    }
    List<byte[]> entries = List.copyOf(unique.keySet());
    for (LockedRow held : txn.lock(entries, LockStrength.UPDATE, LockWait.SKIP_LOCKED)) {
      Wanted wanted = unique.get(held.key());
      byte[] value = held.value();
      if (wanted == null) {
        throw new IllegalStateException("a lock on a key that nobody asked for");
      }
      if (held.skipped()) {
        left.add(wanted.rowKey);
      } else if (value == null) {
        txn.put(now.version, held.key(), wanted.value);
      } else if (Bytes.compare(now.codec.rowKey(held.key(), value), wanted.rowKey) != 0) {
        throw DuplicateKey.error(now.codec, now.schema, held.key());
      }
    }
    return left;
  }

  private record Wanted(byte[] rowKey, byte[] value) {}

  /**
   * The index as it is now. Null if the rows lie elsewhere now, so that all begins anew; an error
   * if the index is gone.
   */
  private @Nullable Layout layout(CatalogSnapshot snapshot) {
    Layout known = layout;
    TableDescriptor table =
        snapshot.relation(build.tableId()) instanceof TableDescriptor found ? found : null;
    IndexDescriptor index = table == null ? null : table.index(build.indexOid());
    if (table == null || index == null) {
      throw gone();
    }
    if (table.dataId() != build.dataId()) {
      build = build.restartedIn(table.dataId());
      return null;
    }
    if (known != null && known.table.equals(table)) {
      return known;
    }
    RowCodec rows = RowCodec.of(table);
    SchemaDescriptor schema = snapshot.schema(table.schemaId());
    Layout made =
        new Layout(
            table,
            new TableVersion(table.id(), table.version()),
            schema == null ? "" : schema.name(),
            rows.reader(),
            new IndexCodec(rows, index),
            services.planner().derivedValues(table, session.ownPlanContext(snapshot)));
    layout = made;
    return made;
  }

  private ShardForgeException gone() {
    return new ShardForgeException(
        ErrorCode.UNDEFINED_OBJECT,
        "index \"" + build.indexName() + "\" was dropped while it was built");
  }

  // ---- Transactions ----

  private Txn begin() {
    Txn txn = services.transactions().begin(Isolation.READ_COMMITTED, false);
    txn.beginStatement(Deadline.after(services.clock(), TRANSACTION_TIME), LOCK_TIME);
    return txn;
  }

  private static void commit(Txn txn) {
    txn.finishStatement(true);
    var _ = txn.commit();
  }

  /** Runs work in a transaction of its own, again and again until it is done. */
  private <T> T certainly(Function<Txn, T> work) {
    while (true) {
      try {
        Txn txn = begin();
        try {
          T result = work.apply(txn);
          commit(txn);
          return result;
        } finally {
          txn.rollback();
        }
      } catch (KvException e) {
        passOrThrow(e);
      }
    }
  }

  /** Waits a little after an error that passes, so that the same can be done again. */
  private void passOrThrow(KvException e) {
    switch (e.error()) {
      case KvError.SchemaChanged changed -> {
        layout = null;
        try {
          services.catalog().republish(build.databaseId(), changed.tableId(), changed.floor());
        } catch (KvException other) {
          log.debug("a table's version was not looked at", other);
        }
      }
      case KvError.WriteConflict _,
          KvError.ReadChanged _,
          KvError.LockLost _,
          KvError.TxnAborted _,
          KvError.CommitTsTooLow _,
          KvError.LockNotAvailable _,
          KvError.Deadlock _,
          KvError.DeadlineExceeded _,
          KvError.OutcomeUnknown _,
          KvError.Ambiguous _,
          KvError.SnapshotTooOld _,
          KvError.NotLeader _,
          KvError.Unavailable _,
          KvError.QuorumLost _,
          KvError.StaleShard _,
          KvError.KeyExists _,
          KvError.Overloaded _ -> {}
      case KvError.Canceled _ -> {
        checkCanceled();
        throw e;
      }
      case KvError.TimestampInFuture _,
          KvError.TooLarge _,
          KvError.DiskFull _,
          KvError.Refused _,
          KvError.Broken _ ->
          throw e;
    }
    pause(PAUSE);
  }

  private void pause(Duration time) {
    try {
      services.clock().sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      checkCanceled();
    }
  }

  private void checkCanceled() {
    if (Thread.currentThread().isInterrupted()) {
      throw session.cancellationError();
    }
  }

  // ---- What others know of it ----

  private void noteIfDue() {
    long now = services.clock().monotonicNanos();
    if (now - notedNanos < NOTE_INTERVAL.toNanos()) {
      return;
    }
    notedNanos = now;
    build =
        certainly(txn -> {
          IndexBuild known = IndexBuilds.lock(txn, build.indexOid());
          if (known == null || !known.isRunning() || known.owner() != build.owner()) {
            throw new Superseded();
          }
          IndexBuild seen =
              build.takenBy(build.nodeId(), build.processId(), build.owner(), txn.startTimestamp());
          IndexBuilds.put(txn, seen);
          return seen;
        });
    services.buildSteps().reached(BuildSteps.Step.NOTED);
  }

  /** Shows the index to readers, or takes it away; returns how the build has ended. */
  private IndexBuild conclude(@Nullable ShardForgeException failure) {
    IndexBuild ended = certainly(txn -> conclude(txn, failure));
    services.buildSteps().reached(BuildSteps.Step.ENDED);
    log.info(
        "index build ended index={} state={} rows={} error=\"{}\"",
        ended.indexName(),
        ended.state(),
        ended.rowsDone(),
        ended.error());
    return ended;
  }

  private IndexBuild conclude(Txn txn, @Nullable ShardForgeException failure) {
    IndexBuild known = IndexBuilds.lock(txn, build.indexOid());
    if (known == null) {
      throw gone();
    }
    if (!known.isRunning()) {
      // An earlier try of this that nothing was heard of, or another attempt.
      return known;
    }
    TransactionCatalog catalog = services.catalog().open(build.databaseId(), txn);
    ObjectKey key = new ObjectKey(ObjectKey.Kind.TABLE, build.tableId(), 0);
    TableDescriptor table = catalog.lock(key) instanceof TableDescriptor found ? found : null;
    IndexDescriptor index = table == null ? null : table.index(build.indexOid());
    IndexBuild ended;
    if (table == null || index == null) {
      ended = build.ended(IndexBuild.State.FAILED, gone().message(), txn.startTimestamp());
    } else {
      List<IndexDescriptor> others = new ArrayList<>(table.indexes());
      int place = others.indexOf(index);
      if (failure == null) {
        // A table that was written anew since has all entries: who wrote it wrote the index, too.
        others.set(place, index.withState(IndexDescriptor.State.PUBLIC));
        ended = build.ended(IndexBuild.State.DONE, null, txn.startTimestamp());
      } else {
        others.remove(place);
        txn.raiseSchemaFloor(table.id(), table.version() + 1, KeySpace.tableSpan(table.dataId()));
        catalog.abandonIndex(table.dataId(), index.number());
        ended = build.ended(IndexBuild.State.FAILED, failure.message(), txn.startTimestamp());
      }
      catalog.replace(table, table.withIndexes(others));
    }
    IndexBuilds.put(txn, ended);
    IndexBuilds.forgetOld(txn);
    return ended;
  }

  /** Takes the index away; if nobody can be reached, a later attempt builds it after all. */
  private void giveUp(ShardForgeException failure) {
    // The interrupt has done its work.
    boolean interrupted = Thread.interrupted();
    try {
      var _ = conclude(failure);
    } catch (ShardForgeException | KvException e) {
      log.info(
          "an index build was not given up index={} reason=\"{}\"",
          build.indexName(),
          e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private IndexBuild awaitOther() {
    while (true) {
      checkCanceled();
      IndexBuild known =
          certainly(txn -> {
            IndexBuild newest = IndexBuilds.lock(txn, build.indexOid());
            return newest == null
                ? build.ended(IndexBuild.State.FAILED, gone().message(), txn.startTimestamp())
                : newest;
          });
      if (!known.isRunning()) {
        return known;
      }
      pause(LOOK_PAUSE);
    }
  }
}
