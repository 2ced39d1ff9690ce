package io.shardforge.sql.catalog;

import io.shardforge.sql.type.UserTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CatalogSnapshot} in maps that never change. One in which some descriptors are others
 * shares the rest of them with it.
 */
final class DatabaseSnapshot implements CatalogSnapshot {
  private record NameInSchema(int schemaId, String name) {}

  private final long version;
  private final long changeTs;
  private final int databaseId;
  private final List<VirtualTable> virtualTables;
  private final LayeredMap<ObjectKey, CatalogObject> objects;
  private final LayeredMap<String, SchemaDescriptor> schemas;
  private final LayeredMap<Integer, SchemaDescriptor> schemasById;
  private final LayeredMap<NameInSchema, Object> relations;
  private final LayeredMap<Integer, Object> relationsById;
  private final LayeredMap<NameInSchema, IndexOfTable> indexes;
  private final LayeredMap<Integer, IndexOfTable> indexesById;
  private final LayeredMap<Integer, List<Reference>> references;
  private final LayeredMap<String, RoleDescriptor> roles;
  private final LayeredMap<Integer, RoleDescriptor> rolesById;
  private final LayeredMap<String, DatabaseDescriptor> databases;
  private final LayeredMap<Integer, TableDescriptor> tables;
  private final LayeredMap<Integer, SequenceDescriptor> sequences;
  private final LayeredMap<Integer, ViewDescriptor> views;
  private final LayeredMap<Integer, TypeDescriptor> typeDescriptors;
  private final UserTypes types;
  private final LayeredMap<ObjectKey, CommentDescriptor> comments;
  private final LayeredMap<Integer, List<GrantsDescriptor>> columnGrants;
  private final LayeredMap<ObjectKey, DefaultPrivilegesDescriptor> defaultPrivileges;
  private final LayeredMap<ObjectKey, SettingsDescriptor> settings;
  private final LayeredMap<ObjectKey, CombinedStatistics> combined;
  private final LayeredMap<Integer, CollationDescriptor> collations;

  /** One with nothing but what is in every database. */
  private DatabaseSnapshot(int databaseId, List<VirtualTable> virtualTables) {
    this.version = Long.MIN_VALUE;
    this.changeTs = 0;
    this.databaseId = databaseId;
    this.virtualTables = virtualTables;
    this.objects = LayeredMap.empty();
    this.schemas = LayeredMap.empty();
    this.schemasById = LayeredMap.empty();
    this.relations = LayeredMap.empty();
    this.relationsById = LayeredMap.empty();
    this.indexes = LayeredMap.empty();
    this.indexesById = LayeredMap.empty();
    this.references = LayeredMap.empty();
    this.roles = LayeredMap.empty();
    this.rolesById = LayeredMap.empty();
    this.databases = LayeredMap.empty();
    this.tables = LayeredMap.empty();
    this.sequences = LayeredMap.empty();
    this.views = LayeredMap.empty();
    this.typeDescriptors = LayeredMap.empty();
    this.types = UserTypes.NONE;
    this.comments = LayeredMap.empty();
    this.columnGrants = LayeredMap.empty();
    this.defaultPrivileges = LayeredMap.empty();
    this.settings = LayeredMap.empty();
    this.combined = LayeredMap.empty();
    this.collations = LayeredMap.empty();
  }

  private DatabaseSnapshot(DatabaseSnapshot before, long version, long changeTs, Draft draft) {
    this.version = version;
    this.changeTs = changeTs;
    this.databaseId = before.databaseId;
    this.virtualTables = before.virtualTables;
    this.objects = draft.objects.finish();
    this.schemas = draft.schemas.finish();
    this.schemasById = draft.schemasById.finish();
    this.relations = draft.relations.finish();
    this.relationsById = draft.relationsById.finish();
    this.indexes = draft.indexes.finish();
    this.indexesById = draft.indexesById.finish();
    this.references = draft.references();
    this.roles = draft.roles.finish();
    this.rolesById = draft.rolesById.finish();
    this.databases = draft.databases.finish();
    this.tables = draft.tables.finish();
    this.sequences = draft.sequences.finish();
    this.views = draft.views.finish();
    this.typeDescriptors = draft.typeDescriptors.finish();
    this.types = draft.typesChanged ? typesOf(typeDescriptors, schemasById) : before.types;
    this.comments = draft.comments.finish();
    this.columnGrants = draft.columnGrants();
    this.defaultPrivileges = draft.defaultPrivileges.finish();
    this.settings = draft.settings.finish();
    this.combined = draft.combined.finish();
    this.collations = draft.collations.finish();
  }

  /** A database as it is before anything was made in it, older than any other snapshot. */
  static DatabaseSnapshot empty(int databaseId, List<VirtualTable> virtualTables) {
    DatabaseSnapshot nothing = new DatabaseSnapshot(databaseId, virtualTables);
    Draft draft = nothing.new Draft();
    draft.addSystem();
    return new DatabaseSnapshot(nothing, nothing.version, nothing.changeTs, draft);
  }

  private static UserTypes typesOf(
      LayeredMap<Integer, TypeDescriptor> descriptors,
      LayeredMap<Integer, SchemaDescriptor> schemas) {
    UserTypes.Builder made = new UserTypes.Builder();
    for (TypeDescriptor type : descriptors.values()) {
      SchemaDescriptor schema = schemas.get(type.schemaId());
      type.addTo(made, schema == null ? "" : schema.name());
    }
    return made.build();
  }

  /** No change in it was committed above this timestamp. */
  long changeTimestamp() {
    return changeTs;
  }

  /** The same snapshot with some descriptors replaced, added or (empty) removed. */
  DatabaseSnapshot with(long newVersion, Map<ObjectKey, Optional<CatalogObject>> changes) {
    return with(newVersion, changeTs, changes);
  }

  /** The same as of another time. */
  DatabaseSnapshot with(
      long newVersion, long newChangeTs, Map<ObjectKey, Optional<CatalogObject>> changes) {
    Draft draft = new Draft();
    // A name may go from one object to another.
    changes.keySet().forEach(draft::forget);
    changes.values().forEach(object -> object.ifPresent(draft::add));
    return new DatabaseSnapshot(this, newVersion, newChangeTs, draft);
  }

  Collection<CatalogObject> objects() {
    return objects.values();
  }

  @Nullable CatalogObject object(ObjectKey key) {
    return objects.get(key);
  }

  /** How this snapshot becomes another one: what is in which map. */
  private final class Draft {
    final LayeredMap<ObjectKey, CatalogObject>.Draft objects =
        DatabaseSnapshot.this.objects.draft();
    final LayeredMap<String, SchemaDescriptor>.Draft schemas =
        DatabaseSnapshot.this.schemas.draft();
    final LayeredMap<Integer, SchemaDescriptor>.Draft schemasById =
        DatabaseSnapshot.this.schemasById.draft();
    final LayeredMap<NameInSchema, Object>.Draft relations =
        DatabaseSnapshot.this.relations.draft();
    final LayeredMap<Integer, Object>.Draft relationsById =
        DatabaseSnapshot.this.relationsById.draft();
    final LayeredMap<NameInSchema, IndexOfTable>.Draft indexes =
        DatabaseSnapshot.this.indexes.draft();
    final LayeredMap<Integer, IndexOfTable>.Draft indexesById =
        DatabaseSnapshot.this.indexesById.draft();
    final LayeredMap<String, RoleDescriptor>.Draft roles = DatabaseSnapshot.this.roles.draft();
    final LayeredMap<Integer, RoleDescriptor>.Draft rolesById =
        DatabaseSnapshot.this.rolesById.draft();
    final LayeredMap<String, DatabaseDescriptor>.Draft databases =
        DatabaseSnapshot.this.databases.draft();
    final LayeredMap<Integer, TableDescriptor>.Draft tables = DatabaseSnapshot.this.tables.draft();
    final LayeredMap<Integer, SequenceDescriptor>.Draft sequences =
        DatabaseSnapshot.this.sequences.draft();
    final LayeredMap<Integer, ViewDescriptor>.Draft views = DatabaseSnapshot.this.views.draft();
    final LayeredMap<Integer, TypeDescriptor>.Draft typeDescriptors =
        DatabaseSnapshot.this.typeDescriptors.draft();
    final LayeredMap<ObjectKey, CommentDescriptor>.Draft comments =
        DatabaseSnapshot.this.comments.draft();
    final LayeredMap<ObjectKey, DefaultPrivilegesDescriptor>.Draft defaultPrivileges =
        DatabaseSnapshot.this.defaultPrivileges.draft();
    final LayeredMap<ObjectKey, SettingsDescriptor>.Draft settings =
        DatabaseSnapshot.this.settings.draft();
    final LayeredMap<ObjectKey, CombinedStatistics>.Draft combined =
        DatabaseSnapshot.this.combined.draft();
    final LayeredMap<Integer, CollationDescriptor>.Draft collations =
        DatabaseSnapshot.this.collations.draft();
    private final Map<Integer, List<Reference>> references = new HashMap<>();
    private final Map<Integer, List<GrantsDescriptor>> columnGrants = new HashMap<>();
    boolean typesChanged;

    /** What no statement made. */
    void addSystem() {
      addSchema(SystemOids.SCHEMA_PG_CATALOG, "pg_catalog");
      addSchema(SystemOids.SCHEMA_INFORMATION, "information_schema");
      addSchema(SystemOids.SCHEMA_SHARDFORGE, SystemOids.SHARDFORGE);
      for (VirtualTable table : virtualTables) {
        addRelation(table.schemaId(), table.name(), table.id(), table);
      }
      for (PredefinedRole role : PredefinedRole.values()) {
        index(role.descriptor());
      }
    }

    private void addSchema(int id, String name) {
      index(new SchemaDescriptor(id, 1, databaseId, name, SystemOids.ROLE_POSTGRES));
    }

    void add(CatalogObject object) {
      objects.put(object.key(), object);
      index(object);
    }

    private void index(CatalogObject object) {
      switch (object) {
        case DatabaseDescriptor d -> databases.put(d.name(), d);
        case RoleDescriptor r -> {
          roles.put(r.name(), r);
          rolesById.put(r.id(), r);
        }
        case SchemaDescriptor s -> {
          schemas.put(s.name(), s);
          schemasById.put(s.id(), s);
          typesChanged = true;
        }
        case TableDescriptor t -> {
          tables.put(t.id(), t);
          addRelation(t.schemaId(), t.name(), t.id(), t);
          for (IndexDescriptor index : t.indexes()) {
            IndexOfTable entry = new IndexOfTable(t, index);
            indexesById.put(index.oid(), entry);
            if (!index.name().isEmpty()) {
              indexes.put(new NameInSchema(t.schemaId(), index.name()), entry);
            }
          }
          for (ForeignKeyDescriptor key : t.foreignKeys()) {
            referencesTo(key.referencedTable()).add(new Reference(t, key));
          }
        }
        case SequenceDescriptor s -> {
          sequences.put(s.id(), s);
          addRelation(s.schemaId(), s.name(), s.id(), s);
        }
        case ViewDescriptor v -> {
          views.put(v.id(), v);
          addRelation(v.schemaId(), v.name(), v.id(), v);
        }
        case TypeDescriptor t -> {
          typeDescriptors.put(t.id(), t);
          typesChanged = true;
        }
        case CommentDescriptor c -> comments.put(c.key(), c);
        case DefaultPrivilegesDescriptor d -> defaultPrivileges.put(d.key(), d);
        case SettingsDescriptor s -> settings.put(s.key(), s);
        case GrantsDescriptor g -> {
          if (g.columnNumber() != 0) {
            columnGrants(g.id()).add(g);
          }
        }
        case StatisticsDescriptor _ -> {}
        case CombinedStatistics s -> combined.put(s.key(), s);
        case CollationDescriptor c -> collations.put(c.id(), c);
      }
    }

    private void addRelation(int schemaId, String name, int id, Object relation) {
      relations.put(new NameInSchema(schemaId, name), relation);
      relationsById.put(id, relation);
    }

    void forget(ObjectKey key) {
      CatalogObject object = DatabaseSnapshot.this.objects.get(key);
      if (object == null) {
        return;
      }
      objects.remove(key);
      switch (object) {
        case DatabaseDescriptor d -> databases.remove(d.name());
        case RoleDescriptor r -> {
          roles.remove(r.name());
          rolesById.remove(r.id());
          RoleDescriptor predefined = PredefinedRole.at(key);
          if (predefined != null) {
            index(predefined);
          }
        }
        case SchemaDescriptor s -> {
          schemas.remove(s.name());
          schemasById.remove(s.id());
          typesChanged = true;
        }
        case TableDescriptor t -> {
          tables.remove(t.id());
          forgetRelation(t.schemaId(), t.name(), t.id());
          for (IndexDescriptor index : t.indexes()) {
            indexesById.remove(index.oid());
            indexes.remove(new NameInSchema(t.schemaId(), index.name()));
          }
          for (ForeignKeyDescriptor foreign : t.foreignKeys()) {
            referencesTo(foreign.referencedTable())
                .removeIf(reference -> reference.table().id() == t.id());
          }
        }
        case SequenceDescriptor s -> {
          sequences.remove(s.id());
          forgetRelation(s.schemaId(), s.name(), s.id());
        }
        case ViewDescriptor v -> {
          views.remove(v.id());
          forgetRelation(v.schemaId(), v.name(), v.id());
        }
        case TypeDescriptor t -> {
          typeDescriptors.remove(t.id());
          typesChanged = true;
        }
        case CommentDescriptor _ -> comments.remove(key);
        case DefaultPrivilegesDescriptor _ -> defaultPrivileges.remove(key);
        case SettingsDescriptor _ -> settings.remove(key);
        case GrantsDescriptor g -> {
          if (g.columnNumber() != 0) {
            columnGrants(g.id()).removeIf(grants -> grants.key().equals(key));
          }
        }
        case StatisticsDescriptor _ -> {}
        case CombinedStatistics _ -> combined.remove(key);
        case CollationDescriptor c -> collations.remove(c.id());
      }
    }

    private void forgetRelation(int schemaId, String name, int id) {
      relations.remove(new NameInSchema(schemaId, name));
      relationsById.remove(id);
    }

    private List<Reference> referencesTo(int tableId) {
      return references.computeIfAbsent(
          tableId, id -> new ArrayList<>(DatabaseSnapshot.this.referencesTo(id)));
    }

    private List<GrantsDescriptor> columnGrants(int relationId) {
      return columnGrants.computeIfAbsent(
          relationId, id -> new ArrayList<>(DatabaseSnapshot.this.columnGrants(id)));
    }

    LayeredMap<Integer, List<Reference>> references() {
      references
          .values()
          .forEach(all -> all.sort(Comparator.comparingInt(reference -> reference.key().oid())));
      return replaced(DatabaseSnapshot.this.references, references);
    }

    LayeredMap<Integer, List<GrantsDescriptor>> columnGrants() {
      return replaced(DatabaseSnapshot.this.columnGrants, columnGrants);
    }

    private static <V> LayeredMap<Integer, List<V>> replaced(
        LayeredMap<Integer, List<V>> map, Map<Integer, List<V>> lists) {
      LayeredMap<Integer, List<V>>.Draft draft = map.draft();
      lists.forEach((id, list) -> {
        if (list.isEmpty()) {
          draft.remove(id);
        } else {
          draft.put(id, List.copyOf(list));
        }
      });
      return draft.finish();
    }
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public int databaseId() {
    return databaseId;
  }

  @Override
  public @Nullable SchemaDescriptor schema(String name) {
    return schemas.get(name);
  }

  @Override
  public @Nullable SchemaDescriptor schema(int id) {
    return schemasById.get(id);
  }

  @Override
  public Collection<SchemaDescriptor> schemas() {
    return schemas.values();
  }

  @Override
  public @Nullable Object relation(int schemaId, String name) {
    return relations.get(new NameInSchema(schemaId, name));
  }

  @Override
  public @Nullable Object relation(List<String> searchPath, @Nullable String schema, String name) {
    if (schema != null) {
      SchemaDescriptor found = schemas.get(TemporarySchema.resolve(searchPath, schema));
      return found == null ? null : relation(found.id(), name);
    }
    if (!searchPath.contains("pg_catalog")) {
      Object system = relation(SystemOids.SCHEMA_PG_CATALOG, name);
      if (system != null) {
        return system;
      }
    }
    for (String candidate : searchPath) {
      SchemaDescriptor found = schemas.get(candidate);
      Object relation = found == null ? null : relation(found.id(), name);
      if (relation != null) {
        return relation;
      }
    }
    return null;
  }

  @Override
  public @Nullable Object relation(int id) {
    return relationsById.get(id);
  }

  @Override
  public Collection<TableDescriptor> tables() {
    return tables.values();
  }

  @Override
  public Collection<SequenceDescriptor> sequences() {
    return sequences.values();
  }

  @Override
  public Collection<ViewDescriptor> views() {
    return views.values();
  }

  @Override
  public Collection<VirtualTable> virtualTables() {
    return virtualTables;
  }

  @Override
  public @Nullable IndexOfTable index(int schemaId, String name) {
    return indexes.get(new NameInSchema(schemaId, name));
  }

  @Override
  public @Nullable IndexOfTable index(int oid) {
    return indexesById.get(oid);
  }

  @Override
  public List<Reference> referencesTo(int tableId) {
    return references.getOrDefault(tableId, List.of());
  }

  @Override
  public Collection<TypeDescriptor> typeDescriptors() {
    return typeDescriptors.values();
  }

  @Override
  public @Nullable TypeDescriptor typeDescriptor(int id) {
    return typeDescriptors.get(id);
  }

  @Override
  public UserTypes types() {
    return types;
  }

  @Override
  public Collection<RoleDescriptor> roles() {
    return roles.values();
  }

  @Override
  public @Nullable RoleDescriptor role(String name) {
    return roles.get(name);
  }

  @Override
  public @Nullable RoleDescriptor role(int id) {
    return rolesById.get(id);
  }

  @Override
  public Collection<DatabaseDescriptor> databases() {
    return databases.values();
  }

  @Override
  public @Nullable DatabaseDescriptor database(String name) {
    return databases.get(name);
  }

  @Override
  public @Nullable DatabaseDescriptor database(int id) {
    return objects.get(new ObjectKey(ObjectKey.Kind.DATABASE, id, 0))
            instanceof DatabaseDescriptor d
        ? d
        : null;
  }

  @Override
  public @Nullable CommentDescriptor comment(int classId, int objectId, int columnNumber) {
    boolean shared = classId == SystemOids.PG_DATABASE || classId == SystemOids.PG_AUTHID;
    ObjectKey.Kind kind = shared ? ObjectKey.Kind.SHARED_COMMENT : ObjectKey.Kind.COMMENT;
    return objects.get(new ObjectKey(kind, objectId, columnNumber)) instanceof CommentDescriptor c
        ? c
        : null;
  }

  @Override
  public Collection<CommentDescriptor> comments() {
    return comments.values();
  }

  @Override
  public Collection<CombinedStatistics> combinedStatistics() {
    return combined.values();
  }

  @Override
  public Collection<CollationDescriptor> collations() {
    return collations.values();
  }

  @Override
  public @Nullable CollationDescriptor collation(int id) {
    return collations.get(id);
  }

  @Override
  public Collection<DefaultPrivilegesDescriptor> defaultPrivileges() {
    return defaultPrivileges.values();
  }

  @Override
  public @Nullable DefaultPrivilegesDescriptor defaultPrivileges(int roleId, int schemaId) {
    return (DefaultPrivilegesDescriptor)
        objects.get(DefaultPrivilegesDescriptor.key(roleId, schemaId));
  }

  @Override
  public Collection<SettingsDescriptor> settings() {
    return settings.values();
  }

  @Override
  public @Nullable SettingsDescriptor settings(int databaseId, int roleId) {
    return (SettingsDescriptor) objects.get(SettingsDescriptor.key(databaseId, roleId));
  }

  @Override
  public @Nullable StatisticsDescriptor statistics(int tableId) {
    return (StatisticsDescriptor) objects.get(new ObjectKey(ObjectKey.Kind.STATISTICS, tableId, 0));
  }

  @Override
  public List<GrantsDescriptor> columnGrants(int relationId) {
    return columnGrants.getOrDefault(relationId, List.of());
  }

  @Override
  public @Nullable GrantsDescriptor grants(int objectId) {
    CatalogObject found = objects.get(new ObjectKey(ObjectKey.Kind.GRANTS, objectId, 0));
    if (found == null) {
      found = objects.get(new ObjectKey(ObjectKey.Kind.SHARED_GRANTS, objectId, 0));
    }
    return found instanceof GrantsDescriptor grants ? grants : null;
  }
}
