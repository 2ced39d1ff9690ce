package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.IndexBuild;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.storage.clock.Timestamp;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows about indexes of this database that are built beside those who write their tables. */
final class BuildTables {
  private BuildTables() {}

  private static Stream<IndexBuild> builds(CatalogSnapshot snapshot, EvalContext context) {
    return context.services().get(IndexBuildsView.class).indexBuilds().stream()
        .filter(build -> build.databaseId() == snapshot.databaseId());
  }

  static Stream<@Nullable Object[]> progress(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    DatabaseDescriptor database = snapshot.database(snapshot.databaseId());
    return builds(snapshot, context)
        .filter(IndexBuild::isRunning)
        .map(build ->
            t.row()
                .set("pid", build.processId() == 0 ? null : (Object) (long) build.processId())
                .set("datid", (long) build.databaseId())
                .set("datname", database == null ? null : database.name())
                .set("relid", (long) build.tableId())
                .set("index_relid", (long) build.indexOid())
                .set("command", build.concurrently() ? "CREATE INDEX CONCURRENTLY" : "CREATE INDEX")
                .set("phase", "building index: scanning table")
                .set("lockers_total", 0L)
                .set("lockers_done", 0L)
                .set("current_locker_pid", 0L)
                .set("blocks_total", 0L)
                .set("blocks_done", 0L)
                .set("tuples_total", Math.max(0, build.rowsTotal()))
                .set("tuples_done", build.rowsDone())
                .set("partitions_total", 0L)
                .set("partitions_done", 0L)
                .done());
  }

  /** Those that have ended not long ago, too. */
  static Stream<@Nullable Object[]> jobs(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return builds(snapshot, context).map(build -> job(t, build));
  }

  private static @Nullable Object[] job(SystemTable t, IndexBuild build) {
    double seconds =
        (Timestamp.physicalMillis(build.seenTs()) - Timestamp.physicalMillis(build.beganTs()))
            / 1000.0;
    boolean known = build.isRunning() && build.rowsDone() > 0 && build.rowsTotal() > 0;
    long left = Math.max(0, build.rowsTotal() - build.rowsDone());
    return t.row()
        .set("kind", "index")
        .set("running_seconds", seconds)
        .set("estimated_seconds_left", known ? (Object) (seconds * left / build.rowsDone()) : null)
        .set("id", (long) build.indexOid())
        .set("table_name", build.tableName())
        .set("index_name", build.indexName())
        .set("state", build.state().name().toLowerCase(Locale.ROOT))
        .set("rows_done", build.rowsDone())
        .set("rows_total", build.rowsTotal() < 0 ? null : (Object) build.rowsTotal())
        .set("node_id", (long) build.nodeId())
        .set("error", build.error())
        .done();
  }
}
