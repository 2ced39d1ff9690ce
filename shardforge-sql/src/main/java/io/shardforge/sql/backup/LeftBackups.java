package io.shardforge.sql.backup;

import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.BackupJobs;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with backups and restores that nobody works on any more: their node has died, or their
 * session was ended. One thread.
 */
public final class LeftBackups {
  private static final Logger log = LoggerFactory.getLogger(LeftBackups.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final BackupServices services;
  private final Duration silenceMax;

  /**
   * The jobs that a node looks after.
   *
   * @param silenceMax after how long without a sign of life one counts as left
   */
  public LeftBackups(BackupServices services, Duration silenceMax) {
    this.services = services;
    this.silenceMax = silenceMax;
  }

  /** Looks again and again, until the thread is interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      services.clock().sleep(INTERVAL);
      try {
        pass();
      } catch (RuntimeException e) {
        log.debug("backups were not looked at, trying again", e);
      }
    }
  }

  /** Takes over what is left, one after the other. */
  public void pass() throws InterruptedException {
    List<BackupJob> left =
        JobHold.certainly(
            services,
            txn ->
                BackupJobs.all(txn).stream()
                    .filter(job -> BackupAttempt.isSilent(job, txn.startTimestamp(), silenceMax))
                    .toList());
    for (BackupJob one : left) {
      BackupJob taken =
          JobHold.certainly(
              services,
              txn -> {
                BackupJob newest = BackupJobs.lock(txn, one.id());
                if (newest == null
                    || !BackupAttempt.isSilent(newest, txn.startTimestamp(), silenceMax)) {
                  return null;
                }
                BackupJob own = BackupAttempt.take(services, newest, txn);
                BackupJobs.put(txn, own);
                return own;
              });
      if (taken != null) {
        log.info("goes on with a backup id={} chunks={}", taken.id(), taken.chunks());
        new BackupAttempt(services, taken).goOn();
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
