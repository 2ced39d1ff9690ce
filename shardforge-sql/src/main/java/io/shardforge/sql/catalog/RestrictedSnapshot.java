package io.shardforge.sql.catalog;

import io.shardforge.sql.type.UserTypes;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as a role without all privileges sees it: the same content, with the role's rights for
 * the binder to check, and a version of its own so that plans made on it are kept apart.
 */
public final class RestrictedSnapshot implements CatalogSnapshot {
  /** Versions of snapshots and ids of roles need this many bits. */
  private static final int ROLE_BITS = 31;

  private final CatalogSnapshot snapshot;
  private final AccessCheck access;
  private final long version;

  private RestrictedSnapshot(CatalogSnapshot snapshot, AccessCheck access, int roleId) {
    this.snapshot = snapshot;
    this.access = access;
    long base = snapshot.version();
    // Far below the versions of other snapshots; a transaction's own snapshots in the upper half.
    long half = base < 0 ? 1L << (2 * ROLE_BITS) : 0;
    this.version = Long.MIN_VALUE + half + ((Math.abs(base) << ROLE_BITS) | roleId);
  }

  /** What the role plans on: the snapshot itself where nothing is forbidden to it. */
  public static CatalogSnapshot of(CatalogSnapshot snapshot, int roleId) {
    RoleDescriptor role = snapshot.role(roleId);
    return role != null && role.superuser()
        ? snapshot
        : new RestrictedSnapshot(snapshot, AccessCheck.of(snapshot, roleId), roleId);
  }

  @Override
  public AccessCheck access() {
    return access;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public int databaseId() {
    return snapshot.databaseId();
  }

  @Override
  public @Nullable SchemaDescriptor schema(String name) {
    return snapshot.schema(name);
  }

  @Override
  public @Nullable SchemaDescriptor schema(int id) {
    return snapshot.schema(id);
  }

  @Override
  public Collection<SchemaDescriptor> schemas() {
    return snapshot.schemas();
  }

  @Override
  public @Nullable Object relation(int schemaId, String name) {
    return snapshot.relation(schemaId, name);
  }

  @Override
  public @Nullable Object relation(List<String> searchPath, @Nullable String schema, String name) {
    return snapshot.relation(searchPath, schema, name);
  }

  @Override
  public @Nullable Object relation(int id) {
    return snapshot.relation(id);
  }

  @Override
  public Collection<TableDescriptor> tables() {
    return snapshot.tables();
  }

  @Override
  public Collection<SequenceDescriptor> sequences() {
    return snapshot.sequences();
  }

  @Override
  public Collection<ViewDescriptor> views() {
    return snapshot.views();
  }

  @Override
  public Collection<VirtualTable> virtualTables() {
    return snapshot.virtualTables();
  }

  @Override
  public @Nullable IndexOfTable index(int schemaId, String name) {
    return snapshot.index(schemaId, name);
  }

  @Override
  public @Nullable IndexOfTable index(int oid) {
    return snapshot.index(oid);
  }

  @Override
  public List<Reference> referencesTo(int tableId) {
    return snapshot.referencesTo(tableId);
  }

  @Override
  public Collection<TypeDescriptor> typeDescriptors() {
    return snapshot.typeDescriptors();
  }

  @Override
  public @Nullable TypeDescriptor typeDescriptor(int id) {
    return snapshot.typeDescriptor(id);
  }

  @Override
  public UserTypes types() {
    return snapshot.types();
  }

  @Override
  public Collection<RoleDescriptor> roles() {
    return snapshot.roles();
  }

  @Override
  public @Nullable RoleDescriptor role(String name) {
    return snapshot.role(name);
  }

  @Override
  public @Nullable RoleDescriptor role(int id) {
    return snapshot.role(id);
  }

  @Override
  public Collection<DatabaseDescriptor> databases() {
    return snapshot.databases();
  }

  @Override
  public @Nullable DatabaseDescriptor database(String name) {
    return snapshot.database(name);
  }

  @Override
  public @Nullable DatabaseDescriptor database(int id) {
    return snapshot.database(id);
  }

  @Override
  public @Nullable CommentDescriptor comment(int classId, int objectId, int columnNumber) {
    return snapshot.comment(classId, objectId, columnNumber);
  }

  @Override
  public Collection<CommentDescriptor> comments() {
    return snapshot.comments();
  }

  @Override
  public Collection<CombinedStatistics> combinedStatistics() {
    return snapshot.combinedStatistics();
  }

  @Override
  public Collection<CollationDescriptor> collations() {
    return snapshot.collations();
  }

  @Override
  public @Nullable CollationDescriptor collation(int id) {
    return snapshot.collation(id);
  }

  @Override
  public Collection<DefaultPrivilegesDescriptor> defaultPrivileges() {
    return snapshot.defaultPrivileges();
  }

  @Override
  public @Nullable DefaultPrivilegesDescriptor defaultPrivileges(int roleId, int schemaId) {
    return snapshot.defaultPrivileges(roleId, schemaId);
  }

  @Override
  public Collection<SettingsDescriptor> settings() {
    return snapshot.settings();
  }

  @Override
  public @Nullable SettingsDescriptor settings(int database, int roleId) {
    return snapshot.settings(database, roleId);
  }

  @Override
  public List<GrantsDescriptor> columnGrants(int relationId) {
    return snapshot.columnGrants(relationId);
  }

  @Override
  public @Nullable GrantsDescriptor grants(int objectId) {
    return snapshot.grants(objectId);
  }

  @Override
  public @Nullable StatisticsDescriptor statistics(int tableId) {
    return snapshot.statistics(tableId);
  }
}
