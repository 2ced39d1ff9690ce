package io.shardforge.sql.catalog;

import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.TypeScope;
import io.shardforge.sql.type.UserTypes;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The catalog of one database at one catalog version: immutable, shared by sessions, the key of
 * cached plans.
 */
public interface CatalogSnapshot {
  /**
   * The catalog version; negative and unique for a snapshot that holds a transaction's own
   * uncommitted changes, so that plans made on it are never found by anybody else.
   */
  long version();

  int databaseId();

  @Nullable SchemaDescriptor schema(String name);

  @Nullable SchemaDescriptor schema(int id);

  Collection<SchemaDescriptor> schemas();

  /**
   * A relation in one schema: TableDescriptor, ViewDescriptor, SequenceDescriptor or VirtualTable.
   */
  @Nullable Object relation(int schemaId, String name);

  /** The first match along a search path; pg_catalog is searched first unless named. */
  @Nullable Object relation(List<String> searchPath, @Nullable String schema, String name);

  @Nullable Object relation(int id);

  Collection<TableDescriptor> tables();

  Collection<SequenceDescriptor> sequences();

  Collection<ViewDescriptor> views();

  Collection<VirtualTable> virtualTables();

  /** The index of that name in a schema, with its table. */
  @Nullable IndexOfTable index(int schemaId, String name);

  @Nullable IndexOfTable index(int oid);

  /** The foreign keys that refer to a table, its own to itself included, in the order of OIDs. */
  List<Reference> referencesTo(int tableId);

  Collection<TypeDescriptor> typeDescriptors();

  @Nullable TypeDescriptor typeDescriptor(int id);

  /** The same types as values are read, written and named by them. */
  UserTypes types();

  Collection<RoleDescriptor> roles();

  @Nullable RoleDescriptor role(String name);

  @Nullable RoleDescriptor role(int id);

  Collection<DatabaseDescriptor> databases();

  @Nullable DatabaseDescriptor database(String name);

  @Nullable DatabaseDescriptor database(int id);

  /** The comment on an object (column 0) or on a column of it. */
  @Nullable CommentDescriptor comment(int classId, int objectId, int columnNumber);

  Collection<CommentDescriptor> comments();

  /** What was granted on an object; null if its privileges are the default ones. */
  @Nullable GrantsDescriptor grants(int objectId);

  /** What was granted on single columns of a relation. */
  List<GrantsDescriptor> columnGrants(int relationId);

  /** What was granted on one of them. */
  default @Nullable GrantsDescriptor grants(int relationId, int columnNumber) {
    for (GrantsDescriptor grants : columnGrants(relationId)) {
      if (grants.columnNumber() == columnNumber) {
        return grants;
      }
    }
    return null;
  }

  /** What CREATE STATISTICS made. */
  Collection<CombinedStatistics> combinedStatistics();

  /** What CREATE COLLATION made. */
  Collection<CollationDescriptor> collations();

  @Nullable CollationDescriptor collation(int id);

  /** The collation that a name means, in a schema or along the search path, or null. */
  default @Nullable Collation collation(
      List<String> searchPath, @Nullable String schemaName, String name) {
    if (TypeScope.BY_OID.equals(schemaName)) {
      CollationDescriptor made = collation(Integer.parseInt(name));
      return made == null ? null : made.collation();
    }
    Collations.BuiltIn builtIn = Collations.byName(name);
    boolean builtInFirst = schemaName == null && !searchPath.contains("pg_catalog");
    for (String candidate : schemaName == null ? searchPath : List.of(schemaName)) {
      if (builtIn != null && (builtInFirst || candidate.equals("pg_catalog"))) {
        return builtIn.collation();
      }
      SchemaDescriptor schema = schema(TemporarySchema.resolve(searchPath, candidate));
      CollationDescriptor made = schema == null ? null : collation(schema.id(), name);
      if (made != null) {
        return made.collation();
      }
    }
    return builtInFirst && builtIn != null ? builtIn.collation() : null;
  }

  /** The one of that name that a statement made in a schema, or null. */
  default @Nullable CollationDescriptor collation(int schemaId, String name) {
    for (CollationDescriptor collation : collations()) {
      if (collation.schemaId() == schemaId && collation.name().equals(name)) {
        return collation;
      }
    }
    return null;
  }

  /** What new objects are granted. */
  Collection<DefaultPrivilegesDescriptor> defaultPrivileges();

  /** Those of a role in a schema, or 0 for any; or null. */
  @Nullable DefaultPrivilegesDescriptor defaultPrivileges(int roleId, int schemaId);

  /** The settings that sessions begin with. */
  Collection<SettingsDescriptor> settings();

  /** Those of a role in a database, either perhaps {@link SettingsDescriptor#ALL}; or null. */
  @Nullable SettingsDescriptor settings(int databaseId, int roleId);

  /** What the last ANALYZE of a table found out, null without one. */
  @Nullable StatisticsDescriptor statistics(int tableId);

  /** The rows that the last ANALYZE counted, {@link StatisticsDescriptor#UNKNOWN} without one. */
  default long rowCount(int tableId) {
    StatisticsDescriptor statistics = statistics(tableId);
    return statistics == null ? StatisticsDescriptor.UNKNOWN : statistics.rows();
  }

  /** What the role that plans on this may do; null if that is everything. */
  default @Nullable AccessCheck access() {
    return null;
  }

  /** A foreign key and the table that has it. */
  record Reference(TableDescriptor table, ForeignKeyDescriptor key) {}

  /** An index and the table that it belongs to. */
  record IndexOfTable(TableDescriptor table, IndexDescriptor index) {}
}
