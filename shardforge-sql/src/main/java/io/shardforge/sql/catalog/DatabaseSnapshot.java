package io.shardforge.sql.catalog;

import io.shardforge.sql.type.UserTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link CatalogSnapshot} in hash maps, made once from descriptors and never changed. */
final class DatabaseSnapshot implements CatalogSnapshot {
  private record NameInSchema(int schemaId, String name) {}

  private final long version;
  private final long changeTs;
  private final int databaseId;
  private final Map<ObjectKey, CatalogObject> objects;
  private final List<VirtualTable> virtualTables;

  private final Map<String, SchemaDescriptor> schemas = new LinkedHashMap<>();
  private final Map<Integer, SchemaDescriptor> schemasById = new HashMap<>();
  private final Map<NameInSchema, Object> relations = new HashMap<>();
  private final Map<Integer, Object> relationsById = new HashMap<>();
  private final Map<NameInSchema, IndexOfTable> indexes = new HashMap<>();
  private final Map<Integer, IndexOfTable> indexesById = new HashMap<>();
  private final Map<Integer, List<Reference>> references = new HashMap<>();
  private final Map<String, RoleDescriptor> roles = new LinkedHashMap<>();
  private final Map<Integer, RoleDescriptor> rolesById = new HashMap<>();
  private final Map<String, DatabaseDescriptor> databases = new LinkedHashMap<>();
  private final List<TableDescriptor> tables = new ArrayList<>();
  private final List<SequenceDescriptor> sequences = new ArrayList<>();
  private final List<ViewDescriptor> views = new ArrayList<>();
  private final Map<Integer, TypeDescriptor> typeDescriptors = new LinkedHashMap<>();
  private final UserTypes types;
  private final List<CommentDescriptor> comments = new ArrayList<>();
  private final Map<Integer, List<GrantsDescriptor>> columnGrants = new HashMap<>();
  private final List<DefaultPrivilegesDescriptor> defaultPrivileges = new ArrayList<>();
  private final List<SettingsDescriptor> settings = new ArrayList<>();
  private final List<CombinedStatistics> combined = new ArrayList<>();
  private final Map<Integer, CollationDescriptor> collations = new LinkedHashMap<>();

  DatabaseSnapshot(
      long version,
      long changeTs,
      int databaseId,
      Map<ObjectKey, CatalogObject> objects,
      List<VirtualTable> virtualTables) {
    this.version = version;
    this.changeTs = changeTs;
    this.databaseId = databaseId;
    this.objects = objects;
    this.virtualTables = virtualTables;
    addSchema(
        new SchemaDescriptor(
            SystemOids.SCHEMA_PG_CATALOG, 1, databaseId, "pg_catalog", SystemOids.ROLE_POSTGRES));
    addSchema(
        new SchemaDescriptor(
            SystemOids.SCHEMA_INFORMATION,
            1,
            databaseId,
            "information_schema",
            SystemOids.ROLE_POSTGRES));
    addSchema(
        new SchemaDescriptor(
            SystemOids.SCHEMA_SHARDFORGE,
            1,
            databaseId,
            SystemOids.SHARDFORGE,
            SystemOids.ROLE_POSTGRES));
    for (VirtualTable table : virtualTables) {
      addRelation(table.schemaId(), table.name(), table.id(), table);
    }
    for (PredefinedRole role : PredefinedRole.values()) {
      add(role.descriptor());
    }
    for (CatalogObject object : objects.values()) {
      add(object);
    }
    UserTypes.Builder made = new UserTypes.Builder();
    for (TypeDescriptor type : typeDescriptors.values()) {
      SchemaDescriptor schema = schemasById.get(type.schemaId());
      type.addTo(made, schema == null ? "" : schema.name());
    }
    this.types = made.build();
    references
        .values()
        .forEach(all -> all.sort(Comparator.comparingInt(reference -> reference.key().oid())));
  }

  /** No change in it was committed above this timestamp. */
  long changeTimestamp() {
    return changeTs;
  }

  /** The same snapshot with some descriptors replaced, added or (empty) removed. */
  DatabaseSnapshot with(long newVersion, Map<ObjectKey, Optional<CatalogObject>> changes) {
    Map<ObjectKey, CatalogObject> changed = new LinkedHashMap<>(objects);
    changes.forEach((key, object) ->
        object.ifPresentOrElse(present -> changed.put(key, present), () -> changed.remove(key)));
    return new DatabaseSnapshot(newVersion, changeTs, databaseId, changed, virtualTables);
  }

  Collection<CatalogObject> objects() {
    return objects.values();
  }

  @Nullable CatalogObject object(ObjectKey key) {
    return objects.get(key);
  }

  private void add(CatalogObject object) {
    switch (object) {
      case DatabaseDescriptor d -> databases.put(d.name(), d);
      case RoleDescriptor r -> {
        roles.put(r.name(), r);
        rolesById.put(r.id(), r);
      }
      case SchemaDescriptor s -> addSchema(s);
      case TableDescriptor t -> {
        tables.add(t);
        addRelation(t.schemaId(), t.name(), t.id(), t);
        for (IndexDescriptor index : t.indexes()) {
          IndexOfTable entry = new IndexOfTable(t, index);
          indexesById.put(index.oid(), entry);
          if (!index.name().isEmpty()) {
            indexes.put(new NameInSchema(t.schemaId(), index.name()), entry);
          }
        }
        for (ForeignKeyDescriptor key : t.foreignKeys()) {
          references
              .computeIfAbsent(key.referencedTable(), _ -> new ArrayList<>())
              .add(new Reference(t, key));
        }
      }
      case SequenceDescriptor s -> {
        sequences.add(s);
        addRelation(s.schemaId(), s.name(), s.id(), s);
      }
      case ViewDescriptor v -> {
        views.add(v);
        addRelation(v.schemaId(), v.name(), v.id(), v);
      }
      case TypeDescriptor t -> typeDescriptors.put(t.id(), t);
      case CommentDescriptor c -> comments.add(c);
      case DefaultPrivilegesDescriptor d -> defaultPrivileges.add(d);
      case SettingsDescriptor s -> settings.add(s);
      case GrantsDescriptor g -> {
        if (g.columnNumber() != 0) {
          columnGrants.computeIfAbsent(g.id(), _ -> new ArrayList<>()).add(g);
        }
      }
      case StatisticsDescriptor _ -> {}
      case CombinedStatistics s -> combined.add(s);
      case CollationDescriptor c -> collations.put(c.id(), c);
    }
  }

  private void addSchema(SchemaDescriptor schema) {
    schemas.put(schema.name(), schema);
    schemasById.put(schema.id(), schema);
  }

  private void addRelation(int schemaId, String name, int id, Object relation) {
    relations.put(new NameInSchema(schemaId, name), relation);
    relationsById.put(id, relation);
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
    return Collections.unmodifiableCollection(schemas.values());
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
    return Collections.unmodifiableList(tables);
  }

  @Override
  public Collection<SequenceDescriptor> sequences() {
    return Collections.unmodifiableList(sequences);
  }

  @Override
  public Collection<ViewDescriptor> views() {
    return Collections.unmodifiableList(views);
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
    return Collections.unmodifiableCollection(typeDescriptors.values());
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
    return Collections.unmodifiableCollection(roles.values());
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
    return Collections.unmodifiableCollection(databases.values());
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
    return Collections.unmodifiableList(comments);
  }

  @Override
  public Collection<CombinedStatistics> combinedStatistics() {
    return Collections.unmodifiableList(combined);
  }

  @Override
  public Collection<CollationDescriptor> collations() {
    return Collections.unmodifiableCollection(collations.values());
  }

  @Override
  public @Nullable CollationDescriptor collation(int id) {
    return collations.get(id);
  }

  @Override
  public Collection<DefaultPrivilegesDescriptor> defaultPrivileges() {
    return Collections.unmodifiableList(defaultPrivileges);
  }

  @Override
  public @Nullable DefaultPrivilegesDescriptor defaultPrivileges(int roleId, int schemaId) {
    return (DefaultPrivilegesDescriptor)
        objects.get(DefaultPrivilegesDescriptor.key(roleId, schemaId));
  }

  @Override
  public Collection<SettingsDescriptor> settings() {
    return Collections.unmodifiableList(settings);
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
