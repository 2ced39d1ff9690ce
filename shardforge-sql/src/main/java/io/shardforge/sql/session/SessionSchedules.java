package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.backup.BackupPlaces;
import io.shardforge.sql.backup.ScheduleTimes;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.BackupJobs;
import io.shardforge.sql.catalog.BackupSchedule;
import io.shardforge.sql.catalog.BackupSchedules;
import io.shardforge.sql.function.ScheduleFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Schedules of backups for a session; only those of superusers may. */
final class SessionSchedules implements ScheduleFunctions {
  /** Backups of one chain, and chains that are kept. */
  private static final long COUNT_MAX = 10_000;

  private final Session session;

  SessionSchedules(Session session) {
    this.session = session;
  }

  @Override
  public Iterator<@Nullable Object[]> schedule(
      String name,
      String target,
      String times,
      List<String> databases,
      boolean history,
      long fullEvery,
      long keep,
      @Nullable String keyFile) {
    requireAllowed("schedule_backup");
    if (name.isEmpty()) {
      throw invalid("the name of a schedule is empty");
    }
    if (fullEvery < 1 || fullEvery > COUNT_MAX) {
      throw invalid("full_every must be from 1 to " + COUNT_MAX);
    }
    if (keep < 0 || keep > COUNT_MAX) {
      throw invalid("keep must be from 1 to " + COUNT_MAX);
    }
    var _ = BackupPlaces.open(target);
    var _ = BackupPlaces.secret(null, keyFile);
    BackupSchedule schedule =
        new BackupSchedule(
            name,
            target,
            times,
            databases,
            history,
            (int) fullEvery,
            (int) keep,
            keyFile == null ? "" : keyFile,
            false,
            ScheduleTimes.next(times, nowMillis()),
            0,
            0);
    writing(txn -> {
      if (BackupSchedules.lock(txn, name) != null) {
        throw new ShardForgeException(
            ErrorCode.DUPLICATE_OBJECT, "schedule \"" + name + "\" already exists");
      }
      var _ = BackupSchedules.databaseIds(txn, schedule);
      BackupSchedules.put(txn, schedule);
      return schedule;
    });
    return List.<@Nullable Object[]>of(new @Nullable Object[] {name, micros(schedule.dueMillis())})
        .iterator();
  }

  @Override
  public Iterator<@Nullable Object[]> schedules() {
    requireSuperuser("backup_schedules");
    Txn txn = session.transaction().txn();
    Map<Integer, BackupJob> jobs = new HashMap<>();
    BackupJobs.all(txn).forEach(job -> jobs.put(job.id(), job));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (BackupSchedule one : BackupSchedules.all(txn)) {
      BackupJob last = jobs.get(one.jobId());
      rows.add(
          new @Nullable Object[] {
            one.name(),
            one.target(),
            one.times(),
            one.scope(),
            one.history(),
            (long) one.fullEvery(),
            one.keep() == 0 ? null : (Object) (long) one.keep(),
            one.keyFile().isEmpty() ? null : one.keyFile(),
            one.state(last, nowMillis()).word(),
            one.paused() ? null : (Object) micros(one.dueMillis()),
            one.lastMillis() == 0 ? null : (Object) micros(one.lastMillis()),
            one.jobId() == 0 ? null : (Object) (long) one.jobId(),
            last == null ? null : last.error()
          });
    }
    return rows.iterator();
  }

  @Override
  public String unschedule(String name) {
    requireAllowed("unschedule_backup");
    return writing(txn -> {
      var _ = known(txn, name);
      BackupSchedules.remove(txn, name);
      return name;
    });
  }

  @Override
  public String pause(String name, boolean pause) {
    requireAllowed(pause ? "pause_backup_schedule" : "resume_backup_schedule");
    return writing(txn -> {
      BackupSchedule known = known(txn, name);
      if (known.paused() != pause) {
        // What was missed meanwhile is not made up for.
        long due = pause ? known.dueMillis() : ScheduleTimes.next(known.times(), nowMillis());
        BackupSchedules.put(txn, known.due(due, pause));
      }
      return name;
    });
  }

  private static BackupSchedule known(Txn txn, String name) {
    BackupSchedule known = BackupSchedules.lock(txn, name);
    if (known == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_OBJECT, "schedule \"" + name + "\" does not exist");
    }
    return known;
  }

  private <T> T writing(Function<Txn, T> work) {
    Txn txn = session.services().transactions().begin(Isolation.READ_COMMITTED, false);
    try {
      txn.beginStatement(session.statementDeadline(), Duration.ZERO);
      T result = work.apply(txn);
      txn.finishStatement(true);
      var _ = txn.commit();
      return result;
    } finally {
      txn.rollback();
    }
  }

  private long nowMillis() {
    return session.services().clock().wallMillis();
  }

  private static long micros(long millis) {
    return millis * 1000 - TransactionBlock.EPOCH_MICROS;
  }

  private static ShardForgeException invalid(String message) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  private void requireSuperuser(String function) {
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function);
    }
  }

  private void requireAllowed(String function) {
    requireSuperuser(function);
    if (session.transaction().isBlock()) {
      throw new ShardForgeException(
          ErrorCode.ACTIVE_SQL_TRANSACTION,
          "shardforge." + function + " cannot run inside a transaction block");
    }
  }
}
