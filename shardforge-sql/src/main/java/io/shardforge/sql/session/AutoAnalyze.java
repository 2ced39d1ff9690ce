package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.StatisticsDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.type.Text;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Analyzes tables of which much has changed, as PostgreSQL's autovacuum does: 50 rows and a tenth
 * of the table. Every node counts the changes of its own sessions, and takes its part of them to be
 * an even one; what another node has analyzed meanwhile is counted anew. One thread.
 */
public final class AutoAnalyze {
  private static final Logger log = LoggerFactory.getLogger(AutoAnalyze.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** PostgreSQL's autovacuum_analyze_threshold and autovacuum_analyze_scale_factor. */
  private static final long THRESHOLD_ROWS = 50;

  private static final double SCALE_FACTOR = 0.1;

  private final SessionFactory sessions;

  /** The statistics that the changes of a table are counted from. */
  private final Map<ChangedRows.Table, Long> versions = new HashMap<>();

  AutoAnalyze(SessionFactory sessions) {
    this.sessions = sessions;
  }

  /** Looks again and again, until the thread is interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      sessions.services().clock().sleep(INTERVAL);
      try {
        pass();
      } catch (RuntimeException e) {
        log.debug("tables were not looked at for what changed, trying again", e);
      }
    }
  }

  /** Analyzes what is due. */
  public void pass() {
    ChangedRows changed = sessions.services().changedRows();
    for (ChangedRows.Table table : changed.tables()) {
      CatalogSnapshot catalog = sessions.services().catalog().newest(table.databaseId());
      DatabaseDescriptor database = catalog.database(table.databaseId());
      if (!(catalog.relation(table.tableId()) instanceof TableDescriptor descriptor)
          || database == null) {
        changed.forget(table);
        versions.remove(table);
        continue;
      }
      StatisticsDescriptor known = catalog.statistics(table.tableId());
      Long version = known == null ? 0L : known.version();
      Long countedFrom = versions.putIfAbsent(table, version);
      if (countedFrom != null && !countedFrom.equals(version)) {
        changed.forget(table);
        versions.put(table, version);
        continue;
      }
      long rows = known == null ? 0 : known.rows();
      int nodes = Math.max(1, sessions.services().cluster().nodes().size());
      if (changed.of(table) * nodes > THRESHOLD_ROWS + SCALE_FACTOR * rows) {
        changed.forget(table);
        analyze(catalog, database, descriptor);
        versions.remove(table);
      }
    }
  }

  private void analyze(
      CatalogSnapshot catalog, DatabaseDescriptor database, TableDescriptor table) {
    SchemaDescriptor schema = catalog.schema(table.schemaId());
    if (schema == null || TemporarySchema.is(schema.name())) {
      return;
    }
    String name = Text.quoteIdentifier(schema.name()) + "." + Text.quoteIdentifier(table.name());
    long start = sessions.services().clock().monotonicNanos();
    try (Session session = sessions.openOwn(database)) {
      session.query("ANALYZE " + name, NoResult.INSTANCE);
      log.info(
          "analyzed table={} database={} ms={}",
          name,
          database.name(),
          (sessions.services().clock().monotonicNanos() - start) / 1_000_000);
    } catch (RuntimeException e) {
      log.info(
          "a table was not analyzed, trying again when more of it has changed table={} "
              + "reason=\"{}\"",
          name,
          e.getMessage());
    }
  }
}
