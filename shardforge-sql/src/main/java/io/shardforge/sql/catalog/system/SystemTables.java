package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.TimeZoneFunctions;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All system tables. A table about something that ShardForge does not have, such as triggers, is
 * there and empty, as it is in a PostgreSQL without any.
 */
public final class SystemTables {
  /** Tables with passwords or other secrets, such as the values of rows. */
  private static final Set<String> RESTRICTED = Set.of("pg_authid", "pg_shadow", "pg_statistic");

  private final Map<String, SystemTable.Source> catalogSources = new HashMap<>();
  private final Map<String, SystemTable.Source> informationSources = new HashMap<>();
  private final Map<String, SystemTable.Source> ownSources = new HashMap<>();
  private final List<VirtualTable> tables = new ArrayList<>();

  private SystemTables() {
    relations();
    builtIns();
    cluster();
    informationSchema();
    load();
  }

  /** The tables, for the catalog to list in every database. */
  public static List<VirtualTable> all() {
    return List.copyOf(new SystemTables().tables);
  }

  private void relations() {
    fromSnapshot("pg_class", RelationTables::classes);
    fromSnapshot("pg_attribute", RelationTables::attributes);
    fromSnapshot("pg_attrdef", RelationTables::defaults);
    fromSnapshot("pg_index", RelationTables::indexRows);
    fromSnapshot("pg_constraint", RelationTables::constraints);
    fromSnapshot("pg_sequence", RelationTables::sequences);
    fromSnapshot(
        "pg_depend",
        (t, s) -> Stream.concat(OwnExtension.members(t, s), RelationTables.dependencies(t, s)));
    fromSnapshot("pg_default_acl", RelationTables::defaultPrivileges);
    catalogSources.put("pg_statistic", ColumnStatisticsTables::statistics);
    catalogSources.put("pg_stats", ColumnStatisticsTables::readable);
    fromSnapshot("pg_statistic_ext", CombinedStatisticsTables::objects);
    catalogSources.put("pg_stats_ext", CombinedStatisticsTables::readable);
    fromSnapshot("pg_namespace", ClusterTables::namespaces);
    fromSnapshot("pg_tables", ListingViews::tables);
    fromSnapshot("pg_indexes", ListingViews::indexes);
    fromSnapshot("pg_rewrite", ViewTables::rules);
    catalogSources.put("pg_views", ListingViews::views);
    catalogSources.put("pg_sequences", ListingViews::sequences);
  }

  private void builtIns() {
    fromSnapshot("pg_type", TypeTables::types);
    fromSnapshot("pg_enum", TypeTables::enumValues);
    constant("pg_proc", TypeTables::functions);
    constant("pg_aggregate", TypeTables::aggregates);
    constant("pg_operator", TypeTables::operators);
    constant("pg_cast", TypeTables::casts);
    constant("pg_opclass", TypeTables::operatorClasses);
    constant("pg_opfamily", TypeTables::operatorFamilies);
    fromSnapshot("pg_collation", CollationTables::collations);
    constant("pg_extension", OwnExtension::rows);
    constant("pg_am", TypeTables::accessMethods);
    constant("pg_language", TypeTables::languages);
    constant("pg_tablespace", ClusterTables::tablespaces);
  }

  private void cluster() {
    fromSnapshot("pg_database", ClusterTables::databases);
    fromSnapshot("pg_roles", (t, s) -> ClusterTables.roles(t, s, false));
    fromSnapshot("pg_authid", (t, s) -> ClusterTables.roles(t, s, true));
    fromSnapshot("pg_user", (t, s) -> ClusterTables.users(t, s, false));
    fromSnapshot("pg_shadow", (t, s) -> ClusterTables.users(t, s, true));
    fromSnapshot("pg_db_role_setting", ClusterTables::storedSettings);
    fromSnapshot("pg_group", ClusterTables::groups);
    fromSnapshot("pg_auth_members", ClusterTables::memberships);
    fromSnapshot("pg_description", (t, s) -> ClusterTables.comments(t, s, false));
    fromSnapshot("pg_shdescription", (t, s) -> ClusterTables.comments(t, s, true));
    catalogSources.put("pg_settings", (t, s, context) -> ClusterTables.settings(t, context));
    catalogSources.put(
        "pg_timezone_names",
        (t, s, context) ->
            rows(TimeZoneFunctions.names(context.typeContext().transactionMicros())));
    constant("pg_timezone_abbrevs", _ -> rows(TimeZoneFunctions.abbreviations()));
    catalogSources.put("pg_cursors", (t, s, context) -> ClusterTables.cursors(t, context));
    catalogSources.put(
        "pg_prepared_statements", (t, s, context) -> ClusterTables.preparedStatements(t, context));
    catalogSources.put("pg_stat_statements", StatementTables::statements);
    for (String which : List.of("all", "user")) {
      catalogSources.put("pg_stat_" + which + "_tables", UseTables::tables);
      catalogSources.put("pg_stat_" + which + "_indexes", UseTables::indexes);
      fromSnapshot("pg_statio_" + which + "_tables", UseTables::tableBlocks);
      fromSnapshot("pg_statio_" + which + "_indexes", UseTables::indexBlocks);
      fromSnapshot("pg_statio_" + which + "_sequences", UseTables::sequenceBlocks);
    }
    catalogSources.put("pg_locks", (t, s, context) -> LockTables.locks(t, context));
    catalogSources.put("pg_stat_database", UseTables::databases);
    catalogSources.put("pg_stat_ssl", (t, s, context) -> AccessTables.encryption(t, context));
    catalogSources.put("pg_hba_file_rules", (t, s, context) -> AccessTables.rules(t, context));
    catalogSources.put("pg_stat_activity", (t, s, context) -> ClusterTables.activity(t, context));
    ownSources.put("sessions", (t, s, context) -> ClusterTables.sessions(t, context));
    ownSources.put("shards", ShardTables::shards);
    ownSources.put("nodes", ShardTables::nodes);
    ownSources.put(
        "jobs",
        (t, s, context) ->
            Stream.concat(
                ShardTables.jobs(t, s, context),
                Stream.concat(JobTables.jobs(t, s, context), JobTables.backups(t, context))));
    catalogSources.put("pg_stat_progress_create_index", JobTables::progress);
    ownSources.put("alerts", (t, s, context) -> AlertTables.alerts(t, context));
    ownSources.put("settings", ShardTables::settings);
    ownSources.put("scrub_findings", ShardTables::scrubFindings);
  }

  private void informationSchema() {
    information("information_schema_catalog_name", InformationSchema::catalogName);
    information("schemata", InformationSchema::schemata);
    information("tables", InformationSchema::tableRows);
    information("views", InformationSchema::views);
    information("view_table_usage", InformationSchema::viewTables);
    information("view_column_usage", InformationSchema::viewColumnsUsed);
    information("columns", InformationSchema::columns);
    information("table_constraints", InformationSchema::tableConstraints);
    information("key_column_usage", InformationSchema::keyColumns);
    information("constraint_column_usage", InformationSchema::constraintColumns);
    information("referential_constraints", InformationSchema::referentialConstraints);
    information("check_constraints", InformationSchema::checkConstraints);
    information("sequences", InformationSchema::sequences);
    informationSources.put("table_privileges", PrivilegeViews::ofTables);
    informationSources.put("role_table_grants", PrivilegeViews::ofTablesToRoles);
    informationSources.put("column_privileges", PrivilegeViews::ofColumns);
    informationSources.put("role_column_grants", PrivilegeViews::ofColumnsToRoles);
    information("enabled_roles", InformationSchema::enabledRoles);
    information("applicable_roles", InformationSchema::applicableRoles);
    informationSources.put("domains", (t, snapshot, _) -> DomainTables.domains(t, snapshot));
    informationSources.put(
        "domain_constraints", (t, snapshot, _) -> DomainTables.constraints(t, snapshot));
    information("collations", InformationSchema::collations);
    information("character_sets", InformationSchema::characterSets);
  }

  /** Rows that follow from the snapshot alone. */
  private interface SnapshotSource {
    Stream<@Nullable Object[]> rows(SystemTable table, CatalogSnapshot snapshot);
  }

  private void fromSnapshot(String name, SnapshotSource source) {
    catalogSources.put(name, (t, snapshot, context) -> source.rows(t, snapshot));
  }

  private static Stream<@Nullable Object[]> rows(Iterator<@Nullable Object[]> rows) {
    List<@Nullable Object[]> all = new ArrayList<>();
    rows.forEachRemaining(all::add);
    return all.stream();
  }

  private void constant(String name, Function<SystemTable, Stream<@Nullable Object[]>> source) {
    catalogSources.put(name, (t, snapshot, context) -> source.apply(t));
  }

  private void information(
      String name, Function<InformationSchema, Stream<@Nullable Object[]>> source) {
    informationSources.put(
        name, (t, snapshot, context) -> source.apply(new InformationSchema(t, snapshot, context)));
  }

  private static Stream<@Nullable Object[]> empty(
      SystemTable table, CatalogSnapshot snapshot, EvalContext context) {
    return Stream.empty();
  }

  private void load() {
    String[] relation = null;
    List<ColumnDescriptor> columns = new ArrayList<>();
    for (String[] f : PgTypes.resourceRows(SystemTables.class, "system_tables.tsv")) {
      if (f[0].equals("R")) {
        if (relation != null) {
          add(relation, columns);
        }
        relation = f;
        columns = new ArrayList<>();
      } else {
        columns.add(
            new ColumnDescriptor(
                columns.size() + 1,
                f[1],
                new SqlType(Integer.parseInt(f[2]), Integer.parseInt(f[3])),
                f[4].equals("t"),
                null,
                '\0',
                0,
                false));
      }
    }
    if (relation != null) {
      add(relation, columns);
    }
  }

  private void add(String[] f, List<ColumnDescriptor> columns) {
    boolean catalog = f[2].equals("pg_catalog");
    boolean own = f[2].equals("shardforge");
    String name = f[3];
    SystemTable.Source source =
        (catalog ? catalogSources : own ? ownSources : informationSources)
            .getOrDefault(name, SystemTables::empty);
    tables.add(
        new SystemTable(
            Integer.parseInt(f[1]),
            catalog
                ? SystemOids.SCHEMA_PG_CATALOG
                : own ? SystemOids.SCHEMA_SHARDFORGE : SystemOids.SCHEMA_INFORMATION,
            name,
            f[4].charAt(0),
            f[5].equals("t"),
            columns,
            source,
            catalog && RESTRICTED.contains(name)));
  }
}
