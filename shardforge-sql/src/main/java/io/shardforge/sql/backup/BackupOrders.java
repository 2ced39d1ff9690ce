package io.shardforge.sql.backup;

import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.CatalogExport;
import io.shardforge.storage.backup.BackupCipher;
import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.backup.BackupSet;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of backups and restores, held against what is in the target. */
public final class BackupOrders {
  /** Names in the order of time, for any place that files can be in. */
  private static final DateTimeFormatter NAMES =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final byte[] NONE = {};

  /** What the scope of a backup of tables begins with. */
  private static final String TABLES = "tables ";

  /** Of the time that versions are kept, one part of so many is left for making the backup. */
  private static final int KEPT_PARTS = 4;

  private BackupOrders() {}

  /**
   * A new backup, under a name that there is not yet.
   *
   * @param incremental whether it continues the newest one of the same scope
   * @param history whether it has all versions, too: from the one on that it continues, or for as
   *     long as they are certain to be kept
   */
  public static BackupJob.Order backup(
      BackupServices services,
      String target,
      String scope,
      List<Integer> databases,
      List<Integer> tables,
      boolean incremental,
      boolean history,
      long timestamp,
      @Nullable String passphrase,
      @Nullable String keyFile) {
    String secret = BackupPlaces.secret(passphrase, keyFile);
    BackupSet set = BackupPlaces.open(target);
    String name = NAMES.format(Instant.ofEpochMilli(Timestamp.physicalMillis(timestamp)));
    try {
      if (set.names().contains(name)) {
        throw new ShardForgeException(
            ErrorCode.DUPLICATE_FILE, "there is a backup " + name + " already");
      }
      byte[] salt = NONE;
      String base = "";
      long since = history ? keptSince(services, timestamp) : 0;
      if (incremental) {
        BackupManifest continued = newest(set, scope, secret);
        base = continued.name();
        since = history ? continued.timestamp() : 0;
        byte[] same = set.salt(base);
        if ((same == null) != (secret == null)) {
          throw new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "a backup is encrypted if, and only if, the one that it continues is");
        }
        salt = same == null ? NONE : same;
      } else if (secret != null) {
        salt = new byte[BackupCipher.SALT_BYTES];
        services.randomness().nextBytes(salt);
      }
      byte[] key = secret == null ? NONE : BackupCipher.ofPassphrase(secret, salt).key();
      return new BackupJob.Order(
          false, target, name, base, timestamp, since, scope, databases, tables, List.of(), "", "",
          0, 0, key, salt, List.of());
    } catch (IOException e) {
      throw BackupPlaces.failure("backup \"" + target + '"', e);
    }
  }

  /** Since when versions are kept, with some time to spare for the backup to be made. */
  static long keptSince(BackupServices services, long timestamp) {
    long millis = services.historyRetention().toMillis() / KEPT_PARTS * (KEPT_PARTS - 1);
    return Math.max(1, timestamp - (millis << Timestamp.LOGICAL_BITS));
  }

  private static BackupManifest newest(BackupSet set, String scope, @Nullable String secret)
      throws IOException {
    for (String name : set.finished().reversed()) {
      byte[] salt = set.salt(name);
      if (salt != null && secret == null) {
        continue;
      }
      BackupManifest manifest =
          set.manifest(name, salt == null ? null : BackupPlaces.cipher(secret, salt));
      if (manifest.scope().equals(scope)) {
        return manifest;
      }
    }
    throw new ShardForgeException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "there is no backup of the same (" + scope + ") to continue")
        .withHint("Make a full backup first.");
  }

  /**
   * The restoring of a backup.
   *
   * @param backup null for the newest
   * @param atMillis the time to restore, null for that of the backup
   * @param names of tables, with their schemas
   * @param database null for what the backup is of
   * @param newDatabase what a database is to be called, null for as it was
   * @param newSchema the schema for tables, null for those that they were in
   * @param databaseId where tables come to
   */
  public static BackupJob.Order restore(
      String target,
      @Nullable String backup,
      @Nullable Long atMillis,
      List<String> names,
      @Nullable String database,
      @Nullable String newDatabase,
      @Nullable String newSchema,
      int databaseId,
      int roleId,
      @Nullable String passphrase,
      @Nullable String keyFile) {
    String secret = BackupPlaces.secret(passphrase, keyFile);
    BackupSet set = BackupPlaces.open(target);
    try {
      String name = backup == null ? BackupChecks.newest(set, target) : backup;
      BackupChecks.requireFinished(set, name, target);
      long timestamp = Timestamp.MAX;
      if (atMillis != null) {
        BackupManifest covering =
            RestorePoints.of(target, name, backup != null, passphrase, keyFile).at(atMillis);
        name = covering.name();
        timestamp = Timestamp.of(atMillis, Timestamp.LOGICAL_MAX);
      }
      byte[] salt = set.salt(name);
      BackupCipher cipher = salt == null ? null : BackupPlaces.cipher(secret, salt);
      BackupManifest newest = set.manifest(name, cipher);
      timestamp = Math.min(timestamp, newest.timestamp());
      BackupManifest manifest = asOf(newest, timestamp);
      if (atMillis != null) {
        requireTables(manifest, names);
      }
      List<String> tables = names;
      String from = database == null ? "" : database;
      if (names.isEmpty() && manifest.scope().startsWith(TABLES)) {
        tables = CatalogExport.tableNames(manifest);
      } else if (from.isEmpty() && manifest.scope().startsWith("database ")) {
        from = manifest.scope().substring("database ".length());
      }
      String into = tables.isEmpty() ? newDatabase : newSchema;
      if ((tables.isEmpty() ? newSchema : newDatabase) != null) {
        throw new ShardForgeException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            tables.isEmpty()
                ? "new_schema is for tables"
                : "new_database is for a whole database; tables come into the current one");
      }
      if (tables.isEmpty() && from.isEmpty() && into != null) {
        throw new ShardForgeException(
                ErrorCode.INVALID_PARAMETER_VALUE, "the backup is of the cluster")
            .withHint("Say with database => '…' which of its databases is to be restored.");
      }
      return new BackupJob.Order(
          true,
          target,
          name,
          manifest.base(),
          timestamp,
          0,
          manifest.scope(),
          List.of(),
          List.of(),
          tables,
          from,
          into == null ? "" : into,
          databaseId,
          roleId,
          cipher == null ? NONE : cipher.key(),
          salt == null ? NONE : salt,
          List.of());
    } catch (IOException e) {
      throw BackupPlaces.failure("backup \"" + target + '"', e);
    }
  }

  /** A backup as it is to be restored as of a time that it has the versions of. */
  static BackupManifest asOf(BackupManifest manifest, long timestamp) {
    return new BackupManifest(
        manifest.name(),
        manifest.base(),
        timestamp,
        manifest.since(),
        manifest.scope(),
        manifest.catalogAt(timestamp),
        List.of(),
        manifest.spans(),
        manifest.chunks());
  }

  /** Refuses a time at which there was nothing yet, or a table whose rows of then are not there. */
  private static void requireTables(BackupManifest then, List<String> names) {
    String time = RestorePoints.time(then.timestamp());
    if (then.catalog().isEmpty()) {
      throw notRestorable("at " + time + " there was nothing yet");
    }
    if (names.isEmpty() && then.scope().startsWith(TABLES)) {
      String wanted = then.scope().substring(then.scope().indexOf(": ") + 2);
      for (String missing : CatalogExport.missingNames(then)) {
        if ((", " + wanted + ", ").contains(", " + missing + ", ")) {
          throw notRestorable("the backup does not have what table " + missing + " was at " + time);
        }
      }
      if (CatalogExport.tableNames(then).isEmpty()) {
        throw notRestorable("at " + time + " there were none of the tables of the backup");
      }
    }
  }

  private static ShardForgeException notRestorable(String why) {
    return new ShardForgeException(ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, why);
  }
}
