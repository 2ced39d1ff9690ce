package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.type.TypeScope;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's view of the catalog: as committed at its read timestamp, with the transaction's
 * own changes on top. Changes are written to the catalog's rows through the transaction and
 * remembered here; they take effect for others when it commits. Belongs to one session, one object
 * a transaction.
 */
public final class TransactionCatalog {
  private final Catalog catalog;
  private final int databaseId;
  private final Txn txn;
  private Map<ObjectKey, Optional<CatalogObject>> changes = Map.of();
  private @Nullable DatabaseSnapshot base;
  private @Nullable DatabaseSnapshot derived;

  /** A transaction's changes up to some point, to come back to. */
  public static final class Mark {
    private final Map<ObjectKey, Optional<CatalogObject>> changes;

    private Mark(Map<ObjectKey, Optional<CatalogObject>> changes) {
      this.changes = changes;
    }
  }

  TransactionCatalog(Catalog catalog, int databaseId, Txn txn) {
    this.catalog = catalog;
    this.databaseId = databaseId;
    this.txn = txn;
  }

  public int databaseId() {
    return databaseId;
  }

  /** What the next statement plans on. */
  public CatalogSnapshot snapshot() {
    CatalogSnapshot snapshot = current();
    TypeScope.enter(snapshot.types());
    return snapshot;
  }

  /** Another database as last committed. */
  public CatalogSnapshot snapshotOf(int otherDatabaseId) {
    return catalog.databaseSnapshot(otherDatabaseId, txn);
  }

  public boolean hasChanges() {
    return !changes.isEmpty();
  }

  /** To be taken with each savepoint. */
  public Mark mark() {
    return new Mark(changes);
  }

  /** Forgets the changes made since, as the transaction's rollback to that savepoint does. */
  public void restore(Mark mark) {
    changes = mark.changes;
    derived = null;
  }

  /** A new object id, unique in the cluster; not given back by a rollback. */
  public int newId() {
    return catalog.ids().next();
  }

  /** Writes a new descriptor; a name that is taken is the error that PostgreSQL gives. */
  public void create(CatalogObject object) {
    claim(CatalogRows.namesOf(object));
    CatalogRows.put(txn, databaseId, object);
    keepPlacement(null, object);
    remember(object.key(), Optional.of(object));
    GrantsDescriptor granted = FirstGrants.of(current(), object);
    if (granted != null) {
      create(granted);
    }
  }

  /**
   * Writes descriptors as they are, grants and all: of objects that are new, or of those that a
   * database begins with. A name that is taken is the error that PostgreSQL gives.
   */
  public void restore(List<CatalogObject> objects) {
    Map<ObjectKey, Optional<CatalogObject>> next = new LinkedHashMap<>(changes);
    for (CatalogObject object : objects) {
      claim(CatalogRows.namesOf(object), object.id());
      CatalogRows.put(txn, databaseId, object);
      keepPlacement(null, object);
      next.put(object.key(), Optional.of(object));
    }
    changes = next;
    derived = null;
  }

  /**
   * Locks a descriptor against everybody else's changes and returns its newest version, which may
   * be newer than the snapshot; null if it is gone.
   */
  public @Nullable CatalogObject lock(ObjectKey key) {
    return lock(key, LockStrength.UPDATE, LockWait.BLOCK);
  }

  /** The same in another strength. */
  public @Nullable CatalogObject lock(ObjectKey key, LockStrength strength, LockWait wait) {
    CatalogObject stored = CatalogRows.lock(txn, databaseId, key, strength, wait);
    CatalogObject newest = stored == null ? PredefinedRole.at(key) : stored;
    if (newest == null ? current().object(key) != null : !newest.equals(current().object(key))) {
      remember(key, Optional.ofNullable(newest));
    }
    return newest;
  }

  /** Whether only this transaction can have written to a table: its rows' span is new. */
  public boolean isOwnData(TableDescriptor table) {
    CatalogObject committed = catalog.databaseSnapshot(databaseId, txn).object(table.key());
    return !(committed instanceof TableDescriptor other) || other.dataId() != table.dataId();
  }

  /** Locks a descriptor so that it stays, though others may use it too; false if it is gone. */
  public boolean keep(ObjectKey key) {
    return PredefinedRole.at(key) != null
        || CatalogRows.lock(txn, databaseId, key, LockStrength.KEY_SHARE) != null;
  }

  /** Writes the next version of a descriptor that {@link #lock} returned. */
  public void replace(CatalogObject old, CatalogObject changed) {
    Set<CatalogRows.Name> before = new HashSet<>(CatalogRows.namesOf(old));
    Set<CatalogRows.Name> after = new HashSet<>(CatalogRows.namesOf(changed));
    for (CatalogRows.Name name : before) {
      if (!after.contains(name)) {
        CatalogRows.deleteName(txn, databaseId, name);
      }
    }
    List<CatalogRows.Name> added = new ArrayList<>(CatalogRows.namesOf(changed));
    added.removeAll(before);
    claim(added);
    CatalogRows.put(txn, databaseId, changed);
    keepPlacement(old, changed);
    remember(changed.key(), Optional.of(changed));
    if (old instanceof TableDescriptor was && changed instanceof TableDescriptor table) {
      forgetStatistics(table, was.retyped(table));
    }
  }

  /** Statistics have values in the form of their column's type. */
  private void forgetStatistics(TableDescriptor table, Set<Integer> retyped) {
    if (retyped.isEmpty()) {
      return;
    }
    StatisticsDescriptor known = current().statistics(table.id());
    if (known != null && lock(known.key()) instanceof StatisticsDescriptor newest) {
      replace(newest, newest.without(retyped));
    }
    for (CombinedStatistics combined : List.copyOf(current().combinedStatistics())) {
      if (combined.tableId() == table.id()
          && !Collections.disjoint(combined.columns(), retyped)
          && lock(combined.key()) instanceof CombinedStatistics newest) {
        replace(newest, newest.with(List.of(), List.of(), List.of()));
      }
    }
  }

  /** Locks, changes and writes a descriptor; returns null if it is gone. */
  public @Nullable CatalogObject update(ObjectKey key, UnaryOperator<CatalogObject> change) {
    CatalogObject old = lock(key);
    if (old == null) {
      return null;
    }
    CatalogObject changed = change.apply(old);
    replace(old, changed);
    return changed;
  }

  /** Removes a descriptor and frees its names. */
  public void drop(CatalogObject object) {
    for (CatalogRows.Name name : CatalogRows.namesOf(object)) {
      CatalogRows.deleteName(txn, databaseId, name);
    }
    CatalogRows.delete(txn, databaseId, object.key());
    keepPlacement(object, null);
    remember(object.key(), Optional.empty());
  }

  /** Notes that no descriptor names this span of rows any more. */
  public void abandonData(int dataId) {
    CatalogRows.abandon(txn, new AbandonedRows(dataId, AbandonedRows.ALL));
  }

  /** Notes that no descriptor names the rows of a table any more, in whatever form. */
  public void abandonRows(TableDescriptor table) {
    abandonData(table.dataId());
    TableDescriptor.Successor successor = table.successor();
    if (successor != null) {
      int next = successor.table().dataId();
      txn.raiseSchemaFloor(table.id(), table.version() + 1, KeySpace.tableSpan(next));
      abandonData(next);
    }
  }

  /** Notes that no descriptor names these entries of an index any more. */
  public void abandonIndex(int dataId, int number) {
    CatalogRows.abandon(txn, new AbandonedRows(dataId, number));
  }

  /** Makes a new database with its public schema. */
  public void createDatabase(DatabaseDescriptor database) {
    create(database);
    for (CatalogObject object : Bootstrap.firstObjects(database.id())) {
      CatalogRows.put(txn, database.id(), object);
      for (CatalogRows.Name name : CatalogRows.namesOf(object)) {
        CatalogRows.putName(txn, database.id(), name);
      }
    }
  }

  /** Removes a schema with all that is in it, if it is there. */
  void dropWithContent(String schemaName) {
    SchemaDescriptor known = current().schema(schemaName);
    CatalogObject schema = known == null ? null : lock(known.key());
    if (schema == null) {
      return;
    }
    Set<Integer> going = new HashSet<>(Set.of(schema.id()));
    for (CatalogObject object : List.copyOf(current().objects())) {
      int in =
          switch (object) {
            case TableDescriptor t -> t.schemaId();
            case SequenceDescriptor s -> s.schemaId();
            case ViewDescriptor v -> v.schemaId();
            case TypeDescriptor t -> t.schemaId();
            default -> 0;
          };
      CatalogObject newest = in == schema.id() ? lock(object.key()) : null;
      if (newest != null) {
        going.add(newest.id());
        release(newest);
        drop(newest);
      }
    }
    for (CatalogObject object : List.copyOf(current().objects())) {
      boolean attached =
          switch (object) {
            case CommentDescriptor _, GrantsDescriptor _, StatisticsDescriptor _ -> true;
            default -> false;
          };
      if (attached && going.contains(object.id())) {
        drop(object);
      }
    }
    drop(schema);
  }

  /** Leaves the rows of what is being dropped as garbage; writes to a table fail from now on. */
  private void release(CatalogObject object) {
    switch (object) {
      case TableDescriptor table -> {
        txn.raiseSchemaFloor(table.id(), table.version() + 1, KeySpace.tableSpan(table.dataId()));
        abandonRows(table);
      }
      case SequenceDescriptor sequence -> abandonData(sequence.dataId());
      default -> {}
    }
  }

  /** Removes a database with all that is in it; writes to its tables fail from the commit on. */
  public void dropDatabase(DatabaseDescriptor database) {
    for (CatalogObject object : CatalogRows.load(txn, database.id())) {
      release(object);
      for (CatalogRows.Name name : CatalogRows.namesOf(object)) {
        CatalogRows.deleteName(txn, database.id(), name);
      }
      CatalogRows.delete(txn, database.id(), object.key());
      keepPlacement(object, null);
    }
    CatalogObject newest = lock(database.key());
    if (newest != null) {
      drop(newest);
    }
  }

  /**
   * The tables whose rows the transaction has put elsewhere and that are cut by hash, or are to be
   * cut into another number of arcs.
   */
  public List<TableDescriptor> tablesToCut() {
    List<TableDescriptor> tables = new ArrayList<>();
    for (Optional<CatalogObject> change : changes.values()) {
      if (change.orElse(null) instanceof TableDescriptor table) {
        Map<Integer, TableDescriptor> known =
            forms(catalog.databaseSnapshot(databaseId, txn).object(table.key()));
        for (TableDescriptor form : forms(table).values()) {
          TableDescriptor same = known.get(form.dataId());
          if (form.options().isHashed()
              && (same == null || same.options().shards() != form.options().shards())) {
            tables.add(form);
          }
        }
      }
    }
    return tables;
  }

  /** The forms that a table's rows are written in, by where they lie. */
  private static Map<Integer, TableDescriptor> forms(@Nullable CatalogObject object) {
    if (!(object instanceof TableDescriptor table)) {
      return Map.of();
    }
    TableDescriptor.Successor successor = table.successor();
    return successor == null
        ? Map.of(table.dataId(), table)
        : Map.of(table.dataId(), table, successor.table().dataId(), successor.table());
  }

  /** Keeps what placement must know of tables, outside the catalog, in line with it. */
  private void keepPlacement(@Nullable CatalogObject old, @Nullable CatalogObject changed) {
    Map<Integer, TableDescriptor> before = forms(old);
    Map<Integer, TableDescriptor> after = forms(changed);
    keep(before, after, TableOptions::replicationFactor, MetaTable::putTableFactor);
    keep(before, after, TableOptions::shards, MetaTable::putTableArcs);
  }

  /** Writes a number, 0 for none, under the id of a table's rows. */
  @FunctionalInterface
  private interface Keeping {
    void put(Txn txn, int dataId, int number);
  }

  private void keep(
      Map<Integer, TableDescriptor> before,
      Map<Integer, TableDescriptor> after,
      ToIntFunction<TableOptions> option,
      Keeping keeping) {
    Set<Integer> all = new TreeSet<>(before.keySet());
    all.addAll(after.keySet());
    for (int dataId : all) {
      TableDescriptor old = before.get(dataId);
      TableDescriptor changed = after.get(dataId);
      int had = old == null ? 0 : option.applyAsInt(old.options());
      int has = changed == null ? 0 : option.applyAsInt(changed.options());
      if (had != has) {
        keeping.put(txn, dataId, has);
      }
    }
  }

  private void claim(List<CatalogRows.Name> names) {
    claim(names, 0);
  }

  /** Takes names that nobody has, or somebody who is called here. */
  private void claim(List<CatalogRows.Name> names, int holder) {
    List<Integer> owners = CatalogRows.lockNames(txn, databaseId, names);
    for (int i = 0; i < names.size(); i++) {
      if (owners.get(i) != 0 && owners.get(i) != holder) {
        throw taken(names.get(i));
      }
      CatalogRows.putName(txn, databaseId, names.get(i));
    }
  }

  private static ShardForgeException taken(CatalogRows.Name name) {
    String quoted = '"' + name.name() + "\" already exists";
    return switch (name.namespace()) {
      case DATABASE -> new ShardForgeException(ErrorCode.DUPLICATE_DATABASE, "database " + quoted);
      case ROLE -> new ShardForgeException(ErrorCode.DUPLICATE_OBJECT, "role " + quoted);
      case SCHEMA -> new ShardForgeException(ErrorCode.DUPLICATE_SCHEMA, "schema " + quoted);
      case RELATION -> new ShardForgeException(ErrorCode.DUPLICATE_TABLE, "relation " + quoted);
      case TYPE -> new ShardForgeException(ErrorCode.DUPLICATE_OBJECT, "type " + quoted);
      case COLLATION -> new ShardForgeException(ErrorCode.DUPLICATE_OBJECT, "collation " + quoted);
    };
  }

  private void remember(ObjectKey key, Optional<CatalogObject> object) {
    Map<ObjectKey, Optional<CatalogObject>> next = new LinkedHashMap<>(changes);
    next.put(key, object);
    changes = next;
    derived = null;
  }

  private DatabaseSnapshot current() {
    DatabaseSnapshot newest = catalog.databaseSnapshot(databaseId, txn);
    if (changes.isEmpty()) {
      return newest;
    }
    DatabaseSnapshot known = derived;
    if (known == null || base != newest) {
      known = newest.with(catalog.nextPrivateVersion(), changes);
      base = newest;
      derived = known;
    }
    return known;
  }
}
