package io.shardforge.sql.catalog;

import io.shardforge.storage.key.Bytes;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Backups that the cluster makes by itself. Kept in the meta shard, outside the catalog.
 *
 * @param target where they lie
 * @param times when: five fields as cron has them, or an interval
 * @param databases the names of those that they are of; empty for the cluster
 * @param history whether they have all versions, too
 * @param fullEvery one of so many is a full one
 * @param keep how many chains of them are kept; 0 for all
 * @param keyFile a file of the nodes that is the key; empty without
 * @param dueMillis when the next one is to begin
 * @param lastMillis when the last one began; 0 if none did
 * @param jobId of the last one
 */
public record BackupSchedule(
    String name,
    String target,
    String times,
    List<String> databases,
    boolean history,
    int fullEvery,
    int keep,
    String keyFile,
    boolean paused,
    long dueMillis,
    long lastMillis,
    int jobId) {
  private static final int FORMAT = 1;

  /** How long after its time a backup that has not begun counts as overdue. */
  private static final long OVERDUE_MILLIS = 15 * 60 * 1000L;

  public BackupSchedule {
    databases = List.copyOf(databases);
  }

  /** How it is with it. */
  public enum State {
    /** No backup begins until it is resumed. */
    PAUSED,
    /** One is being made. */
    RUNNING,
    /** The last one was not made. */
    FAILED,
    /** The next one should have begun. */
    OVERDUE,
    /** The next one begins at its time. */
    WAITING;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How it is now.
   *
   * @param last its last job, null if that is not known
   */
  public State state(@Nullable BackupJob last, long nowMillis) {
    if (paused) {
      return State.PAUSED;
    }
    if (last != null && last.isRunning()) {
      return State.RUNNING;
    }
    if (last != null && last.error() != null) {
      return State.FAILED;
    }
    return nowMillis - dueMillis > OVERDUE_MILLIS ? State.OVERDUE : State.WAITING;
  }

  public boolean isDue(long nowMillis) {
    return !paused && dueMillis <= nowMillis;
  }

  /** What its backups are of, in words, as backups have them. */
  public String scope() {
    return databases.isEmpty() ? "cluster" : "database " + String.join(", ", databases);
  }

  /** The same with another time for the next backup, paused or not. */
  public BackupSchedule due(long millis, boolean isPaused) {
    return new BackupSchedule(
        name,
        target,
        times,
        databases,
        history,
        fullEvery,
        keep,
        keyFile,
        isPaused,
        millis,
        lastMillis,
        jobId);
  }

  /** The same once a backup has begun. */
  public BackupSchedule begun(long nowMillis, long nextMillis, int job) {
    return new BackupSchedule(
        name,
        target,
        times,
        databases,
        history,
        fullEvery,
        keep,
        keyFile,
        paused,
        nextMillis,
        nowMillis,
        job);
  }

  byte[] encode() {
    return new DescriptorWriter()
        .putByte(FORMAT)
        .putString(name)
        .putString(target)
        .putString(times)
        .putList(databases, DescriptorWriter::putString)
        .putBoolean(history)
        .putInt(fullEvery)
        .putInt(keep)
        .putString(keyFile)
        .putBoolean(paused)
        .putLong(dueMillis)
        .putLong(lastMillis)
        .putInt(jobId)
        .toByteArray();
  }

  static BackupSchedule decode(byte[] value) {
    DescriptorReader in = new DescriptorReader(value, 0, value.length);
    int format = in.getByte();
    if (format != FORMAT) {
      throw CatalogErrors.corrupted("format " + format + " of a schedule " + Bytes.toHex(value));
    }
    BackupSchedule schedule =
        new BackupSchedule(
            in.getString(),
            in.getString(),
            in.getString(),
            in.getList(DescriptorReader::getString),
            in.getBoolean(),
            in.getInt(),
            in.getInt(),
            in.getString(),
            in.getBoolean(),
            in.getLong(),
            in.getLong(),
            in.getInt());
    in.expectEnd();
    return schedule;
  }
}
