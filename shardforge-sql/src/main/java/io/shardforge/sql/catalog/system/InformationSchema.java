package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DefaultGrants;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.UpdatableRelations;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.CatalogFunctions;
import io.shardforge.sql.function.SessionFunctions;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of information_schema, for one scan: what the current role may see of one snapshot. */
final class InformationSchema {
  private final SystemTable t;
  private final CatalogSnapshot snapshot;
  private final AccessCheck access;
  private final ObjectDefinitions definitions;
  private final CatalogFunctions functions;
  private final String database;
  private final int roleId;

  InformationSchema(SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    this.t = t;
    this.snapshot = snapshot;
    SessionFunctions session = context.services().get(SessionFunctions.class);
    this.functions = context.services().get(CatalogFunctions.class);
    RoleDescriptor role = snapshot.role(session.userName());
    this.roleId = role == null ? 0 : role.id();
    this.access = AccessCheck.of(snapshot, roleId);
    this.definitions = new ObjectDefinitions(snapshot, session.searchPath(true));
    DatabaseDescriptor here = snapshot.database(snapshot.databaseId());
    this.database = here == null ? session.databaseName() : here.name();
  }

  private boolean isVisible(Object relation) {
    for (Privilege privilege : DefaultGrants.ON_TABLE) {
      if (access.mayAnyColumn(relation, privilege)) {
        return true;
      }
    }
    return false;
  }

  private Stream<TableDescriptor> tables() {
    return snapshot.tables().stream().filter(this::isVisible);
  }

  private String schema(int schemaId) {
    return definitions.schemaName(schemaId);
  }

  private static String yes(boolean value) {
    return value ? "YES" : "NO";
  }

  // ---- schemata, tables, views ----

  Stream<@Nullable Object[]> catalogName() {
    return Stream.ofNullable(t.row().set("catalog_name", database).done());
  }

  Stream<@Nullable Object[]> schemata() {
    return snapshot.schemas().stream()
        .filter(s -> access.maySchema(s, Privilege.USAGE) || access.maySchema(s, Privilege.CREATE))
        .map(s ->
            t.row()
                .set("catalog_name", database)
                .set("schema_name", s.name())
                .set("schema_owner", ListingViews.roleName(snapshot, s.ownerId()))
                .done());
  }

  Stream<@Nullable Object[]> tableRows() {
    return Stream.of(
            tables()
                .map(x -> {
                  boolean temporary = TemporarySchema.is(schema(x.schemaId()));
                  String kind = temporary ? "LOCAL TEMPORARY" : "BASE TABLE";
                  return table(x.schemaId(), x.name(), kind, true);
                }),
            snapshot.views().stream()
                .filter(this::isVisible)
                .map(v -> table(v.schemaId(), v.name(), "VIEW", may(v, UpdatableRelations.INSERT))),
            snapshot.virtualTables().stream()
                .filter(this::isVisible)
                .map(v -> {
                  boolean base = v instanceof SystemTable s && s.kind() == 'r';
                  return table(v.schemaId(), v.name(), base ? "BASE TABLE" : "VIEW", false);
                }))
        .flatMap(rows -> rows);
  }

  private @Nullable Object[] table(int schemaId, String name, String type, boolean insertable) {
    return t.row()
        .set("table_catalog", database)
        .set("table_schema", schema(schemaId))
        .set("table_name", name)
        .set("table_type", type)
        .set("is_insertable_into", yes(insertable))
        .set("is_typed", "NO")
        .done();
  }

  Stream<@Nullable Object[]> views() {
    return snapshot.views().stream()
        .filter(this::isVisible)
        .map(v ->
            t.row()
                .set("table_catalog", database)
                .set("table_schema", schema(v.schemaId()))
                .set("table_name", v.name())
                .set(
                    "view_definition",
                    Memberships.hasPrivilegesOf(snapshot, roleId, v.ownerId())
                        ? functions.viewDefinition(v.id(), false)
                        : null)
                .set("check_option", v.options().check().name())
                .set(
                    "is_updatable",
                    yes(may(v, UpdatableRelations.UPDATE | UpdatableRelations.DELETE)))
                .set("is_insertable_into", yes(may(v, UpdatableRelations.INSERT)))
                .set("is_trigger_updatable", "NO")
                .set("is_trigger_deletable", "NO")
                .set("is_trigger_insertable_into", "NO")
                .done());
  }

  private boolean may(ViewDescriptor view, int events) {
    return (functions.updatableEvents(view.id()) & events) == events;
  }

  /** The tables that views of the role's own read. */
  Stream<@Nullable Object[]> viewTables() {
    return ownViews()
        .flatMap(v ->
            v.readings().stream()
                .map(Reading::relationId)
                .distinct()
                .map(id -> usage(v, id).done()));
  }

  Stream<@Nullable Object[]> viewColumnsUsed() {
    return ownViews()
        .flatMap(v ->
            ViewTables.used(v).stream()
                .filter(use -> use.columnNumber() != 0)
                .map(use -> usage(v, use.relationId()).set("column_name", nameOf(use)).done()));
  }

  private @Nullable String nameOf(ViewTables.Use use) {
    Object relation = Objects.requireNonNull(snapshot.relation(use.relationId()));
    for (ColumnDescriptor column : ObjectDefinitions.columnsOf(relation)) {
      if (column.number() == use.columnNumber()) {
        return column.name();
      }
    }
    return null;
  }

  private Stream<ViewDescriptor> ownViews() {
    return snapshot.views().stream()
        .filter(v -> Memberships.hasPrivilegesOf(snapshot, roleId, v.ownerId()));
  }

  private Cells usage(ViewDescriptor view, int relationId) {
    Object relation = Objects.requireNonNull(snapshot.relation(relationId));
    return t.row()
        .set("view_catalog", database)
        .set("view_schema", schema(view.schemaId()))
        .set("view_name", view.name())
        .set("table_catalog", database)
        .set("table_schema", schema(ObjectDefinitions.schemaOf(relation)))
        .set("table_name", ObjectDefinitions.nameOf(relation));
  }

  // ---- columns ----

  Stream<@Nullable Object[]> columns() {
    return Stream.of(
            tables()
                .flatMap(x ->
                    x.visibleColumns().stream()
                        .filter(c -> isVisible(x, c))
                        .map(c -> column(x.schemaId(), x.name(), c, true))),
            snapshot.views().stream().filter(this::isVisible).flatMap(v -> viewColumns(v)),
            snapshot.virtualTables().stream()
                .filter(this::isVisible)
                .flatMap(v -> systemColumns(v)))
        .flatMap(rows -> rows);
  }

  private Stream<@Nullable Object[]> viewColumns(ViewDescriptor v) {
    return v.columns().stream()
        .filter(c -> isVisible(v, c))
        .map(c -> column(v.schemaId(), v.name(), c, functions.isUpdatable(v.id(), c.number())));
  }

  private boolean isVisible(Object relation, ColumnDescriptor column) {
    return DefaultGrants.ON_COLUMN.stream()
        .anyMatch(privilege -> access.mayColumn(relation, column.number(), privilege));
  }

  private Stream<@Nullable Object[]> systemColumns(VirtualTable v) {
    return v.columns().stream().map(c -> column(v.schemaId(), v.name(), c, false));
  }

  private String typeSchema(ColumnDescriptor c) {
    PgType declared = PgTypes.byOid(c.type().oid());
    PgType type = declared.isDomain() ? PgTypes.byOid(PgTypes.baseOid(declared.oid())) : declared;
    TypeDescriptor made = snapshot.typeDescriptor(type.isArray() ? type.elementOid() : type.oid());
    return made == null ? "pg_catalog" : schema(made.schemaId());
  }

  private @Nullable Object[] column(
      int schemaId, String table, ColumnDescriptor c, boolean updatable) {
    ColumnFacets facets = ColumnFacets.of(c.type());
    String defaultSql = ObjectDefinitions.visibleDefault(c);
    String shown = defaultSql == null ? null : definitions.expression(defaultSql);
    Cells row =
        t.row()
            .set("table_catalog", database)
            .set("table_schema", schema(schemaId))
            .set("table_name", table)
            .set("column_name", c.name())
            .set("ordinal_position", c.number())
            .set("column_default", shown == null || c.generated() ? null : shown)
            .set("is_nullable", yes(!c.notNull()))
            .set("data_type", facets.dataType())
            .set("character_maximum_length", facets.characterLength())
            .set("character_octet_length", facets.octetLength())
            .set("numeric_precision", facets.numericPrecision())
            .set("numeric_precision_radix", facets.radix())
            .set("numeric_scale", facets.numericScale())
            .set("datetime_precision", facets.datetimePrecision())
            .set("udt_catalog", database)
            .set("udt_schema", typeSchema(c))
            .set("udt_name", facets.typeName())
            .set("dtd_identifier", Integer.toString(c.number()))
            .set("is_self_referencing", "NO")
            .set("is_identity", yes(c.identity() != '\0'))
            .set("identity_cycle", "NO")
            .set("is_generated", c.generated() ? "ALWAYS" : "NEVER")
            .set("generation_expression", c.generated() ? shown : null)
            .set("is_updatable", yes(updatable));
    Collation collation = c.type().collation();
    if (collation != null) {
      Collations.BuiltIn builtIn = Collations.byOid(collation.oid());
      CollationDescriptor made = snapshot.collation(collation.oid());
      row.set("collation_catalog", database)
          .set("collation_schema", made == null ? "pg_catalog" : schema(made.schemaId()))
          .set(
              "collation_name",
              made != null ? made.name() : builtIn == null ? null : builtIn.name());
    }
    if (snapshot.typeDescriptor(c.type().oid()) instanceof DomainDescriptor domain) {
      row.set("domain_catalog", database)
          .set("domain_schema", schema(domain.schemaId()))
          .set("domain_name", domain.name());
    }
    if (c.identity() != '\0') {
      row.set("identity_generation", c.identity() == 'a' ? "ALWAYS" : "BY DEFAULT");
      if (snapshot.relation(c.sequenceId()) instanceof SequenceDescriptor s) {
        row.set("identity_start", Long.toString(s.start()))
            .set("identity_increment", Long.toString(s.increment()))
            .set("identity_maximum", Long.toString(s.maximum()))
            .set("identity_minimum", Long.toString(s.minimum()))
            .set("identity_cycle", yes(s.cycle()));
      }
    }
    return row.done();
  }

  // ---- constraints ----

  private Stream<TableDescriptor> ownTables() {
    return snapshot.tables().stream().filter(this::isVisible);
  }

  Stream<@Nullable Object[]> tableConstraints() {
    return ownTables()
        .flatMap(table -> {
          List<@Nullable Object[]> rows = new ArrayList<>();
          for (IndexDescriptor index : table.indexes()) {
            if (index.constraintOid() != 0) {
              Cells row =
                  constraint(table, index.name(), index.isPrimaryKey() ? "PRIMARY KEY" : "UNIQUE")
                      .set("is_deferrable", yes(index.timing().deferrable()))
                      .set("initially_deferred", yes(index.timing() == Timing.INITIALLY_DEFERRED));
              if (!index.isPrimaryKey()) {
                row.set("nulls_distinct", yes(!index.nullsNotDistinct()));
              }
              rows.add(row.done());
            }
          }
          for (CheckDescriptor check : table.checks()) {
            rows.add(constraint(table, check.name(), "CHECK").done());
          }
          for (ForeignKeyDescriptor key : table.foreignKeys()) {
            rows.add(
                constraint(table, key.name(), "FOREIGN KEY")
                    .set("is_deferrable", yes(key.timing().deferrable()))
                    .set("initially_deferred", yes(key.timing() == Timing.INITIALLY_DEFERRED))
                    .done());
          }
          for (ColumnDescriptor column : table.visibleColumns()) {
            if (column.notNull()) {
              rows.add(constraint(table, notNullName(table, column), "CHECK").done());
            }
          }
          return rows.stream();
        });
  }

  private Cells constraint(TableDescriptor table, String name, String type) {
    return t.row()
        .set("constraint_catalog", database)
        .set("constraint_schema", schema(table.schemaId()))
        .set("constraint_name", name)
        .set("table_catalog", database)
        .set("table_schema", schema(table.schemaId()))
        .set("table_name", table.name())
        .set("constraint_type", type)
        .set("is_deferrable", "NO")
        .set("initially_deferred", "NO")
        .set("enforced", "YES");
  }

  private static String notNullName(TableDescriptor table, ColumnDescriptor column) {
    return table.schemaId() + "_" + table.id() + "_" + column.number() + "_not_null";
  }

  Stream<@Nullable Object[]> keyColumns() {
    return ownTables()
        .flatMap(table -> {
          List<@Nullable Object[]> rows = new ArrayList<>();
          for (IndexDescriptor index : table.indexes()) {
            for (int i = 0; index.constraintOid() != 0 && i < index.columns().size(); i++) {
              int number = index.columns().get(i).columnNumber();
              rows.add(keyColumn(table, index.name(), number, i).done());
            }
          }
          for (ForeignKeyDescriptor key : table.foreignKeys()) {
            for (int i = 0; i < key.columns().size(); i++) {
              rows.add(
                  keyColumn(table, key.name(), key.columns().get(i), i)
                      .set(
                          "position_in_unique_constraint",
                          ForeignKeyTables.positionInIndex(snapshot, key, i))
                      .done());
            }
          }
          return rows.stream();
        });
  }

  private Cells keyColumn(TableDescriptor table, String constraint, int number, int position) {
    return t.row()
        .set("constraint_catalog", database)
        .set("constraint_schema", schema(table.schemaId()))
        .set("constraint_name", constraint)
        .set("table_catalog", database)
        .set("table_schema", schema(table.schemaId()))
        .set("table_name", table.name())
        .set("column_name", ObjectDefinitions.columnName(table, number))
        .set("ordinal_position", position + 1);
  }

  Stream<@Nullable Object[]> referentialConstraints() {
    return ForeignKeyTables.all(snapshot)
        .filter(reference -> isVisible(reference.table()))
        .map(reference -> {
          ForeignKeyDescriptor key = reference.key();
          Cells row =
              t.row()
                  .set("constraint_catalog", database)
                  .set("constraint_schema", schema(reference.table().schemaId()))
                  .set("constraint_name", key.name())
                  .set("match_option", key.full() ? "FULL" : "NONE")
                  .set("update_rule", key.onUpdate().words())
                  .set("delete_rule", key.onDelete().words());
          IndexOfTable index = snapshot.index(key.indexOid());
          if (index != null && index.index().constraintOid() != 0) {
            row.set("unique_constraint_catalog", database)
                .set("unique_constraint_schema", schema(index.table().schemaId()))
                .set("unique_constraint_name", index.index().name());
          }
          return row.done();
        });
  }

  Stream<@Nullable Object[]> constraintColumns() {
    return ownTables()
        .flatMap(table -> {
          List<@Nullable Object[]> rows = new ArrayList<>();
          for (IndexDescriptor index : table.indexes()) {
            if (index.constraintOid() != 0) {
              for (IndexDescriptor.KeyColumn key : index.columns()) {
                rows.add(
                    constraintColumn(
                        table,
                        ObjectDefinitions.columnName(table, key.columnNumber()),
                        index.name()));
              }
            }
          }
          for (CheckDescriptor check : table.checks()) {
            List<String> words = CheckWords.of(check.sql());
            for (ColumnDescriptor column : table.visibleColumns()) {
              if (words.contains(column.name())) {
                rows.add(constraintColumn(table, column.name(), check.name()));
              }
            }
          }
          for (Reference reference : snapshot.referencesTo(table.id())) {
            for (int number : reference.key().referencedColumns()) {
              rows.add(
                  constraintColumn(
                      table, ObjectDefinitions.columnName(table, number), reference.key().name()));
            }
          }
          return rows.stream();
        });
  }

  private @Nullable Object[] constraintColumn(
      TableDescriptor table, String column, String constraint) {
    return t.row()
        .set("table_catalog", database)
        .set("table_schema", schema(table.schemaId()))
        .set("table_name", table.name())
        .set("column_name", column)
        .set("constraint_catalog", database)
        .set("constraint_schema", schema(table.schemaId()))
        .set("constraint_name", constraint)
        .done();
  }

  Stream<@Nullable Object[]> checkConstraints() {
    return ownTables()
        .flatMap(table -> {
          List<@Nullable Object[]> rows = new ArrayList<>();
          for (CheckDescriptor check : table.checks()) {
            rows.add(checkRow(table, check.name(), definitions.expression(check.sql())));
          }
          for (ColumnDescriptor column : table.visibleColumns()) {
            if (column.notNull()) {
              rows.add(checkRow(table, notNullName(table, column), column.name() + " IS NOT NULL"));
            }
          }
          return rows.stream();
        });
  }

  private @Nullable Object[] checkRow(TableDescriptor table, String name, String clause) {
    return t.row()
        .set("constraint_catalog", database)
        .set("constraint_schema", schema(table.schemaId()))
        .set("constraint_name", name)
        .set("check_clause", clause)
        .done();
  }

  // ---- sequences, privileges, roles ----

  Stream<@Nullable Object[]> sequences() {
    return snapshot.sequences().stream()
        .filter(s ->
            access.mayRelation(s, Privilege.SELECT)
                || access.mayRelation(s, Privilege.UPDATE)
                || access.mayRelation(s, Privilege.USAGE))
        .filter(s -> !isIdentity(s))
        .map(s ->
            t.row()
                .set("sequence_catalog", database)
                .set("sequence_schema", schema(s.schemaId()))
                .set("sequence_name", s.name())
                .set("data_type", TypeNames.format(s.type()))
                .set("numeric_precision", ColumnFacets.of(s.type()).numericPrecision())
                .set("numeric_precision_radix", 2)
                .set("numeric_scale", 0)
                .set("start_value", Long.toString(s.start()))
                .set("minimum_value", Long.toString(s.minimum()))
                .set("maximum_value", Long.toString(s.maximum()))
                .set("increment", Long.toString(s.increment()))
                .set("cycle_option", yes(s.cycle()))
                .done());
  }

  private boolean isIdentity(SequenceDescriptor s) {
    return s.ownedByTable() != 0
        && snapshot.relation(s.ownedByTable()) instanceof TableDescriptor table
        && table.columns().stream().anyMatch(c -> c.sequenceId() == s.id() && c.identity() != '\0');
  }

  Stream<@Nullable Object[]> enabledRoles() {
    return snapshot.roles().stream()
        .filter(r -> io.shardforge.sql.catalog.Memberships.isMember(snapshot, roleId, r.id()))
        .map(r -> t.row().set("role_name", r.name()).done());
  }

  Stream<@Nullable Object[]> applicableRoles() {
    return snapshot.roles().stream()
        .filter(r -> io.shardforge.sql.catalog.Memberships.isMember(snapshot, roleId, r.id()))
        .flatMap(r ->
            r.memberOf().stream()
                .map(m ->
                    t.row()
                        .set("grantee", r.name())
                        .set("role_name", ListingViews.roleName(snapshot, m.roleId()))
                        .set("is_grantable", yes(m.admin()))
                        .done()));
  }

  Stream<@Nullable Object[]> collations() {
    return Stream.concat(
        Collations.all().stream().map(c -> collation("pg_catalog", c.name())),
        snapshot.collations().stream()
            .map(c -> collation(definitions.schemaName(c.schemaId()), c.name())));
  }

  private @Nullable Object[] collation(String schema, String name) {
    return t.row()
        .set("collation_catalog", database)
        .set("collation_schema", schema)
        .set("collation_name", name)
        .set("pad_attribute", "NO PAD")
        .done();
  }

  Stream<@Nullable Object[]> characterSets() {
    return Stream.ofNullable(
        t.row()
            .set("character_set_name", "UTF8")
            .set("character_repertoire", "UCS")
            .set("form_of_use", "UTF8")
            .set("default_collate_catalog", database)
            .set("default_collate_schema", "pg_catalog")
            .set("default_collate_name", "C")
            .done());
  }
}
