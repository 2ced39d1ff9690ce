package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RelationUse.Count;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of pg_stat_user_tables, pg_stat_user_indexes, pg_statio_user_tables and their kin, and of
 * pg_stat_database: what the node that is asked has counted. Those of system tables are empty.
 */
final class UseTables {
  private static final RelationUse NOTHING = new RelationUse(null);

  private UseTables() {}

  private static RelationUse use(UsesView view, CatalogSnapshot snapshot, int oid) {
    RelationUse known = view.uses().known(snapshot.databaseId(), oid);
    return known == null ? NOTHING : known;
  }

  static Stream<@Nullable Object[]> tables(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    UsesView view = context.services().get(UsesView.class);
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return snapshot.tables().stream()
        .map(table -> {
          RelationUse use = use(view, snapshot, table.id());
          Cells row = relation(t, names, table);
          indexScans(row, view, snapshot, table);
          return row.set("seq_scan", use.of(Count.SCANS))
              .set("seq_tup_read", use.of(Count.READ))
              .set("last_seq_scan", use.lastScan())
              .set("n_tup_ins", use.of(Count.INSERTED))
              .set("n_tup_upd", use.of(Count.UPDATED))
              .set("n_tup_del", use.of(Count.DELETED))
              .set("n_tup_hot_upd", 0)
              .set("n_tup_newpage_upd", 0)
              .set("n_live_tup", use.liveRows(snapshot.rowCount(table.id())))
              .set("n_dead_tup", 0)
              .set("n_mod_since_analyze", view.changedRows(table.id()))
              .set("n_ins_since_vacuum", use.of(Count.INSERTED))
              .set("last_analyze", use.lastAnalyzed())
              .set("last_autoanalyze", use.lastSelfAnalyzed())
              .set("vacuum_count", 0)
              .set("autovacuum_count", 0)
              .set("analyze_count", use.of(Count.ANALYZED))
              .set("autoanalyze_count", use.of(Count.SELF_ANALYZED))
              .done();
        });
  }

  private static void indexScans(
      Cells row, UsesView view, CatalogSnapshot snapshot, TableDescriptor table) {
    List<IndexDescriptor> indexes = RelationTables.indexes(table);
    if (indexes.isEmpty()) {
      return;
    }
    long scans = 0;
    long fetched = 0;
    Long last = null;
    for (IndexDescriptor index : indexes) {
      RelationUse use = use(view, snapshot, index.oid());
      scans += use.of(Count.SCANS);
      fetched += use.of(Count.FETCHED);
      Long scan = use.lastScan();
      last = last == null || (scan != null && scan > last) ? scan : last;
    }
    row.set("idx_scan", scans).set("idx_tup_fetch", fetched).set("last_idx_scan", last);
  }

  private static Cells relation(SystemTable t, ObjectDefinitions names, TableDescriptor table) {
    return t.row()
        .set("relid", table.id())
        .set("schemaname", names.schemaName(table.schemaId()))
        .set("relname", table.name());
  }

  private static Cells index(SystemTable t, ObjectDefinitions names, IndexOfTable entry) {
    return relation(t, names, entry.table())
        .set("indexrelid", entry.index().oid())
        .set("indexrelname", entry.index().name());
  }

  static Stream<@Nullable Object[]> indexes(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    UsesView view = context.services().get(UsesView.class);
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return RelationTables.indexes(snapshot)
        .map(entry -> {
          RelationUse use = use(view, snapshot, entry.index().oid());
          return index(t, names, entry)
              .set("idx_scan", use.of(Count.SCANS))
              .set("last_idx_scan", use.lastScan())
              .set("idx_tup_read", use.of(Count.READ))
              .set("idx_tup_fetch", use.of(Count.FETCHED))
              .done();
        });
  }

  /** There are no blocks to be counted. */
  static Stream<@Nullable Object[]> tableBlocks(SystemTable t, CatalogSnapshot snapshot) {
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return snapshot.tables().stream()
        .map(table -> {
          Cells row = relation(t, names, table).set("heap_blks_read", 0).set("heap_blks_hit", 0);
          return RelationTables.indexes(table).isEmpty()
              ? row.done()
              : row.set("idx_blks_read", 0).set("idx_blks_hit", 0).done();
        });
  }

  static Stream<@Nullable Object[]> indexBlocks(SystemTable t, CatalogSnapshot snapshot) {
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return RelationTables.indexes(snapshot)
        .map(entry -> index(t, names, entry).set("idx_blks_read", 0).set("idx_blks_hit", 0).done());
  }

  static Stream<@Nullable Object[]> sequenceBlocks(SystemTable t, CatalogSnapshot snapshot) {
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return snapshot.sequences().stream()
        .map(s ->
            t.row()
                .set("relid", s.id())
                .set("schemaname", names.schemaName(s.schemaId()))
                .set("relname", s.name())
                .set("blks_read", 0)
                .set("blks_hit", 0)
                .done());
  }

  static Stream<@Nullable Object[]> databases(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    UsesView view = context.services().get(UsesView.class);
    return snapshot.databases().stream().map(d -> database(t, view, d));
  }

  private static @Nullable Object[] database(SystemTable t, UsesView view, DatabaseDescriptor d) {
    RelationUse use = view.uses().database(d.id());
    Cells row =
        t.row()
            .set("datid", d.id())
            .set("datname", d.name())
            .set("numbackends", view.sessions(d.id()))
            .set("xact_commit", use.of(Count.COMMITTED))
            .set("xact_rollback", use.of(Count.ROLLED_BACK))
            .set("tup_returned", use.of(Count.READ))
            .set("tup_fetched", use.of(Count.FETCHED))
            .set("tup_inserted", use.of(Count.INSERTED))
            .set("tup_updated", use.of(Count.UPDATED))
            .set("tup_deleted", use.of(Count.DELETED))
            .set("deadlocks", use.of(Count.DEADLOCKS))
            .set("sessions", use.of(Count.SESSIONS))
            .set("stats_reset", view.uses().resetMicros(d.id()));
    for (String none : List.of("blks_read", "blks_hit", "conflicts")) {
      row.set(none, 0);
    }
    return row.done();
  }
}
