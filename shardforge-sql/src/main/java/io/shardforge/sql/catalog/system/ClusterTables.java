package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CommentDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DefaultGrants;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SettingsDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TemplateDatabases;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.PgOid;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of tables about databases, roles, comments, settings and sessions. */
final class ClusterTables {
  private static final int UTF8 = 6;
  private static final String HIDDEN_PASSWORD = "********";

  private ClusterTables() {}

  static Stream<@Nullable Object[]> databases(SystemTable t, CatalogSnapshot snapshot) {
    Stream<@Nullable Object[]> templates =
        TemplateDatabases.ALL.stream()
            .filter(d -> snapshot.database(d.name()) == null)
            .map(d ->
                database(t, d)
                    .set("datistemplate", true)
                    .set(
                        "datacl",
                        AccessItems.of(
                            snapshot,
                            DefaultGrants.of(
                                d.ownerId(),
                                DefaultGrants.ON_DATABASE,
                                EnumSet.of(Privilege.CONNECT))))
                    .done());
    return Stream.concat(
        snapshot.databases().stream()
            .map(d -> database(t, d).set("datacl", RelationTables.acl(snapshot, d.id())).done()),
        templates);
  }

  private static Cells database(SystemTable t, DatabaseDescriptor d) {
    return t.row()
        .set("oid", d.id())
        .set("datname", d.name())
        .set("datdba", d.ownerId())
        .set("encoding", UTF8)
        .set("datlocprovider", 'c')
        .set("datallowconn", d.allowConnections())
        .set("datconnlimit", d.connectionLimit())
        .set("dattablespace", SystemOids.TABLESPACE_DEFAULT)
        .set("datcollate", "C")
        .set("datctype", "C.UTF-8");
  }

  static Stream<@Nullable Object[]> namespaces(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.schemas().stream()
        .map(s ->
            t.row()
                .set("oid", s.id())
                .set("nspname", s.name())
                .set("nspowner", s.ownerId())
                .set("nspacl", acl(snapshot, s))
                .done());
  }

  /** The first privileges are written out for the schema public, as initdb does. */
  private static @Nullable ArrayValue acl(CatalogSnapshot snapshot, SchemaDescriptor schema) {
    int id = schema.id();
    if (id != SystemOids.SCHEMA_PUBLIC || snapshot.grants(id) != null) {
      return RelationTables.acl(snapshot, id);
    }
    Set<Privilege> toPublic = DefaultGrants.ofSchemaToPublic(id);
    return AccessItems.of(
        snapshot, DefaultGrants.of(schema.ownerId(), DefaultGrants.ON_SCHEMA, toPublic).reversed());
  }

  /** pg_authid and pg_roles: the same but for the password. */
  static Stream<@Nullable Object[]> roles(
      SystemTable t, CatalogSnapshot snapshot, boolean withPassword) {
    return snapshot.roles().stream()
        .map(r -> {
          Cells row = role(t, r, withPassword);
          return withPassword ? row.done() : row.set("rolconfig", config(snapshot, r.id())).done();
        });
  }

  private static Cells role(SystemTable t, RoleDescriptor r, boolean withPassword) {
    return t.row()
        .set("oid", r.id())
        .set("rolname", r.name())
        .set("rolsuper", r.superuser())
        .set("rolinherit", r.inherit())
        .set("rolcreaterole", r.createRole())
        .set("rolcreatedb", r.createDatabase())
        .set("rolcanlogin", r.login())
        .set("rolreplication", r.replication())
        .set("rolconnlimit", r.connectionLimit())
        .set("rolvaliduntil", r.validUntil())
        .set("rolbypassrls", r.bypassRowSecurity())
        .set("rolpassword", withPassword ? r.verifier() : HIDDEN_PASSWORD);
  }

  /** What sessions of a role begin with in any database. */
  private static @Nullable ArrayValue config(CatalogSnapshot snapshot, int roleId) {
    SettingsDescriptor settings = snapshot.settings(SettingsDescriptor.ALL, roleId);
    return settings == null ? null : Cells.array(PgOid.TEXT, settings.settings());
  }

  static Stream<@Nullable Object[]> storedSettings(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.settings().stream()
        .map(s ->
            t.row()
                .set("setdatabase", s.databaseId())
                .set("setrole", s.id())
                .set("setconfig", Cells.array(PgOid.TEXT, s.settings()))
                .done());
  }

  /** pg_user and pg_shadow: roles that may log in. */
  static Stream<@Nullable Object[]> users(
      SystemTable t, CatalogSnapshot snapshot, boolean withPassword) {
    return snapshot.roles().stream()
        .filter(RoleDescriptor::login)
        .map(r ->
            t.row()
                .set("usename", r.name())
                .set("usesysid", r.id())
                .set("usecreatedb", r.createDatabase())
                .set("usesuper", r.superuser())
                .set("userepl", r.replication())
                .set("usebypassrls", r.bypassRowSecurity())
                .set("passwd", withPassword ? r.verifier() : HIDDEN_PASSWORD)
                .set("valuntil", r.validUntil())
                .set("useconfig", config(snapshot, r.id()))
                .done());
  }

  static Stream<@Nullable Object[]> groups(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.roles().stream()
        .filter(r -> !r.login())
        .map(group ->
            t.row()
                .set("groname", group.name())
                .set("grosysid", group.id())
                .set(
                    "grolist",
                    Cells.numbers(
                        PgOid.OID,
                        snapshot.roles().stream()
                            .filter(
                                r -> r.memberOf().stream().anyMatch(m -> m.roleId() == group.id()))
                            .map(RoleDescriptor::id)
                            .toList()))
                .done());
  }

  static Stream<@Nullable Object[]> memberships(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.roles().stream()
        .flatMap(role ->
            role.memberOf().stream()
                .map(m ->
                    t.row()
                        .set("oid", membershipOid(role.id(), m.roleId()))
                        .set("roleid", m.roleId())
                        .set("member", role.id())
                        .set("grantor", m.grantorId())
                        .set("admin_option", m.admin())
                        .set("inherit_option", role.inherit())
                        .set("set_option", true)
                        .done()));
  }

  /** A membership is part of its role: an OID that no object of its own can have. */
  private static long membershipOid(int memberId, int roleId) {
    return (0x8000_0000L | (((long) memberId << 12) ^ roleId)) & 0xFFFF_FFFFL;
  }

  static Stream<@Nullable Object[]> tablespaces(SystemTable t) {
    return Stream.of(
        tablespace(t, SystemOids.TABLESPACE_DEFAULT, "pg_default"),
        tablespace(t, SystemOids.TABLESPACE_GLOBAL, "pg_global"));
  }

  private static @Nullable Object[] tablespace(SystemTable t, int oid, String name) {
    return t.row()
        .set("oid", oid)
        .set("spcname", name)
        .set("spcowner", SystemOids.ROLE_POSTGRES)
        .done();
  }

  static Stream<@Nullable Object[]> comments(
      SystemTable t, CatalogSnapshot snapshot, boolean shared) {
    return snapshot.comments().stream()
        .filter(c -> c.isShared() == shared)
        .map(c -> comment(t, c, shared));
  }

  private static @Nullable Object[] comment(SystemTable t, CommentDescriptor c, boolean shared) {
    Cells row =
        t.row().set("objoid", c.id()).set("classoid", c.classId()).set("description", c.text());
    return shared ? row.done() : row.set("objsubid", c.columnNumber()).done();
  }

  static Stream<@Nullable Object[]> settings(SystemTable t, EvalContext context) {
    return context.services().get(SettingsView.class).settings().stream()
        .map(s ->
            t.row()
                .set("name", s.name())
                .set("setting", s.value())
                .set("category", "Client Connection Defaults / Statement Behavior")
                .set("short_desc", s.description())
                .set("context", s.context())
                .set("vartype", s.type())
                .set("source", sourceOf(s))
                .set("boot_val", s.defaultValue())
                .set("reset_val", s.defaultValue())
                .set("pending_restart", false)
                .done());
  }

  private static String sourceOf(SettingsView.Entry setting) {
    if (setting.value().equals(setting.defaultValue())) {
      return "default";
    }
    return setting.context().equals("sighup") ? "configuration file" : "session";
  }

  static Stream<@Nullable Object[]> activity(SystemTable t, EvalContext context) {
    return context.services().get(ActivityView.class).sessions().stream()
        .map(a -> activity(t.row(), a).set("backend_type", "client backend").done());
  }

  /** The same with the nodes. */
  static Stream<@Nullable Object[]> sessions(SystemTable t, EvalContext context) {
    return context.services().get(ActivityView.class).sessions().stream()
        .map(a -> activity(t.row(), a).set("node_id", a.node()).done());
  }

  private static Cells activity(Cells row, ActivityView.Entry a) {
    return row.set("datid", a.databaseId())
        .set("datname", a.database())
        .set("pid", a.pid())
        .set("usesysid", a.roleId())
        .set("usename", a.user())
        .set("application_name", a.applicationName())
        .set("client_addr", address(a.clientAddress()))
        .set("client_port", a.clientPort())
        .set("backend_start", a.startedMicros())
        .set("xact_start", a.transactionMicros())
        .set("query_start", a.queryMicros())
        .set("state_change", a.stateMicros())
        .set("wait_event_type", a.waitEventType())
        .set("wait_event", a.waitEvent())
        .set("state", a.state())
        .set("query", a.query());
  }

  private static @Nullable NetworkAddress address(@Nullable String host) {
    return host == null ? null : NetworkAddress.ofHost(host);
  }

  static Stream<@Nullable Object[]> preparedStatements(SystemTable t, EvalContext context) {
    return context.services().get(PreparedStatementsView.class).preparedStatements().stream()
        .map(p ->
            t.row()
                .set("name", p.name())
                .set("statement", p.statement())
                .set("prepare_time", p.preparedMicros())
                .set("parameter_types", Cells.numbers(PgOid.REGTYPE, p.parameterTypes()))
                .set(
                    "result_types",
                    p.resultTypes() == null ? null : Cells.numbers(PgOid.REGTYPE, p.resultTypes()))
                .set("from_sql", p.fromSql())
                .set("generic_plans", 0L)
                .set("custom_plans", 0L)
                .done());
  }

  static Stream<@Nullable Object[]> cursors(SystemTable t, EvalContext context) {
    return context.services().get(CursorsView.class).cursors().stream()
        .map(c ->
            t.row()
                .set("name", c.name())
                .set("statement", c.statement())
                .set("is_holdable", c.holdable())
                .set("is_binary", c.binary())
                .set("is_scrollable", c.scrollable())
                .set("creation_time", c.createdMicros())
                .done());
  }
}
