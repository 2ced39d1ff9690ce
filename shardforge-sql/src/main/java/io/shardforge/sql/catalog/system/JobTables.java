package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.storage.clock.Timestamp;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows about work on tables of this database that is done beside writers, and about backups. */
final class JobTables {
  private JobTables() {}

  private static Stream<TableJob> known(CatalogSnapshot snapshot, EvalContext context) {
    return context.services().get(TableJobsView.class).tableJobs().stream()
        .filter(job -> job.databaseId() == snapshot.databaseId());
  }

  static Stream<@Nullable Object[]> progress(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    DatabaseDescriptor database = snapshot.database(snapshot.databaseId());
    return known(snapshot, context)
        .filter(job -> job.isRunning() && job.isOfIndex())
        .map(job ->
            t.row()
                .set("pid", job.processId() == 0 ? null : (Object) (long) job.processId())
                .set("datid", (long) job.databaseId())
                .set("datname", database == null ? null : database.name())
                .set("relid", (long) job.tableId())
                .set("index_relid", (long) job.oid())
                .set("command", command(job))
                .set("phase", "building index: scanning table")
                .set("lockers_total", 0L)
                .set("lockers_done", 0L)
                .set("current_locker_pid", 0L)
                .set("blocks_total", 0L)
                .set("blocks_done", 0L)
                .set("tuples_total", Math.max(0, job.rowsTotal()))
                .set("tuples_done", job.rowsDone())
                .set("partitions_total", 0L)
                .set("partitions_done", 0L)
                .done());
  }

  /** Those that have ended not long ago, too. */
  static Stream<@Nullable Object[]> jobs(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return known(snapshot, context).map(job -> job(t, job));
  }

  /** Backups and restores, of all databases. */
  static Stream<@Nullable Object[]> backups(SystemTable t, EvalContext context) {
    return context.services().get(BackupJobsView.class).backupJobs().stream()
        .map(job -> backup(t, job));
  }

  private static @Nullable Object[] backup(SystemTable t, BackupJob job) {
    double seconds =
        (Timestamp.physicalMillis(job.seenTs()) - Timestamp.physicalMillis(job.beganTs())) / 1000.0;
    boolean known = job.isRunning() && job.chunks() > 0 && job.chunksTotal() > 0;
    long left = Math.max(0, job.chunksTotal() - job.chunks());
    return t.row()
        .set("kind", job.order().restore() ? "restore" : "backup")
        .set("running_seconds", seconds)
        .set("estimated_seconds_left", known ? (Object) (seconds * left / job.chunks()) : null)
        .set("id", (long) job.id())
        .set("state", job.state().name().toLowerCase(Locale.ROOT))
        .set("rows_done", job.entries())
        .set("bytes_done", job.bytes())
        .set("bytes_per_second", seconds > 0 ? (Object) (job.bytes() / seconds) : null)
        .set("node_id", (long) job.nodeId())
        .set("error", job.error())
        .done();
  }

  private static @Nullable Object[] job(SystemTable t, TableJob job) {
    double seconds =
        (Timestamp.physicalMillis(job.seenTs()) - Timestamp.physicalMillis(job.beganTs())) / 1000.0;
    boolean known = job.isRunning() && job.rowsDone() > 0 && job.rowsTotal() > 0;
    long left = Math.max(0, job.rowsTotal() - job.rowsDone());
    return t.row()
        .set("kind", job.kind().words())
        .set("running_seconds", seconds)
        .set("estimated_seconds_left", known ? (Object) (seconds * left / job.rowsDone()) : null)
        .set("id", (long) job.oid())
        .set("table_name", job.tableName())
        .set("index_name", job.isOfIndex() ? job.objectName() : null)
        .set("constraint_name", constraintName(job))
        .set("state", job.state().name().toLowerCase(Locale.ROOT))
        .set("rows_done", job.rowsDone())
        .set("rows_total", job.rowsTotal() < 0 ? null : (Object) job.rowsTotal())
        .set("node_id", (long) job.nodeId())
        .set("error", job.error())
        .done();
  }

  private static String command(TableJob job) {
    String command = job.kind() == TableJob.Kind.INDEX ? "CREATE INDEX" : "REINDEX";
    return job.concurrently() ? command + " CONCURRENTLY" : command;
  }

  private static @Nullable String constraintName(TableJob job) {
    return switch (job.kind()) {
      case INDEX, REINDEX, NOT_NULL, REWRITE -> null;
      case CHECK, FOREIGN_KEY -> job.objectName();
    };
  }
}
