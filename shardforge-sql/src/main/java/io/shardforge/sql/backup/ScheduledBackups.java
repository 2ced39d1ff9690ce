package io.shardforge.sql.backup;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.BackupJobs;
import io.shardforge.sql.catalog.BackupSchedule;
import io.shardforge.sql.catalog.BackupSchedules;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.backup.BackupSet;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the backups that schedules ask for. All nodes look for those that are due; the one that
 * notes the job and the next time, as one, makes it. One thread.
 */
public final class ScheduledBackups {
  private static final Logger log = LoggerFactory.getLogger(ScheduledBackups.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final byte[] NONE = {};

  private final BackupServices services;

  public ScheduledBackups(BackupServices services) {
    this.services = services;
  }

  /** Looks again and again, until the thread is interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      services.clock().sleep(INTERVAL);
      try {
        pass(services.clock().wallMillis());
      } catch (RuntimeException e) {
        log.debug("schedules were not looked at, trying again", e);
      }
    }
  }

  /** Makes the backups that are due, one after the other. */
  public void pass(long nowMillis) throws InterruptedException {
    for (BackupSchedule schedule : JobHold.certainly(services, BackupSchedules::all)) {
      if (schedule.isDue(nowMillis) && !isRunning(schedule)) {
        make(schedule, nowMillis);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private boolean isRunning(BackupSchedule schedule) {
    return JobHold.certainly(services, txn -> isRunning(txn, schedule));
  }

  private static boolean isRunning(Txn txn, BackupSchedule schedule) {
    BackupJob last = schedule.jobId() == 0 ? null : BackupJobs.lock(txn, schedule.jobId());
    return last != null && last.isRunning();
  }

  private void make(BackupSchedule schedule, long nowMillis) {
    BackupJob.Order order;
    String failure = null;
    try {
      order = order(schedule);
    } catch (ShardForgeException | KvException e) {
      order = unmade(schedule);
      failure = String.valueOf(e.getMessage());
    }
    BackupJob job = begin(schedule, order, failure, nowMillis);
    if (job == null) {
      return;
    }
    if (failure != null) {
      log.info("scheduled backup failed schedule={} reason=\"{}\"", schedule.name(), failure);
      return;
    }
    log.info("scheduled backup begins schedule={} id={}", schedule.name(), job.id());
    new BackupAttempt(services, job).goOn();
    BackupJob ended = JobHold.certainly(services, txn -> BackupJobs.lock(txn, job.id()));
    if (ended != null && !ended.isRunning() && ended.error() == null && schedule.keep() > 0) {
      try {
        removeOld(schedule);
      } catch (IOException | ShardForgeException e) {
        log.warn(
            "old backups were not removed schedule={} reason=\"{}\"",
            schedule.name(),
            e.getMessage());
      }
    }
  }

  /** Puts down the job and the next time; null if somebody else has, or it is not to be made. */
  private @Nullable BackupJob begin(
      BackupSchedule schedule, BackupJob.Order order, @Nullable String failure, long nowMillis) {
    return JobHold.certainly(
        services,
        txn -> {
          BackupSchedule newest = BackupSchedules.lock(txn, schedule.name());
          if (newest == null || !newest.equals(schedule) || isRunning(txn, newest)) {
            return null;
          }
          int id = services.catalog().open(SystemOids.DATABASE_POSTGRES, txn).newId();
          BackupJob job = BackupAttempt.take(services, BackupJob.of(id, order), txn);
          if (failure != null) {
            job = job.ended(failure, txn.startTimestamp());
          }
          BackupJobs.put(txn, job);
          BackupJobs.forgetOld(txn);
          BackupSchedules.put(
              txn, newest.begun(nowMillis, ScheduleTimes.next(newest.times(), nowMillis), id));
          return job;
        });
  }

  private BackupJob.Order order(BackupSchedule schedule) {
    long timestamp = JobHold.certainly(services, Txn::readTimestamp);
    List<Integer> databases =
        JobHold.certainly(services, txn -> BackupSchedules.databaseIds(txn, schedule));
    return BackupOrders.backup(
        services,
        schedule.target(),
        schedule.scope(),
        databases,
        List.of(),
        continues(schedule, timestamp),
        schedule.history(),
        timestamp,
        null,
        keyFile(schedule));
  }

  /** What is known of a backup that could not be begun. */
  private static BackupJob.Order unmade(BackupSchedule schedule) {
    return new BackupJob.Order(
        false,
        schedule.target(),
        "",
        "",
        0,
        0,
        schedule.scope(),
        List.of(),
        List.of(),
        List.of(),
        "",
        "",
        0,
        0,
        NONE,
        NONE,
        List.of());
  }

  private static @Nullable String keyFile(BackupSchedule schedule) {
    return schedule.keyFile().isEmpty() ? null : schedule.keyFile();
  }

  /** Whether the newest backup can be continued, and may be by the number of those that do so. */
  private boolean continues(BackupSchedule schedule, long timestamp) {
    List<List<BackupManifest>> chains = chains(schedule);
    if (chains.isEmpty() || chains.getLast().size() >= schedule.fullEvery()) {
      return false;
    }
    long since = chains.getLast().getLast().timestamp();
    return since > BackupOrders.keptSince(services, timestamp);
  }

  /** The finished backups of a schedule's place and scope by their full ones, the oldest first. */
  private static List<List<BackupManifest>> chains(BackupSchedule schedule) {
    Map<String, BackupManifest> all = new HashMap<>();
    for (BackupChecks.Listed one : BackupChecks.list(schedule.target(), null, keyFile(schedule))) {
      BackupManifest manifest = one.manifest();
      if (manifest != null && manifest.scope().equals(schedule.scope())) {
        all.put(manifest.name(), manifest);
      }
    }
    Function<BackupManifest, String> full =
        backup -> {
          BackupManifest first = backup;
          BackupManifest base = all.get(first.base());
          while (base != null) {
            first = base;
            base = all.get(first.base());
          }
          return first.name();
        };
    List<List<BackupManifest>> chains =
        new ArrayList<>(
            all.values().stream()
                .sorted(Comparator.comparingLong(BackupManifest::timestamp))
                .collect(Collectors.groupingBy(full))
                .values());
    chains.removeIf(chain -> !chain.getFirst().base().isEmpty());
    chains.sort(Comparator.comparingLong(chain -> chain.getFirst().timestamp()));
    return chains;
  }

  /** Removes the chains that are too many, the newest backups of each first. */
  private void removeOld(BackupSchedule schedule) throws IOException {
    boolean restoring =
        JobHold.certainly(
            services,
            txn ->
                BackupJobs.all(txn).stream()
                    .anyMatch(job ->
                        job.isRunning()
                            && job.order().restore()
                            && job.order().target().equals(schedule.target())));
    List<List<BackupManifest>> chains = chains(schedule);
    if (restoring || chains.size() <= schedule.keep()) {
      return;
    }
    BackupSet set = BackupPlaces.open(schedule.target());
    for (List<BackupManifest> chain : chains.subList(0, chains.size() - schedule.keep())) {
      for (BackupManifest backup : chain.reversed()) {
        set.discard(backup.name());
        log.info(
            "old backup removed schedule={} name={} taken={}",
            schedule.name(),
            backup.name(),
            Timestamp.formatUtc(backup.timestamp()));
      }
    }
  }
}
