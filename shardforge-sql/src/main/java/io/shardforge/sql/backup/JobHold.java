package io.shardforge.sql.backup;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.backup.BackupSteps.Step;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.BackupJobs;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's hold on its job: every transaction of the attempt locks the job's row and finds its
 * own number there, so that one that was taken for dead changes nothing any more.
 */
final class JobHold {
  private static final Duration TRANSACTION_TIME = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final BackupServices services;
  private BackupJob job;

  JobHold(BackupServices services, BackupJob job) {
    this.services = services;
    this.job = job;
  }

  /** Ends an attempt that is not the one that counts any more. */
  static final class Superseded extends RuntimeException {
    private static final long serialVersionUID = 1;

    Superseded() {
      super("another attempt goes on", null, false, false);
    }
  }

  BackupJob job() {
    return job;
  }

  BackupServices services() {
    return services;
  }

  void reached(Step step) {
    services.steps().reached(step);
  }

  Deadline deadline() {
    return deadline(services);
  }

  private static Deadline deadline(BackupServices services) {
    return Deadline.after(services.clock(), TRANSACTION_TIME);
  }

  /** Notes a change of the job, and what goes with it, as one; a sign of life if nothing else. */
  void note(UnaryOperator<BackupJob> change, Consumer<Txn> work) {
    job =
        certainly(txn -> {
          require(txn);
          work.accept(txn);
          BackupJob seen =
              change.apply(job).takenBy(job.nodeId(), job.owner(), txn.startTimestamp());
          BackupJobs.put(txn, seen);
          return seen;
        });
  }

  /** Ends the job, together with what makes it whole. */
  void end(Consumer<Txn> work) {
    job =
        certainly(txn -> {
          BackupJob known = BackupJobs.lock(txn, job.id());
          if (known != null && known.state() == TableJob.State.DONE) {
            // An earlier try of this that nothing was heard of.
            return known;
          }
          require(txn);
          work.accept(txn);
          BackupJob ended = job.ended(null, txn.startTimestamp());
          BackupJobs.put(txn, ended);
          BackupJobs.forgetOld(txn);
          return ended;
        });
  }

  private void require(Txn txn) {
    BackupJob known = BackupJobs.lock(txn, job.id());
    if (known == null || !known.isRunning() || known.owner() != job.owner()) {
      throw new Superseded();
    }
  }

  /** Runs work in a transaction of its own, again and again until it is done. */
  <T extends @Nullable Object> T certainly(Function<Txn, T> work) {
    return certainly(services, work);
  }

  /** The same for who has no job. */
  static <T extends @Nullable Object> T certainly(BackupServices services, Function<Txn, T> work) {
    return persistently(
        services,
        () -> {
          Txn txn = services.transactions().begin(Isolation.READ_COMMITTED, false);
          try {
            txn.beginStatement(deadline(services), Duration.ZERO);
            T result = work.apply(txn);
            txn.finishStatement(true);
            var _ = txn.commit();
            return result;
          } finally {
            txn.rollback();
          }
        });
  }

  /** Something that can be done again, and may fail for a reason that passes. */
  interface Work<T extends @Nullable Object> {
    T run();
  }

  /** Does work again and again until it is done. */
  <T extends @Nullable Object> T persistently(Work<T> work) {
    return persistently(services, work);
  }

  private static <T extends @Nullable Object> T persistently(
      BackupServices services, Work<T> work) {
    while (true) {
      try {
        return work.run();
      } catch (KvException e) {
        if (!passes(e.error())) {
          throw e;
        }
        pause(services);
      }
    }
  }

  private static boolean passes(KvError error) {
    return switch (error) {
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
          KvError.NotLeader _,
          KvError.Unavailable _,
          KvError.QuorumLost _,
          KvError.StaleShard _,
          KvError.SchemaChanged _,
          KvError.Overloaded _ ->
          true;
      case KvError.Canceled _,
          KvError.KeyExists _,
          KvError.SnapshotTooOld _,
          KvError.TimestampInFuture _,
          KvError.TooLarge _,
          KvError.DiskFull _,
          KvError.Refused _,
          KvError.Broken _ ->
          false;
    };
  }

  private static void pause(BackupServices services) {
    try {
      services.clock().sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KvException(new KvError.Canceled());
    }
  }

  /** Ends the attempt if it was canceled. */
  void checkCanceled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new KvException(new KvError.Canceled());
    }
  }
}
