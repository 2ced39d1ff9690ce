package io.shardforge.sql.backup;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.backup.BackupSteps.Step;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.BackupJobs;
import io.shardforge.sql.catalog.RestorePlan;
import io.shardforge.storage.backup.BackupSet;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at a backup or a restore, in whose hands the job is. */
public final class BackupAttempt {
  private static final Logger log = LoggerFactory.getLogger(BackupAttempt.class);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(200);

  /** After this long without a sign of life another attempt begins. */
  public static final Duration SILENCE_MAX = Duration.ofSeconds(15);

  private final BackupServices services;
  private final JobHold hold;

  /** What has come of a job, and what of a restore was left out, in words. */
  public record Outcome(BackupJob job, int tables, List<String> leftOut) {}

  public BackupAttempt(BackupServices services, BackupJob job) {
    this.services = services;
    this.hold = new JobHold(services, job);
  }

  /** Puts down a job in the hands of this node. */
  public static BackupJob begin(BackupServices services, int databaseId, BackupJob.Order order) {
    return JobHold.certainly(
        services,
        txn -> {
          int id = services.catalog().open(databaseId, txn).newId();
          BackupJob job = take(services, BackupJob.of(id, order), txn);
          BackupJobs.put(txn, job);
          return job;
        });
  }

  static BackupJob take(BackupServices services, BackupJob job, Txn txn) {
    return job.takenBy(services.nodeId(), services.randomness().nextLong(), txn.startTimestamp());
  }

  /** Whether nothing has been heard of an attempt for this long. */
  static boolean isSilent(BackupJob job, long nowTs, Duration silenceMax) {
    return job.isRunning()
        && Timestamp.physicalMillis(nowTs) - Timestamp.physicalMillis(job.seenTs())
            >= silenceMax.toMillis();
  }

  /** Has a job rest; null if there is none with this number, or it has ended. */
  public static @Nullable BackupJob pause(BackupServices services, int id) {
    return change(services, id, (job, _) -> job.paused());
  }

  /** Has one that rests go on; the same. */
  public static @Nullable BackupJob resume(BackupServices services, int id) {
    return change(services, id, (job, _) -> job.isRunning() ? job : job.resumed());
  }

  /** Ends a job, of which nothing is left; the same. */
  public static @Nullable BackupJob cancel(BackupServices services, int id, String why) {
    BackupJob own = change(services, id, (job, txn) -> take(services, job.resumed(), txn));
    if (own == null) {
      return null;
    }
    new BackupAttempt(services, own).giveUp(why);
    return JobHold.certainly(services, txn -> BackupJobs.lock(txn, id));
  }

  private static @Nullable BackupJob change(
      BackupServices services, int id, BiFunction<BackupJob, Txn, BackupJob> change) {
    return JobHold.certainly(
        services,
        txn -> {
          BackupJob known = BackupJobs.lock(txn, id);
          if (known == null || known.isEnded()) {
            return null;
          }
          BackupJob changed = change.apply(known, txn);
          BackupJobs.put(txn, changed);
          return changed;
        });
  }

  /**
   * Does the job for a statement that waits; if that is canceled nothing is left of it.
   *
   * @param cancellation what the statement says when it was interrupted
   */
  public Outcome run(Supplier<ShardForgeException> cancellation) {
    try {
      return finish();
    } catch (JobHold.Superseded e) {
      return awaitOther(cancellation);
    } catch (KvException e) {
      if (e.error() instanceof KvError.Canceled) {
        throw canceled(cancellation);
      }
      giveUp(reason(e));
      throw e;
    } catch (ShardForgeException e) {
      giveUp(e.message());
      throw e;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw canceled(cancellation);
      }
      ShardForgeException failure = failure(e);
      giveUp(failure.message());
      throw failure;
    }
  }

  private ShardForgeException canceled(Supplier<ShardForgeException> cancellation) {
    ShardForgeException canceled = cancellation.get();
    if (canceled.code() != ErrorCode.ADMIN_SHUTDOWN) {
      giveUp(canceled.message());
    }
    return canceled;
  }

  /** Goes on with what another node has left; an interrupt leaves it again. */
  void goOn() {
    try {
      var _ = finish();
    } catch (JobHold.Superseded e) {
      log.info("somebody else works on a backup id={}", hold.job().id());
    } catch (KvException | ShardForgeException | IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        giveUp(e instanceof IOException io ? failure(io).message() : reason(e));
      }
    }
  }

  private Outcome finish() throws IOException {
    hold.reached(Step.BEGUN);
    Outcome outcome;
    if (hold.job().order().restore()) {
      RestorePlan plan = new RestoreRun(hold).run();
      outcome = new Outcome(hold.job(), plan.tables(), plan.leftOut());
    } else {
      new BackupRun(hold).run();
      outcome = new Outcome(hold.job(), 0, List.of());
    }
    hold.reached(Step.ENDED);
    BackupJob job = hold.job();
    log.info(
        "{} done id={} target={} name={} entries={} bytes={}",
        job.order().restore() ? "restore" : "backup",
        job.id(),
        job.order().target(),
        job.order().backup(),
        job.entries(),
        job.bytes());
    return outcome;
  }

  private ShardForgeException failure(IOException e) {
    return BackupPlaces.failure("backup \"" + hold.job().order().target() + '"', e);
  }

  private static String reason(Exception e) {
    return e instanceof KvException kv && kv.error() instanceof KvError.SnapshotTooOld
        ? "the versions that the backup reads are not kept any more"
        : String.valueOf(e.getMessage());
  }

  /** Ends the job and takes away what it has written. */
  private void giveUp(String why) {
    // The interrupt has done its work.
    boolean interrupted = Thread.interrupted();
    BackupJob job = hold.job();
    try {
      boolean own =
          hold.certainly(txn -> {
            BackupJob known = BackupJobs.lock(txn, job.id());
            if (known == null || !known.isRunning() || known.owner() != job.owner()) {
              return false;
            }
            if (known.order().restore()) {
              RestorePlan.abandon(services.catalog(), txn, known.order());
            } else {
              BackupJobs.forgetChunks(txn, known, BackupJobs.chunks(txn, known.id()));
            }
            BackupJobs.put(txn, known.ended(why, txn.startTimestamp()));
            BackupJobs.forgetOld(txn);
            return true;
          });
      if (own && !job.order().restore()) {
        BackupSet set = BackupPlaces.open(job.order().target());
        set.discard(job.order().backup());
      }
      log.info("backup or restore given up id={} reason=\"{}\"", job.id(), why);
    } catch (ShardForgeException | KvException | IOException e) {
      log.info("backup was not given up id={} reason=\"{}\"", job.id(), e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Outcome awaitOther(Supplier<ShardForgeException> cancellation) {
    while (true) {
      BackupJob known = hold.certainly(txn -> BackupJobs.lock(txn, hold.job().id()));
      if (known == null || known.error() != null) {
        throw new ShardForgeException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            known == null ? "the job is not known any more" : String.valueOf(known.error()));
      }
      if (known.isEnded()) {
        return new Outcome(known, known.order().dataIds().size() / 2, List.of());
      }
      try {
        services.clock().sleep(LOOK_PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw cancellation.get();
      }
    }
  }
}
