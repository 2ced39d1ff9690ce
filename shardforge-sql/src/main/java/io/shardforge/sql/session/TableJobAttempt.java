package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TableJobs;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a job on the rows of a table, in whose hands it is: takes the rows in the order of
 * their keys, some at a time in a transaction of their own, notes the place and how it ended.
 *
 * <p>Everything may be done twice: an attempt that has lost its node is followed by another from
 * the place that was noted last.
 */
final class TableJobAttempt {
  private static final Logger log = LoggerFactory.getLogger(TableJobAttempt.class);

  /** Rows that one transaction is about. */
  static final int ROWS_MAX = 2_048;

  static final int BYTES_MAX = 1 << 20;

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
  private final TableJobWork work;
  private TableJob job;
  private long notedNanos;

  TableJobAttempt(Session session, TableJob job) {
    this.session = session;
    this.services = session.services();
    this.job = job;
    this.notedNanos = services.clock().monotonicNanos();
    this.work =
        switch (job.kind()) {
          case INDEX, REINDEX -> new IndexBuilder(session, this);
          case CHECK, NOT_NULL, FOREIGN_KEY -> new ConstraintValidation(session, this);
          case REWRITE -> new TableRewriting(session, this);
        };
  }

  /** Ends an attempt that is not the one that counts any more. */
  private static final class Superseded extends RuntimeException {
    private static final long serialVersionUID = 1;

    Superseded() {
      super("another attempt goes on", null, false, false);
    }
  }

  /** Another attempt's hands. */
  static TableJob take(SessionFactory.Services services, TableJob job, int process, Txn txn) {
    return job.takenBy(
        services.nodeId(), process, services.randomness().nextLong(), txn.startTimestamp());
  }

  /** Whether nothing has been heard of an attempt for this long. */
  static boolean isSilent(TableJob job, long nowTs, Duration silenceMax) {
    return job.isRunning()
        && Timestamp.physicalMillis(nowTs) - Timestamp.physicalMillis(job.seenTs())
            >= silenceMax.toMillis();
  }

  /** Does the job for a statement that waits; if that is canceled nothing is left of it. */
  void run() {
    try {
      report(finish());
    } catch (Superseded e) {
      report(awaitOther());
    } catch (ShardForgeException e) {
      if (e.code() == ErrorCode.ADMIN_SHUTDOWN) {
        throw e;
      }
      reportIfCanceled(giveUp(e));
      throw e;
    } catch (KvException e) {
      var _ =
          giveUp(new ShardForgeException(ErrorCode.INTERNAL_ERROR, String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /** Goes on with what another node has left; an interrupt leaves it again. */
  void goOn() {
    try {
      var _ = finish();
    } catch (Superseded e) {
      log.info("somebody else works on a table kind={} name={}", job.kind(), job.objectName());
    } catch (ShardForgeException | KvException e) {
      if (!Thread.currentThread().isInterrupted()) {
        var _ =
            giveUp(
                e instanceof ShardForgeException known
                    ? known
                    : new ShardForgeException(
                        ErrorCode.INTERNAL_ERROR, String.valueOf(e.getMessage())));
      }
    }
  }

  // ---- What somebody else wants ----

  /** Has the job rest, in whose hands it may be. */
  TableJob pause() {
    return change(TableJob::paused);
  }

  /** Has it go on in other hands, if it rests. */
  TableJob resume() {
    return change(known -> known.isRunning() ? known : known.resumed());
  }

  private TableJob change(UnaryOperator<TableJob> change) {
    return certainly(txn -> {
      TableJob known = TableJobs.lock(txn, job.oid());
      SessionJobs.requireUnended(job.oid(), known != null && !known.isEnded());
      TableJob changed = change.apply(Objects.requireNonNull(known));
      TableJobs.put(txn, changed);
      return changed;
    });
  }

  /** Ends it: nothing is left of it, and whoever waits for it is told. */
  TableJob cancel(String why) {
    return conclude(new Failure(TableJob.State.CANCELED, why));
  }

  private static void reportIfCanceled(@Nullable TableJob ended) {
    if (ended != null && ended.state() == TableJob.State.CANCELED) {
      throw new ShardForgeException(ErrorCode.QUERY_CANCELED, String.valueOf(ended.error()));
    }
  }

  /** Tells the client's session how it ended. */
  private void report(TableJob ended) {
    reportIfCanceled(ended);
    String error = ended.error();
    if (work.gone().message().equals(error)) {
      throw work.gone();
    }
    if (ended.state() == TableJob.State.FAILED && error != null) {
      throw new ShardForgeException(ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, error);
    }
  }

  // ---- The rows ----

  private TableJob finish() {
    TableJob ended;
    do {
      doRows();
      ended = conclude(null);
    } while (ended.isRunning());
    return ended;
  }

  private void doRows() {
    services.jobSteps().reached(JobSteps.Step.PUBLISHED);
    boolean more = true;
    while (more) {
      checkCanceled();
      noteIfDue();
      try {
        more = work.advance();
      } catch (KvException e) {
        passOrThrow(e);
      }
    }
    services.jobSteps().reached(JobSteps.Step.FILLED);
  }

  TableJob job() {
    return job;
  }

  /** The rows that are left of a table that the job has been working on so far. */
  KeySpan rest(TableDescriptor table) {
    KeySpan rows = KeySpace.indexSpan(table.dataId(), table.primaryIndex().number());
    return job.next().length == 0 ? rows : new KeySpan(job.next(), rows.end());
  }

  /** Notes that more rows are done, in memory. */
  void advanced(byte[] next, int rows) {
    services.jobSteps().reached(JobSteps.Step.WRITTEN);
    job = job.advanced(next, rows);
  }

  /** Whether the rows are where the job has left them; if not, it begins anew. */
  boolean isInPlace(TableDescriptor table) {
    if (table.dataId() == job.dataId()) {
      return true;
    }
    job = job.restartedIn(table.dataId());
    return false;
  }

  // ---- Transactions ----

  Txn begin() {
    Txn txn = services.transactions().begin(Isolation.READ_COMMITTED, false);
    seeNewest(txn);
    return txn;
  }

  /** Lets a transaction go on with the data as they are now, after a wait for others. */
  void seeNewest(Txn txn) {
    txn.beginStatement(Deadline.after(services.clock(), TRANSACTION_TIME), LOCK_TIME);
  }

  static void commit(Txn txn) {
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
  void passOrThrow(KvException e) {
    switch (e.error()) {
      case KvError.SchemaChanged changed -> {
        try {
          services.catalog().republish(job.databaseId(), changed.tableId(), changed.floor());
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
    giveWay();
  }

  /** Lets others end what is in the way. */
  void giveWay() {
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

  void checkCanceled() {
    if (Thread.currentThread().isInterrupted()) {
      throw session.cancellationError();
    }
  }

  // ---- What others know of it ----

  void noteIfDue() {
    long now = services.clock().monotonicNanos();
    if (now - notedNanos < NOTE_INTERVAL.toNanos()) {
      return;
    }
    notedNanos = now;
    job =
        certainly(txn -> {
          TableJob known = TableJobs.lock(txn, job.oid());
          if (known == null || !known.isRunning() || known.owner() != job.owner()) {
            throw new Superseded();
          }
          TableJob seen =
              job.takenBy(job.nodeId(), job.processId(), job.owner(), txn.startTimestamp());
          TableJobs.put(txn, seen);
          return seen;
        });
    services.jobSteps().reached(JobSteps.Step.NOTED);
  }

  /** How a job ends that is not done, and why. */
  private record Failure(TableJob.State state, String why) {}

  /**
   * Makes what was worked on whole, or takes it away; returns how the job has ended, if it has: the
   * rows may have been written anew elsewhere.
   */
  private TableJob conclude(@Nullable Failure failure) {
    TableJob ended = certainly(txn -> conclude(txn, failure));
    if (ended.isRunning()) {
      return ended;
    }
    services.jobSteps().reached(JobSteps.Step.ENDED);
    log.info(
        "work on a table ended kind={} name={} state={} rows={} error=\"{}\"",
        ended.kind(),
        ended.objectName(),
        ended.state(),
        ended.rowsDone(),
        ended.error());
    return ended;
  }

  private TableJob conclude(Txn txn, @Nullable Failure failure) {
    TableJob known = TableJobs.lock(txn, job.oid());
    if (known == null) {
      throw work.gone();
    }
    if (known.isEnded()) {
      // An earlier try of this that nothing was heard of, or another attempt.
      return known;
    }
    if (failure == null && !known.isRunning()) {
      throw new Superseded();
    }
    TransactionCatalog catalog = services.catalog().open(job.databaseId(), txn);
    ObjectKey key = new ObjectKey(ObjectKey.Kind.TABLE, job.tableId(), 0);
    TableDescriptor table = catalog.lock(key) instanceof TableDescriptor found ? found : null;
    if (table != null && failure == null && !isInPlace(table)) {
      return job;
    }
    TableDescriptor changed =
        table == null ? null : work.concluded(txn, catalog, table, failure == null);
    TableJob ended;
    if (table == null || changed == null) {
      ended = job.ended(TableJob.State.FAILED, work.gone().message(), txn.startTimestamp());
    } else {
      ended =
          failure == null
              ? job.ended(TableJob.State.DONE, null, txn.startTimestamp())
              : job.ended(failure.state(), failure.why(), txn.startTimestamp());
      catalog.replace(table, changed);
    }
    TableJobs.put(txn, ended);
    TableJobs.forgetOld(txn);
    return ended;
  }

  /** Takes away what was worked on; if nobody can be reached, a later attempt does it after all. */
  private @Nullable TableJob giveUp(ShardForgeException failure) {
    // The interrupt has done its work.
    boolean interrupted = Thread.interrupted();
    try {
      return conclude(new Failure(TableJob.State.FAILED, failure.message()));
    } catch (ShardForgeException | KvException e) {
      log.info(
          "work on a table was not given up name={} reason=\"{}\"",
          job.objectName(),
          e.getMessage());
      return null;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private TableJob awaitOther() {
    while (true) {
      checkCanceled();
      TableJob known =
          certainly(txn -> {
            TableJob newest = TableJobs.lock(txn, job.oid());
            return newest == null
                ? job.ended(TableJob.State.FAILED, work.gone().message(), txn.startTimestamp())
                : newest;
          });
      if (known.isEnded()) {
        return known;
      }
      pause(LOOK_PAUSE);
    }
  }
}
