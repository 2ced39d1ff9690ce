package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SequenceTable;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewOptions;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of pg_class, pg_attribute, pg_index, pg_constraint and other tables about relations. */
final class RelationTables {
  /** Attributes that every sequence has. */
  private RelationTables() {}

  /** Indexes that are listed: the one over a hidden row id is not. */
  static List<IndexDescriptor> indexes(TableDescriptor table) {
    return table.indexes().stream().filter(index -> !index.name().isEmpty()).toList();
  }

  static Stream<IndexOfTable> indexes(CatalogSnapshot snapshot) {
    return snapshot.tables().stream()
        .flatMap(table -> indexes(table).stream().map(index -> new IndexOfTable(table, index)));
  }

  // ---- pg_class ----

  static Stream<@Nullable Object[]> classes(SystemTable t, CatalogSnapshot snapshot) {
    return Stream.of(
            snapshot.tables().stream().map(table -> tableClass(t, snapshot, table)),
            indexes(snapshot).map(index -> indexClass(t, snapshot, index)),
            snapshot.sequences().stream().map(s -> sequenceClass(t, snapshot, s)),
            snapshot.views().stream().map(v -> viewClass(t, snapshot, v)),
            snapshot.virtualTables().stream().map(v -> systemClass(t, snapshot, v)))
        .flatMap(rows -> rows);
  }

  private static Cells classRow(
      SystemTable t,
      CatalogSnapshot snapshot,
      int oid,
      String name,
      int schemaId,
      int ownerId,
      char kind) {
    SchemaDescriptor schema = snapshot.schema(schemaId);
    boolean temporary = schema != null && TemporarySchema.is(schema.name());
    return t.row()
        .set("oid", oid)
        .set("relname", name)
        .set("relnamespace", schemaId)
        .set("relowner", ownerId)
        .set("relkind", kind)
        .set("relpersistence", temporary ? 't' : 'p')
        .set("relreplident", 'd')
        .set("relispopulated", true);
  }

  private static @Nullable Object[] tableClass(
      SystemTable t, CatalogSnapshot snapshot, TableDescriptor table) {
    long rows = snapshot.rowCount(table.id());
    return classRow(t, snapshot, table.id(), table.name(), table.schemaId(), table.ownerId(), 'r')
        .set("relam", SystemOids.ACCESS_METHOD_HEAP)
        .set("relfilenode", table.dataId())
        .set("reltuples", (Object) (double) rows)
        .set("relpages", rows < 0 ? 0 : (rows + 99) / 100)
        .set("relhasindex", !indexes(table).isEmpty())
        .set("relnatts", table.visibleColumns().size())
        .set("relchecks", table.checks().size())
        // Who looks for foreign keys looks only at tables with the triggers that they are
        // elsewhere.
        .set(
            "relhastriggers",
            !table.foreignKeys().isEmpty() || !snapshot.referencesTo(table.id()).isEmpty())
        .set("relacl", acl(snapshot, table.id()))
        .set(
            "reloptions",
            table.options().equals(TableOptions.NONE)
                ? null
                : Cells.array(PgOid.TEXT, table.options().texts()))
        .done();
  }

  private static @Nullable Object[] indexClass(
      SystemTable t, CatalogSnapshot snapshot, IndexOfTable entry) {
    IndexDescriptor index = entry.index();
    TableDescriptor table = entry.table();
    long rows = snapshot.rowCount(table.id());
    return classRow(t, snapshot, index.oid(), index.name(), table.schemaId(), table.ownerId(), 'i')
        .set(
            "relam",
            index.isInverted() ? SystemOids.ACCESS_METHOD_GIN : SystemOids.ACCESS_METHOD_BTREE)
        .set("relfilenode", index.oid())
        .set("reltuples", (Object) (double) Math.max(rows, 0))
        .set("relpages", rows < 0 ? 1 : (rows + 299) / 300)
        .set("relreplident", 'n')
        .set("relnatts", index.columns().size() + index.included().size())
        .set(
            "reloptions",
            index.parameters().isEmpty() ? null : Cells.array(PgOid.TEXT, index.parameters()))
        .done();
  }

  private static @Nullable Object[] sequenceClass(
      SystemTable t, CatalogSnapshot snapshot, SequenceDescriptor s) {
    return classRow(t, snapshot, s.id(), s.name(), s.schemaId(), s.ownerId(), 'S')
        .set("relfilenode", s.dataId())
        .set("reltuples", (Object) 1.0)
        .set("relpages", 1)
        .set("relreplident", 'n')
        .set("relnatts", SequenceTable.COLUMNS.size())
        .set("relacl", acl(snapshot, s.id()))
        .done();
  }

  private static @Nullable Object[] viewClass(
      SystemTable t, CatalogSnapshot snapshot, ViewDescriptor v) {
    return classRow(t, snapshot, v.id(), v.name(), v.schemaId(), v.ownerId(), 'v')
        .set("reltuples", (Object) (-1.0))
        .set("relhasrules", true)
        .set("relreplident", 'n')
        .set("relnatts", v.columns().size())
        .set("relacl", acl(snapshot, v.id()))
        .set(
            "reloptions",
            v.options().equals(ViewOptions.NONE)
                ? null
                : Cells.array(PgOid.TEXT, v.options().texts()))
        .done();
  }

  private static @Nullable Object[] systemClass(
      SystemTable t, CatalogSnapshot snapshot, VirtualTable v) {
    char kind = v instanceof SystemTable s ? s.kind() : 'v';
    boolean shared = v instanceof SystemTable s && s.isShared();
    Cells row =
        classRow(t, snapshot, v.id(), v.name(), v.schemaId(), SystemOids.ROLE_POSTGRES, kind)
            .set("reltuples", (Object) (-1.0))
            .set("relreplident", 'n')
            .set("relisshared", shared)
            .set("relnatts", v.columns().size());
    if (kind == 'r') {
      row.set("relam", SystemOids.ACCESS_METHOD_HEAP);
    } else {
      row.set("relhasrules", true);
    }
    return row.done();
  }

  static @Nullable ArrayValue acl(CatalogSnapshot snapshot, int objectId) {
    GrantsDescriptor grants = snapshot.grants(objectId);
    return grants == null ? null : AccessItems.of(snapshot, grants.grants());
  }

  static Stream<@Nullable Object[]> defaultPrivileges(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.defaultPrivileges().stream()
        .flatMap(d ->
            d.entries().stream()
                .map(entry ->
                    t.row()
                        .set("oid", entry.oid())
                        .set("defaclrole", d.id())
                        .set("defaclnamespace", d.schemaId())
                        .set("defaclobjtype", entry.kind())
                        .set("defaclacl", AccessItems.of(snapshot, entry.grants()))
                        .done()));
  }

  // ---- pg_attribute ----

  static Stream<@Nullable Object[]> attributes(SystemTable t, CatalogSnapshot snapshot) {
    return Stream.of(
            snapshot.tables().stream()
                .flatMap(table ->
                    table.visibleColumns().stream()
                        .map(c -> attribute(t, snapshot, table.id(), c))),
            indexes(snapshot).flatMap(index -> indexAttributes(t, index)),
            snapshot.sequences().stream()
                .flatMap(s ->
                    SequenceTable.COLUMNS.stream().map(c -> attribute(t, s.id(), c, 0).done())),
            snapshot.views().stream()
                .flatMap(v -> v.columns().stream().map(c -> attribute(t, snapshot, v.id(), c))),
            snapshot.virtualTables().stream()
                .flatMap(v -> v.columns().stream().map(c -> attribute(t, v.id(), c, 0).done())))
        .flatMap(rows -> rows);
  }

  private static Stream<@Nullable Object[]> indexAttributes(SystemTable t, IndexOfTable entry) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    TableDescriptor table = entry.table();
    List<String> names = table.indexColumnNames(entry.index());
    int keys = entry.index().columns().size();
    for (int i = 0; i < names.size(); i++) {
      SqlType type =
          i < keys
              ? table.keyType(entry.index(), i)
              : table
                  .columns()
                  .get(table.ordinalOfNumber(entry.index().included().get(i - keys)))
                  .type();
      ColumnDescriptor plain =
          new ColumnDescriptor(i + 1, names.get(i), type, false, null, '\0', 0, false);
      rows.add(attribute(t, entry.index().oid(), plain, i + 1).done());
    }
    return rows.stream();
  }

  /** A column of a table or view, on which privileges may have been granted. */
  private static @Nullable Object[] attribute(
      SystemTable t, CatalogSnapshot snapshot, int relationId, ColumnDescriptor c) {
    GrantsDescriptor grants = snapshot.grants(relationId, c.number());
    return attribute(t, relationId, c, 0)
        .set("attacl", grants == null ? null : AccessItems.of(snapshot, grants.grants()))
        .done();
  }

  private static Cells attribute(SystemTable t, int relationId, ColumnDescriptor c, int number) {
    PgType type = PgTypes.byOid(c.type().oid());
    return t.row()
        .set("attrelid", relationId)
        .set("attname", c.name())
        .set("atttypid", c.type().oid())
        .set("attstattarget", -1)
        .set("attlen", type.row().length())
        .set("attnum", number == 0 ? c.number() : number)
        .set("attndims", type.isArray() ? 1 : 0)
        .set("attcacheoff", -1)
        .set("atttypmod", c.type().typmod())
        .set("attbyval", type.row().byValue())
        .set("attalign", type.row().alignment())
        .set("attstorage", type.row().storage())
        .set("attnotnull", c.notNull())
        .set("atthasdef", ObjectDefinitions.visibleDefault(c) != null)
        .set("attidentity", c.identity())
        .set("attgenerated", c.generated() ? 's' : '\0')
        .set("attislocal", true)
        .set("attcollation", c.type().collationOid());
  }

  static Stream<@Nullable Object[]> defaults(SystemTable t, CatalogSnapshot snapshot) {
    return Stream.concat(
        snapshot.tables().stream()
            .flatMap(table -> defaults(t, table.id(), table.visibleColumns())),
        snapshot.views().stream().flatMap(view -> defaults(t, view.id(), view.columns())));
  }

  private static Stream<@Nullable Object[]> defaults(
      SystemTable t, int relationId, List<ColumnDescriptor> columns) {
    return columns.stream()
        .filter(c -> ObjectDefinitions.visibleDefault(c) != null)
        .map(c ->
            t.row()
                .set("oid", defaultOid(relationId, c))
                .set("adrelid", relationId)
                .set("adnum", c.number())
                .set("adbin", ObjectDefinitions.visibleDefault(c))
                .done());
  }

  /** Defaults are no objects of their own: an OID that no other object of the class can have. */
  static long defaultOid(int relationId, ColumnDescriptor column) {
    return (0x8000_0000L | (long) relationId << 11 | column.number()) & 0xFFFF_FFFFL;
  }

  // ---- pg_index ----

  static Stream<@Nullable Object[]> indexRows(SystemTable t, CatalogSnapshot snapshot) {
    return indexes(snapshot)
        .map(entry -> {
          IndexDescriptor index = entry.index();
          TableDescriptor table = entry.table();
          int n = index.columns().size();
          int all = n + index.included().size();
          long[] keys = new long[all];
          for (int i = n; i < all; i++) {
            keys[i] = index.included().get(i - n);
          }
          long[] collations = new long[n];
          long[] classes = new long[n];
          long[] options = new long[n];
          for (int i = 0; i < n; i++) {
            IndexDescriptor.KeyColumn key = index.columns().get(i);
            SqlType type = table.keyType(index, i);
            keys[i] = key.columnNumber();
            collations[i] = type.collationOid();
            classes[i] = OperatorClasses.of(key, type);
            options[i] = (key.descending() ? 1L : 0L) + (key.nullsFirst() ? 2L : 0L);
          }
          boolean isPublic = index.state() == IndexDescriptor.State.PUBLIC;
          return t.row()
              .set("indexrelid", index.oid())
              .set("indrelid", table.id())
              .set("indnatts", all)
              .set("indnkeyatts", n)
              .set("indisunique", index.isUniqueKey())
              .set("indnullsnotdistinct", index.nullsNotDistinct())
              .set("indisprimary", index.primary() || index.isPrimaryKey())
              .set("indimmediate", index.deferrable() == null)
              .set("indisvalid", isPublic)
              .set("indisready", index.state() != IndexDescriptor.State.DELETE_ONLY)
              .set("indislive", true)
              .set("indkey", Cells.vector(PgOid.INT2, keys))
              .set("indcollation", Cells.vector(PgOid.OID, collations))
              .set("indclass", Cells.vector(PgOid.OID, classes))
              .set("indoption", Cells.vector(PgOid.INT2, options))
              .set("indexprs", ObjectDefinitions.indexExpressions(index))
              .set("indpred", index.predicate())
              .done();
        });
  }

  // ---- pg_constraint ----

  static Stream<@Nullable Object[]> constraints(SystemTable t, CatalogSnapshot snapshot) {
    return Stream.concat(
        snapshot.tables().stream().flatMap(table -> tableConstraints(t, snapshot, table).stream()),
        snapshot.typeDescriptors().stream()
            .flatMap(type ->
                type instanceof DomainDescriptor domain
                    ? domain.checks().stream().map(check -> domainConstraint(t, domain, check))
                    : Stream.empty()));
  }

  private static @Nullable Object[] domainConstraint(
      SystemTable t, DomainDescriptor domain, CheckDescriptor check) {
    return t.row()
        .set("oid", check.oid())
        .set("conname", check.name())
        .set("connamespace", domain.schemaId())
        .set("contype", 'c')
        .set("convalidated", true)
        .set("contypid", domain.id())
        .set("confupdtype", ' ')
        .set("confdeltype", ' ')
        .set("confmatchtype", ' ')
        .set("conislocal", true)
        .set("conbin", check.sql())
        .done();
  }

  private static List<@Nullable Object[]> tableConstraints(
      SystemTable t, CatalogSnapshot snapshot, TableDescriptor table) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (IndexDescriptor index : table.indexes()) {
      if (index.constraintOid() != 0) {
        List<Integer> keys =
            index.columns().stream().map(IndexDescriptor.KeyColumn::columnNumber).toList();
        rows.add(
            constraint(
                    t, table, index.constraintOid(), index.name(), index.isPrimaryKey() ? 'p' : 'u')
                .set("condeferrable", index.timing().deferrable())
                .set("condeferred", index.timing() == Timing.INITIALLY_DEFERRED)
                .set("conindid", index.oid())
                .set("connoinherit", true)
                .set("conkey", Cells.numbers(PgOid.INT2, keys))
                .done());
      }
    }
    for (CheckDescriptor check : table.checks()) {
      rows.add(
          constraint(t, table, check.oid(), check.name(), 'c')
              .set("convalidated", check.valid())
              .set("conkey", checkedColumns(table, check))
              .set("conbin", check.sql())
              .done());
    }
    for (ForeignKeyDescriptor key : table.foreignKeys()) {
      Cells row = constraint(t, table, key.oid(), key.name(), 'f');
      rows.add(ForeignKeyTables.constraint(row, snapshot, table, key));
    }
    return rows;
  }

  private static Cells constraint(
      SystemTable t, TableDescriptor table, int oid, String name, char type) {
    return t.row()
        .set("oid", oid)
        .set("conname", name)
        .set("connamespace", table.schemaId())
        .set("contype", type)
        .set("convalidated", true)
        .set("conrelid", table.id())
        .set("confupdtype", ' ')
        .set("confdeltype", ' ')
        .set("confmatchtype", ' ')
        .set("conislocal", true);
  }

  /** The columns that a check names: words of its text, quoted or not. */
  static @Nullable ArrayValue checkedColumns(TableDescriptor table, CheckDescriptor check) {
    List<Integer> numbers = new ArrayList<>();
    List<String> words = CheckWords.of(check.sql());
    for (ColumnDescriptor column : table.visibleColumns()) {
      if (words.contains(column.name())) {
        numbers.add(column.number());
      }
    }
    return numbers.isEmpty() ? null : Cells.numbers(PgOid.INT2, numbers);
  }

  // ---- sequences ----

  static Stream<@Nullable Object[]> sequences(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.sequences().stream()
        .map(s ->
            t.row()
                .set("seqrelid", s.id())
                .set("seqtypid", s.type().oid())
                .set("seqstart", s.start())
                .set("seqincrement", s.increment())
                .set("seqmax", s.maximum())
                .set("seqmin", s.minimum())
                .set("seqcache", s.cache())
                .set("seqcycle", s.cycle())
                .done());
  }

  // ---- pg_depend ----

  static Stream<@Nullable Object[]> dependencies(SystemTable t, CatalogSnapshot snapshot) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SequenceDescriptor s : snapshot.sequences()) {
      if (s.ownedByTable() != 0
          && snapshot.relation(s.ownedByTable()) instanceof TableDescriptor table) {
        boolean identity =
            table.columns().stream()
                .anyMatch(c -> c.sequenceId() == s.id() && c.identity() != '\0');
        rows.add(
            dependency(t, SystemOids.PG_CLASS, s.id(), SystemOids.PG_CLASS, table.id())
                .set("refobjsubid", s.ownedByColumn())
                .set("deptype", identity ? 'i' : 'a')
                .done());
      }
    }
    for (TypeDescriptor type : snapshot.typeDescriptors()) {
      if (type instanceof DomainDescriptor domain
          && PgTypes.byOid(domain.base().oid()).isUserDefined()) {
        rows.add(
            dependency(t, SystemOids.PG_TYPE, domain.id(), SystemOids.PG_TYPE, domain.base().oid())
                .set("deptype", 'n')
                .done());
      }
    }
    for (TableDescriptor table : snapshot.tables()) {
      for (ColumnDescriptor c : table.visibleColumns()) {
        if (PgTypes.byOid(c.type().oid()).isUserDefined()) {
          rows.add(
              dependency(t, SystemOids.PG_CLASS, table.id(), SystemOids.PG_TYPE, c.type().oid())
                  .set("objsubid", c.number())
                  .set("deptype", 'n')
                  .done());
        }
        String stored = c.identity() == '\0' ? c.defaultSql() : null;
        List<Integer> used = stored == null ? List.of() : ObjectDefinitions.relationsIn(stored);
        for (int sequence : used) {
          rows.add(
              t.row()
                  .set("classid", SystemOids.PG_ATTRDEF)
                  .set("objid", defaultOid(table.id(), c))
                  .set("refclassid", SystemOids.PG_CLASS)
                  .set("refobjid", sequence)
                  .set("deptype", 'n')
                  .done());
        }
      }
      for (IndexDescriptor index : indexes(table)) {
        if (index.constraintOid() != 0) {
          rows.add(
              dependency(
                      t,
                      SystemOids.PG_CLASS,
                      index.oid(),
                      SystemOids.PG_CONSTRAINT,
                      index.constraintOid())
                  .set("deptype", 'i')
                  .done());
        }
      }
    }
    return Stream.of(
            rows.stream(),
            ViewTables.dependencies(t, snapshot),
            ForeignKeyTables.all(snapshot).flatMap(key -> ForeignKeyTables.dependencies(t, key)))
        .flatMap(all -> all);
  }

  static Cells dependency(
      SystemTable t, int classId, int objectId, int refClassId, int refObjectId) {
    return t.row()
        .set("classid", classId)
        .set("objid", objectId)
        .set("refclassid", refClassId)
        .set("refobjid", refObjectId);
  }
}
