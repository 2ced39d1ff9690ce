package io.shardforge.sql.backup;

import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The times that backups can bring back. A time is a millisecond, with all of its commits.
 *
 * @param backups of the same tables, databases or cluster, the oldest first
 */
record RestorePoints(List<BackupManifest> backups) {
  private static final DateTimeFormatter TIMES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS'+00'").withZone(ZoneOffset.UTC);

  /** Intervals that an error names at most; the newest ones. */
  private static final int NAMED_MAX = 5;

  /**
   * Those of a target.
   *
   * @param only whether only the backup and those that it continues are meant; else all of the same
   */
  static RestorePoints of(
      String target,
      String backup,
      boolean only,
      @Nullable String passphrase,
      @Nullable String keyFile) {
    Map<String, BackupManifest> all = new HashMap<>();
    for (BackupChecks.Listed one : BackupChecks.list(target, passphrase, keyFile)) {
      BackupManifest manifest = one.manifest();
      if (manifest != null) {
        all.put(manifest.name(), manifest);
      }
    }
    List<BackupManifest> meant = new ArrayList<>();
    BackupManifest named = all.get(backup);
    if (only) {
      for (BackupManifest next = named; next != null; next = all.get(next.base())) {
        meant.add(next);
      }
    } else {
      for (BackupManifest one : all.values()) {
        if (named != null && one.scope().equals(named.scope())) {
          meant.add(one);
        }
      }
    }
    meant.sort(Comparator.comparingLong(BackupManifest::timestamp));
    return new RestorePoints(List.copyOf(meant));
  }

  /** The newest backup that has a time; refused if there is none. */
  BackupManifest at(long millis) {
    for (BackupManifest backup : backups.reversed()) {
      if (from(backup) <= millis && millis <= to(backup)) {
        return backup;
      }
    }
    List<String> covered = new ArrayList<>();
    long from = Long.MAX_VALUE;
    long to = 0;
    for (BackupManifest backup : backups.reversed()) {
      if (from > to(backup)) {
        add(covered, from, to);
        to = to(backup);
      }
      from = Math.min(from, from(backup));
    }
    add(covered, from, to);
    throw new ShardForgeException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "no backup has the state of %s; there is that of %s"
                .formatted(
                    TIMES.format(Instant.ofEpochMilli(millis)),
                    String.join(", ", covered.reversed())))
        .withHint("Backups made with history => true have all states since the one before.");
  }

  private static void add(List<String> covered, long from, long to) {
    if (from <= to && covered.size() < NAMED_MAX) {
      String last = TIMES.format(Instant.ofEpochMilli(to));
      covered.add(from == to ? last : TIMES.format(Instant.ofEpochMilli(from)) + " to " + last);
    }
  }

  private static long from(BackupManifest backup) {
    return Timestamp.physicalMillis(backup.hasHistory() ? backup.since() : backup.timestamp());
  }

  private static long to(BackupManifest backup) {
    return Timestamp.physicalMillis(backup.timestamp());
  }

  /** A timestamp, for people. */
  static String time(long timestamp) {
    return TIMES.format(Instant.ofEpochMilli(Timestamp.physicalMillis(timestamp)));
  }
}
