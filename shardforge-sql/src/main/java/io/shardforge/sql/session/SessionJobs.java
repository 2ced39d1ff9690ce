package io.shardforge.sql.session;

import io.shardforge.sql.backup.BackupAttempt;
import io.shardforge.sql.backup.BackupServices;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TableJobs;
import io.shardforge.sql.function.JobFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Jobs of this database's tables and of backups for a session; only those of superusers may. */
final class SessionJobs implements JobFunctions {
  private final Session session;

  SessionJobs(Session session) {
    this.session = session;
  }

  @Override
  public String pause(long id) {
    return change("pause_job", id, TableJobAttempt::pause, (s, job) -> BackupAttempt.pause(s, job));
  }

  @Override
  public String resume(long id) {
    return change(
        "resume_job", id, TableJobAttempt::resume, (s, job) -> BackupAttempt.resume(s, job));
  }

  @Override
  public String cancel(long id) {
    String why = "the job was canceled by \"%s\"".formatted(session.role().name());
    return change(
        "cancel_job",
        id,
        attempt -> attempt.cancel(why),
        (s, job) -> BackupAttempt.cancel(s, job, why));
  }

  private interface BackupChange {
    @Nullable BackupJob apply(BackupServices services, int id);
  }

  private String change(
      String function,
      long id,
      Function<TableJobAttempt, TableJob> ofTable,
      BackupChange ofBackup) {
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function);
    }
    if (session.transaction().isBlock()) {
      throw new ShardForgeException(
          ErrorCode.ACTIVE_SQL_TRANSACTION,
          "shardforge.%s cannot run inside a transaction block".formatted(function));
    }
    for (TableJob job : TableJobs.all(session.transaction().txn())) {
      if (job.oid() == id && job.databaseId() == session.databaseId()) {
        requireUnended(id, !job.isEnded());
        return word(ofTable.apply(new TableJobAttempt(session, job)).state());
      }
    }
    int number = id == (int) id ? (int) id : 0;
    BackupJob changed = ofBackup.apply(session.services().backups(), number);
    if (changed == null) {
      throw new ShardForgeException(
              ErrorCode.UNDEFINED_OBJECT, "job %d is not known in this database".formatted(id))
          .withHint("shardforge.jobs lists the jobs.");
    }
    return word(changed.state());
  }

  static void requireUnended(long id, boolean unended) {
    if (!unended) {
      throw new ShardForgeException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, "job %d has ended".formatted(id));
    }
  }

  private static String word(TableJob.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
