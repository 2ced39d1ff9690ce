package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.CatalogFunctions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of PostgreSQL's views for people: pg_tables, pg_indexes, pg_sequences, pg_views. */
final class ListingViews {
  private ListingViews() {}

  static @Nullable String roleName(CatalogSnapshot snapshot, int roleId) {
    RoleDescriptor role = snapshot.role(roleId);
    return role == null ? null : role.name();
  }

  static Stream<@Nullable Object[]> tables(SystemTable t, CatalogSnapshot snapshot) {
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    Stream<@Nullable Object[]> own =
        snapshot.tables().stream()
            .map(table ->
                t.row()
                    .set("schemaname", names.schemaName(table.schemaId()))
                    .set("tablename", table.name())
                    .set("tableowner", roleName(snapshot, table.ownerId()))
                    .set("hasindexes", !RelationTables.indexes(table).isEmpty())
                    .set("hasrules", false)
                    .set("hastriggers", false)
                    .set("rowsecurity", false)
                    .done());
    Stream<@Nullable Object[]> system =
        snapshot.virtualTables().stream()
            .filter(v -> v instanceof SystemTable s && s.kind() == 'r')
            .map(v ->
                t.row()
                    .set("schemaname", names.schemaName(v.schemaId()))
                    .set("tablename", v.name())
                    .set("tableowner", roleName(snapshot, SystemOids.ROLE_POSTGRES))
                    .set("hasindexes", false)
                    .set("hasrules", false)
                    .set("hastriggers", false)
                    .set("rowsecurity", false)
                    .done());
    return Stream.concat(own, system);
  }

  static Stream<@Nullable Object[]> indexes(SystemTable t, CatalogSnapshot snapshot) {
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return RelationTables.indexes(snapshot)
        .map(entry ->
            t.row()
                .set("schemaname", names.schemaName(entry.table().schemaId()))
                .set("tablename", entry.table().name())
                .set("indexname", entry.index().name())
                .set("indexdef", names.indexDefinition(entry.table(), entry.index(), false))
                .done());
  }

  static Stream<@Nullable Object[]> sequences(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    CatalogFunctions functions = context.services().get(CatalogFunctions.class);
    return snapshot.sequences().stream()
        .map(s ->
            t.row()
                .set("schemaname", names.schemaName(s.schemaId()))
                .set("sequencename", s.name())
                .set("sequenceowner", roleName(snapshot, s.ownerId()))
                .set("data_type", s.type().oid())
                .set("start_value", s.start())
                .set("min_value", s.minimum())
                .set("max_value", s.maximum())
                .set("increment_by", s.increment())
                .set("cycle", s.cycle())
                .set("cache_size", s.cache())
                .set("last_value", lastValue(functions, s))
                .done());
  }

  static Stream<@Nullable Object[]> views(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    CatalogFunctions functions = context.services().get(CatalogFunctions.class);
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return snapshot.views().stream()
        .map(v ->
            t.row()
                .set("schemaname", names.schemaName(v.schemaId()))
                .set("viewname", v.name())
                .set("viewowner", roleName(snapshot, v.ownerId()))
                .set("definition", functions.viewDefinition(v.id(), false))
                .done());
  }

  private static @Nullable Long lastValue(CatalogFunctions functions, SequenceDescriptor sequence) {
    CatalogFunctions.SequenceState state = functions.sequenceState(sequence.id());
    return state == null || !state.called() ? null : (Long) state.last();
  }
}
