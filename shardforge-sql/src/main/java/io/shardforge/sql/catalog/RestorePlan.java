package io.shardforge.sql.catalog;

import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.backup.BackupManifest.CatalogRow;
import io.shardforge.storage.backup.BackupManifest.Span;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What restoring a backup makes of this cluster: which objects it creates where, under which ids,
 * and where their rows come to. Nothing is written before {@link #publish}.
 */
public final class RestorePlan {
  private final Catalog catalog;
  private final BackupManifest manifest;
  private final BackupJob.Order order;
  private final Relocation ids;

  /** What was in the backup, by database, 0 for the cluster. */
  private final Map<Integer, List<CatalogObject>> stored = new LinkedHashMap<>();

  /** What will be here, by database. */
  private final Map<Integer, List<CatalogObject>> made = new LinkedHashMap<>();

  /** Where rows come to, by where they were. */
  private final Map<Integer, Integer> dataIds = new LinkedHashMap<>();

  /** What was here before and is relied on, by database. */
  private final Map<Integer, Set<ObjectKey>> needed = new HashMap<>();

  /** Those of them that are here, by what they were. */
  private final Set<Integer> relied = new HashSet<>();

  private final Map<Integer, Integer> schemas = new HashMap<>();
  private final Set<Span> spans = new HashSet<>();
  private final List<String> left = new ArrayList<>();

  private RestorePlan(Catalog catalog, BackupManifest manifest, BackupJob.Order order) {
    this.catalog = catalog;
    this.manifest = manifest;
    this.order = order;
    this.ids = new Relocation(() -> catalog.ids().next(), order.roleId());
    for (CatalogRow row : manifest.catalog()) {
      stored
          .computeIfAbsent(row.databaseId(), _ -> new ArrayList<>())
          .add(CatalogExport.object(row));
    }
  }

  /** Makes the plan; refuses what would touch anything that is here. */
  public static RestorePlan of(
      Catalog catalog, Txn txn, BackupManifest manifest, BackupJob.Order order) {
    RestorePlan plan = new RestorePlan(catalog, manifest, order);
    for (int i = 0; i < order.dataIds().size(); i += 2) {
      plan.ids.know(order.dataIds().get(i), order.dataIds().get(i + 1));
    }
    boolean tables = !order.names().isEmpty();
    plan.knowRoles(txn, !tables && order.database().isEmpty());
    if (tables) {
      plan.planTables(txn);
    } else if (order.database().isEmpty()) {
      plan.planCluster(txn);
    } else {
      plan.planDatabase(txn);
    }
    return plan;
  }

  /** Where rows were and where they come to, in pairs, to be kept. */
  public List<Integer> dataIds() {
    List<Integer> pairs = new ArrayList<>();
    dataIds.forEach((there, here) -> {
      pairs.add(there);
      pairs.add(here);
    });
    return pairs;
  }

  /** Where the entries of a span come to, null if they are not wanted. */
  public @Nullable Span destination(Span span) {
    Integer here = spans.contains(span) ? dataIds.get(span.dataId()) : null;
    return here == null ? null : new Span(here, span.index());
  }

  /** What is not there although it was, in words for the client. */
  public List<String> leftOut() {
    return List.copyOf(left);
  }

  /** How many tables there will be. */
  public int tables() {
    return (int)
        made.values().stream()
            .flatMap(List::stream)
            .filter(TableDescriptor.class::isInstance)
            .count();
  }

  /** Writes all descriptors: what was restored is there once the transaction has committed. */
  public void publish(Txn txn) {
    made.forEach((database, objects) -> {
      TransactionCatalog target = catalog.open(database, txn);
      for (ObjectKey key : needed.getOrDefault(database, Set.of())) {
        if (!target.keep(key)) {
          throw new ShardForgeException(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "a role, schema or type that the restored tables need was dropped meanwhile");
        }
      }
      target.restore(objects);
    });
  }

  /** Leaves the rows that were written as garbage. */
  public static void abandon(Catalog catalog, Txn txn, BackupJob.Order order) {
    TransactionCatalog target = catalog.open(SystemOids.DATABASE_POSTGRES, txn);
    for (int i = 1; i < order.dataIds().size(); i += 2) {
      target.abandonData(order.dataIds().get(i));
    }
  }

  // ---- Roles ----

  private void knowRoles(Txn txn, boolean create) {
    Map<String, CatalogObject> here = new HashMap<>();
    for (CatalogObject object : CatalogRows.load(txn, CatalogRows.CLUSTER)) {
      if (object instanceof RoleDescriptor role) {
        here.put(role.name(), role);
      }
    }
    for (CatalogObject object : stored.getOrDefault(CatalogRows.CLUSTER, List.of())) {
      if (object instanceof RoleDescriptor role && role.id() >= SystemOids.FIRST_USER_OID) {
        CatalogObject same = here.get(role.name());
        if (same != null) {
          ids.knowRole(role.id(), same.id());
        } else if (create) {
          ids.knowRole(role.id(), catalog.ids().next());
        }
      }
    }
  }

  // ---- The cluster ----

  private void planCluster(Txn txn) {
    requireEmpty(txn);
    List<CatalogObject> shared = new ArrayList<>();
    for (CatalogObject object : stored.getOrDefault(CatalogRows.CLUSTER, List.of())) {
      boolean own = object.id() < SystemOids.FIRST_USER_OID;
      boolean begins = object instanceof RoleDescriptor || object instanceof DatabaseDescriptor;
      if (!own || !begins) {
        shared.add(object);
      }
    }
    make(SystemOids.DATABASE_POSTGRES, shared);
    stored.forEach((database, objects) -> {
      if (database != CatalogRows.CLUSTER) {
        ids.of(database);
        makeAll(ids.of(database), objects);
      }
    });
  }

  private static void requireEmpty(Txn txn) {
    for (CatalogObject object : CatalogRows.load(txn, CatalogRows.CLUSTER)) {
      if (object.id() >= SystemOids.FIRST_USER_OID) {
        throw notEmpty(
            switch (object) {
              case DatabaseDescriptor d -> "database \"" + d.name() + '"';
              case RoleDescriptor r -> "role \"" + r.name() + '"';
              default -> "something of an object with OID " + object.id();
            });
      }
    }
    for (int database : List.of(SystemOids.DATABASE_POSTGRES, SystemOids.DATABASE_SHARDFORGE)) {
      for (CatalogObject object : CatalogRows.load(txn, database)) {
        if (object.id() >= SystemOids.FIRST_USER_OID
            && !(object instanceof SchemaDescriptor s && TemporarySchema.is(s.name()))) {
          throw notEmpty("an object with OID %d in database %d".formatted(object.id(), database));
        }
      }
    }
  }

  private static ShardForgeException notEmpty(String what) {
    return new ShardForgeException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "a cluster can only be restored into an empty one")
        .withDetail("There is " + what + ".")
        .withHint("Restore single databases or tables of the backup instead.");
  }

  // ---- A database ----

  private void planDatabase(Txn txn) {
    DatabaseDescriptor old = database(order.database());
    String name = order.into().isEmpty() ? old.name() : order.into();
    for (CatalogObject object : CatalogRows.load(txn, CatalogRows.CLUSTER)) {
      if (object instanceof DatabaseDescriptor d && d.name().equals(name)) {
        throw new ShardForgeException(
                ErrorCode.DUPLICATE_DATABASE, "database \"" + name + "\" already exists")
            .withHint("Give another name with new_database => '…'.");
      }
    }
    requireAllTables(old);
    // The databases that every cluster begins with have ids of their own: this is another one.
    int id = catalog.ids().next();
    DatabaseDescriptor moved = (DatabaseDescriptor) require(ids.moved(old));
    List<CatalogObject> shared = new ArrayList<>();
    shared.add(
        new DatabaseDescriptor(
            id, 1, name, moved.ownerId(), moved.allowConnections(), moved.connectionLimit()));
    for (CatalogObject object : stored.getOrDefault(CatalogRows.CLUSTER, List.of())) {
      switch (object) {
        case CommentDescriptor c when c.classId() == SystemOids.PG_DATABASE && c.id() == old.id() ->
            shared.add(c.on(id, c.columnNumber()));
        case GrantsDescriptor g when g.onDatabase() && g.id() == old.id() -> {
          GrantsDescriptor grants = (GrantsDescriptor) require(ids.moved(g));
          shared.add(
              new GrantsDescriptor(
                  id, grants.version(), grants.columnNumber(), true, grants.grants()));
        }
        case SettingsDescriptor s when s.databaseId() == old.id() -> {
          if (ids.moved(s) instanceof SettingsDescriptor settings) {
            shared.add(
                new SettingsDescriptor(settings.id(), settings.version(), id, settings.settings()));
          }
        }
        default -> {}
      }
    }
    made.put(SystemOids.DATABASE_POSTGRES, shared);
    List<CatalogObject> objects = new ArrayList<>();
    for (CatalogObject object : stored.getOrDefault(old.id(), List.of())) {
      objects.add(
          object instanceof SchemaDescriptor s
              ? new SchemaDescriptor(s.id(), s.version(), id, s.name(), s.ownerId())
              : object);
    }
    ids.know(id, id);
    makeAll(id, objects);
  }

  private DatabaseDescriptor database(String name) {
    List<String> names = new ArrayList<>();
    for (CatalogObject object : stored.getOrDefault(CatalogRows.CLUSTER, List.of())) {
      if (object instanceof DatabaseDescriptor d) {
        names.add(d.name());
        if (d.name().equals(name)) {
          return d;
        }
      }
    }
    throw new ShardForgeException(
            ErrorCode.INVALID_CATALOG_NAME, "database \"" + name + "\" is not in the backup")
        .withDetail("It has: " + String.join(", ", names) + '.');
  }

  private void requireAllTables(DatabaseDescriptor database) {
    Set<Span> saved = Set.copyOf(manifest.spans());
    for (CatalogObject object : stored.getOrDefault(database.id(), List.of())) {
      if (object instanceof TableDescriptor t && !saved.containsAll(CatalogExport.spansOf(t))) {
        throw new ShardForgeException(
                ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "the backup does not have all tables of database \"" + database.name() + '"')
            .withHint("Restore its tables instead, with tables => '{…}'.");
      }
    }
  }

  // ---- Tables ----

  private void planTables(Txn txn) {
    int there = order.database().isEmpty() ? onlyDatabase() : database(order.database()).id();
    Map<Integer, CatalogObject> known = new LinkedHashMap<>();
    for (CatalogObject object : stored.getOrDefault(there, List.of())) {
      switch (object) {
        case SchemaDescriptor _,
            TableDescriptor _,
            SequenceDescriptor _,
            ViewDescriptor _,
            TypeDescriptor _,
            CollationDescriptor _ ->
            known.put(object.id(), object);
        default -> {}
      }
    }
    List<CatalogObject> here = CatalogRows.load(txn, order.databaseId());
    Set<TableDescriptor> wanted = named(known);
    Set<Integer> tables = new HashSet<>();
    wanted.forEach(table -> tables.add(table.id()));
    ids.know(there, order.databaseId());
    knowSchemas(known, here);

    // What tables name comes with them, and what that names.
    List<CatalogObject> objects = new ArrayList<>();
    Set<Integer> done = new HashSet<>();
    for (TableDescriptor table : wanted) {
      TableDescriptor whole = withinReach(table, tables);
      objects.add(whole);
      ids.moved(whole);
      done.add(table.id());
    }
    boolean more = true;
    while (more) {
      more = false;
      for (CatalogObject object : known.values()) {
        if (isNamed(object) && done.add(object.id())) {
          more = true;
          if (object instanceof TableDescriptor || object instanceof ViewDescriptor) {
            throw new IllegalStateException("a table names " + object.id());
          }
          if (!isHere(object, here)) {
            CatalogObject own = unowned(object, tables);
            objects.add(own);
            ids.moved(own);
          }
        }
      }
    }
    for (CatalogObject object : stored.getOrDefault(there, List.of())) {
      boolean attached =
          switch (object) {
            case CommentDescriptor _, GrantsDescriptor _, StatisticsDescriptor _ ->
                ids.isNamed(object.id()) && !relied.contains(object.id());
            case CombinedStatistics s -> tables.contains(s.tableId());
            default -> false;
          };
      if (attached) {
        objects.add(object);
      }
    }
    makeAll(order.databaseId(), objects);
    requireNewNames(here);
  }

  private boolean isNamed(CatalogObject object) {
    return ids.isNamed(object.id())
        || (object instanceof TypeDescriptor type && ids.isNamed(type.arrayId()));
  }

  /** Finds out before any row is written; names are taken at the end. */
  private void requireNewNames(List<CatalogObject> here) {
    Set<String> taken = new HashSet<>();
    for (CatalogObject object : here) {
      CatalogRows.namesOf(object).forEach(name -> taken.add(placeOf(name)));
    }
    for (CatalogObject object : made.getOrDefault(order.databaseId(), List.of())) {
      for (CatalogRows.Name name : CatalogRows.namesOf(object)) {
        if (taken.contains(placeOf(name))) {
          throw new ShardForgeException(
                  ErrorCode.DUPLICATE_TABLE, "relation \"" + name.name() + "\" already exists")
              .withHint("Restore into another schema, with new_schema => '…'.");
        }
      }
    }
  }

  private static String placeOf(CatalogRows.Name name) {
    return name.namespace() + " " + name.parentId() + " " + name.name();
  }

  private int onlyDatabase() {
    Set<Integer> databases = new LinkedHashSet<>(stored.keySet());
    databases.remove(CatalogRows.CLUSTER);
    if (databases.size() != 1) {
      throw new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE, "the backup has several databases")
          .withHint("Say with database => '…' from which one the tables are.");
    }
    return databases.iterator().next();
  }

  private Set<TableDescriptor> named(Map<Integer, CatalogObject> known) {
    Set<Span> saved = Set.copyOf(manifest.spans());
    Set<TableDescriptor> wanted = new LinkedHashSet<>();
    for (String name : order.names()) {
      TableDescriptor found = null;
      for (CatalogObject object : known.values()) {
        if (object instanceof TableDescriptor t
            && known.get(t.schemaId()) instanceof SchemaDescriptor schema
            && name.equals(schema.name() + '.' + t.name())) {
          found = t;
        }
      }
      if (found == null || !saved.containsAll(CatalogExport.spansOf(found))) {
        throw new ShardForgeException(
            ErrorCode.UNDEFINED_TABLE, "table " + name + " is not in the backup");
      }
      wanted.add(found);
    }
    return wanted;
  }

  private void knowSchemas(Map<Integer, CatalogObject> known, List<CatalogObject> here) {
    for (CatalogObject object : known.values()) {
      if (object instanceof SchemaDescriptor schema) {
        String name = order.into().isEmpty() ? schema.name() : order.into();
        SchemaDescriptor same = null;
        for (CatalogObject candidate : here) {
          if (candidate instanceof SchemaDescriptor s && s.name().equals(name)) {
            same = s;
          }
        }
        if (same == null) {
          if (order.into().isEmpty()) {
            continue;
          }
          throw new ShardForgeException(
              ErrorCode.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
        }
        schemas.put(schema.id(), same.id());
        ids.know(schema.id(), same.id());
      }
    }
  }

  /** A table without foreign keys to others that do not come with it. */
  private TableDescriptor withinReach(TableDescriptor table, Set<Integer> tables) {
    List<ForeignKeyDescriptor> keys = new ArrayList<>();
    for (ForeignKeyDescriptor key : table.foreignKeys()) {
      if (tables.contains(key.referencedTable())) {
        keys.add(key);
      } else {
        left.add(
            "foreign key \"%s\" of table \"%s\", which refers to a table that is not restored"
                .formatted(key.name(), table.name()));
      }
    }
    return table.withForeignKeys(keys);
  }

  /** A sequence that belongs to no table if its table does not come with it. */
  private static CatalogObject unowned(CatalogObject object, Set<Integer> tables) {
    return object instanceof SequenceDescriptor s && !tables.contains(s.ownedByTable())
        ? s.withOwner(0, 0)
        : object;
  }

  /** Finds the schema, type or collation of the same name that is here; they must be the same. */
  private boolean isHere(CatalogObject object, List<CatalogObject> here) {
    return switch (object) {
      case SchemaDescriptor s -> {
        Integer same = schemas.get(s.id());
        if (same != null) {
          use(s.id(), same, new ObjectKey(ObjectKey.Kind.SCHEMA, same, 0));
        }
        yield same != null;
      }
      case TypeDescriptor t -> {
        for (CatalogObject candidate : here) {
          if (candidate instanceof TypeDescriptor same
              && same.name().equals(t.name())
              && isSameSchema(t.schemaId(), same.schemaId())) {
            requireSame(t, same);
            ids.know(t.arrayId(), same.arrayId());
            use(t.id(), same.id(), same.key());
            yield true;
          }
        }
        yield false;
      }
      case CollationDescriptor c -> {
        for (CatalogObject candidate : here) {
          if (candidate instanceof CollationDescriptor same
              && same.name().equals(c.name())
              && isSameSchema(c.schemaId(), same.schemaId())) {
            if (!Objects.equals(c.locale(), same.locale())
                || c.deterministic() != same.deterministic()) {
              throw different("collation", c.name());
            }
            use(c.id(), same.id(), same.key());
            yield true;
          }
        }
        yield false;
      }
      default -> false;
    };
  }

  private boolean isSameSchema(int there, int here) {
    return schemas.getOrDefault(there, there < SystemOids.FIRST_USER_OID ? there : 0) == here;
  }

  private static void requireSame(TypeDescriptor there, TypeDescriptor here) {
    boolean same =
        switch (there) {
          case EnumDescriptor e ->
              here instanceof EnumDescriptor other
                  && e.labels().size() == other.labels().size()
                  && e.labels().stream()
                      .allMatch(l ->
                          other.labels().stream()
                              .anyMatch(
                                  o -> o.position() == l.position() && o.text().equals(l.text())));
          case DomainDescriptor d ->
              here instanceof DomainDescriptor other
                  && d.base().equals(other.base())
                  && d.notNull() == other.notNull()
                  && d.checks().stream()
                      .map(CheckDescriptorText::of)
                      .toList()
                      .equals(other.checks().stream().map(CheckDescriptorText::of).toList());
        };
    if (!same) {
      throw different("type", there.name());
    }
  }

  /** What a check of a domain says, without its OID. */
  private record CheckDescriptorText(String name, String sql) {
    static CheckDescriptorText of(TableDescriptor.CheckDescriptor check) {
      return new CheckDescriptorText(check.name(), check.sql());
    }
  }

  private static ShardForgeException different(String what, String name) {
    return new ShardForgeException(
            ErrorCode.DUPLICATE_OBJECT,
            "%s \"%s\" is another one here than in the backup".formatted(what, name))
        .withHint("Restore into another database or schema.");
  }

  private void use(int there, int here, ObjectKey key) {
    ids.know(there, here);
    relied.add(there);
    needed.computeIfAbsent(order.databaseId(), _ -> new LinkedHashSet<>()).add(key);
  }

  // ---- All ----

  private void makeAll(int database, List<CatalogObject> objects) {
    make(database, objects);
    for (CatalogObject object : objects) {
      switch (object) {
        case TableDescriptor t -> {
          dataIds.put(t.dataId(), ids.of(t.dataId()));
          spans.addAll(CatalogExport.spansOf(t));
        }
        case SequenceDescriptor s -> {
          dataIds.put(s.dataId(), ids.of(s.dataId()));
          spans.add(CatalogExport.spanOf(s));
        }
        default -> {}
      }
    }
  }

  private void make(int database, List<CatalogObject> objects) {
    List<CatalogObject> target = made.computeIfAbsent(database, _ -> new ArrayList<>());
    for (CatalogObject object : objects) {
      CatalogObject moved = ids.moved(object);
      if (moved != null) {
        target.add(moved);
      }
    }
  }

  private static CatalogObject require(@Nullable CatalogObject object) {
    if (object == null) {
      throw new IllegalStateException("an object is not there");
    }
    return object;
  }
}
