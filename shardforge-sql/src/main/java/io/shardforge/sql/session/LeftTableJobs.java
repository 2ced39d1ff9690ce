package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TableJobs;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with work on tables that nobody works on any more: their node has died, or their session
 * was ended. One thread.
 */
public final class LeftTableJobs {
  private static final Logger log = LoggerFactory.getLogger(LeftTableJobs.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration TRANSACTION_TIME = Duration.ofSeconds(10);

  private final SessionFactory sessions;
  private final Duration silenceMax;

  /**
   * The jobs that a node looks after.
   *
   * @param silenceMax after how long without a sign of life one counts as left
   */
  LeftTableJobs(SessionFactory sessions, Duration silenceMax) {
    this.sessions = sessions;
    this.silenceMax = silenceMax;
  }

  /** Looks again and again, until the thread is interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      sessions.services().clock().sleep(INTERVAL);
      try {
        pass();
      } catch (RuntimeException e) {
        log.debug("work on tables was not looked at, trying again", e);
      }
    }
  }

  /** Takes over what is left, one after the other. */
  public void pass() throws InterruptedException {
    for (TableJob left : left()) {
      TableJob taken = inTransaction(txn -> take(txn, left));
      if (taken == null) {
        continue;
      }
      log.info(
          "goes on with work on a table kind={} name={} rows={}",
          taken.kind(),
          taken.objectName(),
          taken.rowsDone());
      DatabaseDescriptor database =
          sessions
              .services()
              .catalog()
              .newest(SystemOids.DATABASE_POSTGRES)
              .database(taken.databaseId());
      if (database == null) {
        var _ = inTransaction(txn -> end(txn, taken));
        continue;
      }
      try (Session session = sessions.openOwn(database)) {
        session.withTypes(new TableJobAttempt(session, taken)::goOn);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private List<TableJob> left() {
    List<TableJob> left = new ArrayList<>();
    var _ =
        inTransaction(txn -> {
          for (TableJob job : TableJobs.all(txn)) {
            if (isLeft(job, txn)) {
              left.add(job);
            }
          }
          return null;
        });
    return left;
  }

  private boolean isLeft(TableJob job, Txn txn) {
    return TableJobAttempt.isSilent(job, txn.startTimestamp(), silenceMax);
  }

  private @Nullable TableJob take(Txn txn, TableJob left) {
    TableJob newest = TableJobs.lock(txn, left.oid());
    if (newest == null || !isLeft(newest, txn)) {
      return null;
    }
    TableJob taken = TableJobAttempt.take(sessions.services(), newest, 0, txn);
    TableJobs.put(txn, taken);
    return taken;
  }

  private static @Nullable TableJob end(Txn txn, TableJob job) {
    TableJobs.put(
        txn, job.ended(TableJob.State.FAILED, "the database was dropped", txn.startTimestamp()));
    return null;
  }

  private @Nullable TableJob inTransaction(Function<Txn, @Nullable TableJob> work) {
    Txn txn = sessions.services().transactions().begin(Isolation.READ_COMMITTED, false);
    try {
      txn.beginStatement(
          Deadline.after(sessions.services().clock(), TRANSACTION_TIME), Duration.ZERO);
      TableJob result = work.apply(txn);
      txn.finishStatement(true);
      var _ = txn.commit();
      return result;
    } finally {
      txn.rollback();
    }
  }
}
