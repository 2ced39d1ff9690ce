package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DefaultGrants;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.SessionFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The views of information_schema that list who may do what on tables, views and their columns, as
 * far as the role that asks is concerned.
 */
final class PrivilegeViews {
  private final SystemTable t;
  private final CatalogSnapshot snapshot;
  private final String database;
  private final Set<Integer> roles;

  private PrivilegeViews(SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    this.t = t;
    this.snapshot = snapshot;
    SessionFunctions session = context.services().get(SessionFunctions.class);
    RoleDescriptor role = snapshot.role(session.userName());
    this.roles = role == null ? Set.of() : Memberships.inherited(snapshot, role);
    DatabaseDescriptor here = snapshot.database(snapshot.databaseId());
    this.database = here == null ? session.databaseName() : here.name();
  }

  /** A table or view. */
  private record Relation(
      int id, int schemaId, String name, int ownerId, List<ColumnDescriptor> columns) {}

  /** One privilege that somebody has. */
  private record Item(int grantorId, int granteeId, Privilege privilege, boolean grantable) {}

  static Stream<@Nullable Object[]> ofTables(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return new PrivilegeViews(t, snapshot, context).tableRows(true);
  }

  static Stream<@Nullable Object[]> ofTablesToRoles(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return new PrivilegeViews(t, snapshot, context).tableRows(false);
  }

  static Stream<@Nullable Object[]> ofColumns(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return new PrivilegeViews(t, snapshot, context).columnRows(true);
  }

  static Stream<@Nullable Object[]> ofColumnsToRoles(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return new PrivilegeViews(t, snapshot, context).columnRows(false);
  }

  private Stream<Relation> relations() {
    return Stream.concat(
        snapshot.tables().stream()
            .map(x -> new Relation(x.id(), x.schemaId(), x.name(), x.ownerId(), columns(x))),
        snapshot.views().stream()
            .map(x -> new Relation(x.id(), x.schemaId(), x.name(), x.ownerId(), columns(x))));
  }

  private static List<ColumnDescriptor> columns(TableDescriptor table) {
    return table.visibleColumns();
  }

  private static List<ColumnDescriptor> columns(ViewDescriptor view) {
    return view.columns();
  }

  private List<Item> items(Relation relation) {
    GrantsDescriptor grants = snapshot.grants(relation.id);
    return items(
        relation,
        grants == null
            ? DefaultGrants.of(relation.ownerId, DefaultGrants.ON_TABLE, Set.of())
            : grants.grants());
  }

  private static List<Item> items(Relation relation, List<Grant> grants) {
    List<Item> items = new ArrayList<>();
    for (Grant grant : grants) {
      for (Privilege privilege : grant.privileges()) {
        // MAINTAIN is no privilege of the SQL standard.
        if (privilege != Privilege.MAINTAIN) {
          boolean grantable =
              grant.granteeId() == relation.ownerId || grant.grantOptions().contains(privilege);
          items.add(new Item(grant.grantorId(), grant.granteeId(), privilege, grantable));
        }
      }
    }
    return items;
  }

  private boolean isShown(Item item, boolean withPublic) {
    return roles.contains(item.grantorId)
        || roles.contains(item.granteeId)
        || (withPublic && item.granteeId == GrantsDescriptor.PUBLIC);
  }

  private Stream<@Nullable Object[]> tableRows(boolean withPublic) {
    return relations()
        .flatMap(relation ->
            items(relation).stream()
                .filter(item -> isShown(item, withPublic))
                .map(item ->
                    row(relation, item)
                        .set("with_hierarchy", yes(item.privilege == Privilege.SELECT))
                        .done()));
  }

  private Stream<@Nullable Object[]> columnRows(boolean withPublic) {
    return relations()
        .flatMap(relation ->
            relation.columns.stream()
                .flatMap(column ->
                    items(relation, column).stream()
                        .filter(item -> isShown(item, withPublic))
                        .map(
                            item -> row(relation, item).set("column_name", column.name()).done())));
  }

  /** What somebody may do with a column, by privileges on the relation or on the column. */
  private List<Item> items(Relation relation, ColumnDescriptor column) {
    List<Item> items = new ArrayList<>();
    for (Item item : items(relation)) {
      if (DefaultGrants.ON_COLUMN.contains(item.privilege)) {
        items.add(item);
      }
    }
    GrantsDescriptor grants = snapshot.grants(relation.id, column.number());
    for (Item item : grants == null ? List.<Item>of() : items(relation, grants.grants())) {
      if (!items.contains(item)) {
        items.add(item);
      }
    }
    return items;
  }

  private Cells row(Relation relation, Item item) {
    String grantee =
        item.granteeId == GrantsDescriptor.PUBLIC
            ? "PUBLIC"
            : ListingViews.roleName(snapshot, item.granteeId);
    String schema =
        snapshot.schemas().stream()
            .filter(s -> s.id() == relation.schemaId)
            .map(s -> s.name())
            .findFirst()
            .orElse("");
    return t.row()
        .set("grantor", ListingViews.roleName(snapshot, item.grantorId))
        .set("grantee", grantee)
        .set("table_catalog", database)
        .set("table_schema", schema)
        .set("table_name", relation.name)
        .set("privilege_type", item.privilege.name())
        .set("is_grantable", yes(item.grantable));
  }

  private static String yes(boolean value) {
    return value ? "YES" : "NO";
  }
}
