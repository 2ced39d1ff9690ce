package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.backup.BackupAttempt;
import io.shardforge.sql.backup.BackupChecks;
import io.shardforge.sql.backup.BackupOrders;
import io.shardforge.sql.backup.BackupServices;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.function.BackupFunctions;
import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Backups for a session, which waits for them; only those of superusers may. */
final class SessionBackups implements BackupFunctions {
  private final Session session;

  SessionBackups(Session session) {
    this.session = session;
  }

  @Override
  public Iterator<@Nullable Object[]> backup(
      String target,
      List<List<String>> tables,
      List<String> databases,
      boolean incremental,
      boolean history,
      Secret secret) {
    requireSuperuser("backup");
    requireOutsideBlock("shardforge.backup");
    if (!tables.isEmpty() && !databases.isEmpty()) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE, "a backup is of tables or of databases, not of both");
    }
    CatalogSnapshot catalog = session.transaction().snapshot();
    List<Integer> databaseIds = new ArrayList<>();
    List<Integer> tableIds = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String name : databases) {
      DatabaseDescriptor database = catalog.database(name);
      if (database == null) {
        throw new ShardForgeException(
            ErrorCode.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist");
      }
      databaseIds.add(database.id());
      names.add(database.name());
    }
    for (List<String> name : tables) {
      TableDescriptor table = table(catalog, name);
      SchemaDescriptor schema = catalog.schema(table.schemaId());
      tableIds.add(table.id());
      names.add((schema == null ? "" : schema.name()) + '.' + table.name());
    }
    String scope = "cluster";
    if (!databases.isEmpty()) {
      scope = "database " + String.join(", ", names);
    } else if (!tables.isEmpty()) {
      databaseIds.add(session.databaseId());
      scope = "tables " + session.database().name() + ": " + String.join(", ", names);
    }
    BackupJob.Order order =
        BackupOrders.backup(
            services(),
            target,
            scope,
            databaseIds,
            tableIds,
            incremental,
            history,
            now(),
            secret.passphrase(),
            secret.keyFile());
    BackupAttempt.Outcome done = run(order);
    BackupJob job = done.job();
    return row(
        (long) job.id(),
        job.order().backup(),
        micros(job.order().timestamp()),
        job.entries(),
        job.bytes());
  }

  private TableDescriptor table(CatalogSnapshot catalog, List<String> name) {
    String words = String.join(".", name);
    if (name.size() > 2) {
      throw new ShardForgeException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "cross-database references are not implemented: \"" + words + '"');
    }
    Object found =
        catalog.relation(
            session.settings().searchPath(),
            name.size() == 1 ? null : name.getFirst(),
            name.getLast());
    if (found == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_TABLE, "relation \"" + words + "\" does not exist");
    }
    if (!(found instanceof TableDescriptor table)) {
      throw new ShardForgeException(ErrorCode.WRONG_OBJECT_TYPE, '"' + words + "\" is not a table");
    }
    return table;
  }

  @Override
  public Iterator<@Nullable Object[]> restore(
      String target,
      @Nullable String backup,
      @Nullable Long at,
      List<List<String>> tables,
      @Nullable String database,
      @Nullable String newDatabase,
      @Nullable String newSchema,
      Secret secret) {
    requireSuperuser("restore");
    requireOutsideBlock("shardforge.restore");
    List<String> names = new ArrayList<>();
    for (List<String> name : tables) {
      if (name.size() > 2) {
        throw new ShardForgeException(
                ErrorCode.INVALID_PARAMETER_VALUE, "a table is named with its schema at most")
            .withHint("Name the database with database => '…'.");
      }
      names.add(name.size() == 1 ? "public." + name.getFirst() : String.join(".", name));
    }
    BackupJob.Order order =
        BackupOrders.restore(
            target,
            backup,
            at == null ? null : millis(at),
            names,
            database,
            newDatabase,
            newSchema,
            session.databaseId(),
            session.roleId(),
            secret.passphrase(),
            secret.keyFile());
    BackupAttempt.Outcome done = run(order);
    for (String left : done.leftOut()) {
      session.notice(Notice.warning(ErrorCode.WARNING, "not restored: " + left));
    }
    BackupJob job = done.job();
    return row(
        (long) job.id(),
        job.order().backup(),
        micros(job.order().timestamp()),
        (long) done.tables(),
        job.entries(),
        job.bytes());
  }

  @Override
  public Iterator<@Nullable Object[]> verify(
      String target, @Nullable String backup, Secret secret) {
    requireSuperuser("verify_backup");
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (BackupChecks.Finding finding :
        BackupChecks.verify(target, backup, secret.passphrase(), secret.keyFile())) {
      rows.add(
          new @Nullable Object[] {
            finding.backup(),
            finding.timestamp() == 0 ? null : (Object) micros(finding.timestamp()),
            (long) finding.chunks(),
            finding.entries(),
            finding.bytes(),
            finding.problem()
          });
    }
    return rows.iterator();
  }

  @Override
  public Iterator<@Nullable Object[]> backups(String target, Secret secret) {
    requireSuperuser("backups");
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (BackupChecks.Listed one :
        BackupChecks.list(target, secret.passphrase(), secret.keyFile())) {
      BackupManifest manifest = one.manifest();
      rows.add(
          new @Nullable Object[] {
            one.name(),
            manifest == null || manifest.base().isEmpty() ? null : manifest.base(),
            manifest == null ? null : (Object) micros(manifest.timestamp()),
            manifest == null ? null : manifest.scope(),
            one.encrypted(),
            one.finished(),
            manifest == null ? null : (Object) manifest.entries(),
            manifest == null ? null : (Object) manifest.bytes(),
            manifest == null || !manifest.hasHistory() ? null : (Object) micros(manifest.since())
          });
    }
    return rows.iterator();
  }

  private BackupAttempt.Outcome run(BackupJob.Order order) {
    BackupJob job = BackupAttempt.begin(services(), session.databaseId(), order);
    return new BackupAttempt(services(), job).run(session::cancellationError);
  }

  private BackupServices services() {
    return session.services().backups();
  }

  /** A timestamp at which everything that was answered so far is there. */
  private long now() {
    Txn txn = session.services().transactions().begin(Isolation.REPEATABLE_READ, true);
    try {
      txn.beginStatement(session.statementDeadline(), Duration.ZERO);
      return txn.readTimestamp();
    } finally {
      txn.rollback();
    }
  }

  private static Iterator<@Nullable Object[]> row(@Nullable Object... values) {
    return List.<@Nullable Object[]>of(values).iterator();
  }

  private static long millis(long micros) {
    long millis = Math.floorDiv(micros + TransactionBlock.EPOCH_MICROS, 1000);
    return Math.clamp(millis, 0, Timestamp.physicalMillis(Timestamp.MAX));
  }

  private static long micros(long timestamp) {
    return Timestamp.physicalMillis(timestamp) * 1000 - TransactionBlock.EPOCH_MICROS;
  }

  private void requireSuperuser(String function) {
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function);
    }
  }

  private void requireOutsideBlock(String function) {
    if (session.transaction().isBlock()) {
      throw new ShardForgeException(
          ErrorCode.ACTIVE_SQL_TRANSACTION, function + " cannot run inside a transaction block");
    }
  }
}
