package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Action;
import io.shardforge.sql.catalog.ForeignKeyText;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.KeyConversion;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Adds and removes FOREIGN KEY constraints. Both tables get a new version, so that statements
 * planned without the constraint write neither from then on. For one statement.
 */
final class ForeignKeys {
  private final DdlScope scope;

  ForeignKeys(DdlScope scope) {
    this.scope = scope;
  }

  /** Adds a constraint to a table of this transaction's catalog, whose rows are not looked at. */
  Reference add(int tableId, ConstraintSpecs.ForeignKey spec) {
    TableDescriptor table = locked(tableId);
    Object found = scope.find(spec.referenced());
    TableDescriptor referenced =
        switch (found) {
          case TableDescriptor known when known.id() == tableId -> table;
          case TableDescriptor known -> scope.lockForUse(known);
          case null -> throw DdlErrors.undefinedTable(DdlScope.written(spec.referenced()));
          case VirtualTable system -> throw DdlScope.systemCatalog(system);
          default ->
              throw DdlErrors.of(
                  ErrorCode.WRONG_OBJECT_TYPE,
                  "referenced relation \"" + spec.referenced().getRelname() + "\" is not a table");
        };
    ForeignKeyDescriptor key = descriptor(table, referenced, spec);
    TableDraft draft = new TableDraft(table);
    draft.foreignKeys.add(key);
    TableDescriptor changed = draft.build();
    scope.replace(table, changed);
    if (referenced.id() != tableId) {
      scope.replace(referenced, referenced.withVersion(referenced.version() + 1));
    }
    return new Reference(changed, key);
  }

  private TableDescriptor locked(int tableId) {
    if (scope.catalog().lock(new ObjectKey(ObjectKey.Kind.TABLE, tableId, 0))
        instanceof TableDescriptor table) {
      return table;
    }
    throw DdlErrors.undefinedTable(Integer.toString(tableId));
  }

  private ForeignKeyDescriptor descriptor(
      TableDescriptor table, TableDescriptor referenced, ConstraintSpecs.ForeignKey spec) {
    List<ColumnDescriptor> columns = columns(table, spec.columns());
    List<Integer> setColumns = new ArrayList<>();
    for (ColumnDescriptor column : columns(table, spec.setColumns())) {
      if (!columns.contains(column)) {
        throw DdlErrors.of(
            ErrorCode.INVALID_COLUMN_REFERENCE,
            "column \""
                + column.name()
                + "\" referenced in ON DELETE SET action must be part of foreign key");
      }
      if (!setColumns.contains(column.number())) {
        setColumns.add(column.number());
      }
    }
    List<ColumnDescriptor> target =
        spec.referencedColumns().isEmpty()
            ? primaryKey(referenced)
            : columns(referenced, spec.referencedColumns());
    boolean temporary = scope.isTemporary(table.id());
    if (temporary != scope.isTemporary(referenced.id())) {
      String kind = temporary ? "temporary" : "permanent";
      throw DdlErrors.of(
          ErrorCode.INVALID_TABLE_DEFINITION,
          "constraints on " + kind + " tables may reference only " + kind + " tables");
    }
    IndexDescriptor index = index(referenced, target);
    AccessCheck access = scope.access();
    target.forEach(
        column -> access.requireColumn(referenced, column.number(), Privilege.REFERENCES));
    if (columns.size() != target.size()) {
      throw DdlErrors.of(
          ErrorCode.INVALID_FOREIGN_KEY,
          "number of referencing and referenced columns for foreign key disagree");
    }
    String name = name(table, spec);
    for (int i = 0; i < columns.size(); i++) {
      requireComparable(name, columns.get(i), target.get(i));
    }
    if (columns.stream().anyMatch(ColumnDescriptor::generated)) {
      requireNoChange(spec);
    }
    return new ForeignKeyDescriptor(
        scope.catalog().newId(),
        name,
        numbers(columns),
        referenced.id(),
        numbers(target),
        index.oid(),
        spec.full(),
        spec.onUpdate(),
        spec.onDelete(),
        setColumns,
        spec.timing(),
        spec.valid());
  }

  /** A generated column cannot be set by what happens to the row that it refers to. */
  private static void requireNoChange(ConstraintSpecs.ForeignKey spec) {
    boolean update =
        switch (spec.onUpdate()) {
          case CASCADE, SET_NULL, SET_DEFAULT -> true;
          case NO_ACTION, RESTRICT -> false;
        };
    boolean delete = spec.onDelete() == Action.SET_NULL || spec.onDelete() == Action.SET_DEFAULT;
    if (update || delete) {
      throw DdlErrors.of(
          ErrorCode.SYNTAX_ERROR,
          "invalid "
              + (update ? "ON UPDATE" : "ON DELETE")
              + " action for foreign key constraint containing generated column");
    }
  }

  private static List<Integer> numbers(List<ColumnDescriptor> columns) {
    return columns.stream().map(ColumnDescriptor::number).toList();
  }

  private static List<ColumnDescriptor> columns(TableDescriptor table, List<String> names) {
    List<ColumnDescriptor> columns = new ArrayList<>();
    for (String name : names) {
      ColumnDescriptor column = table.column(name);
      if (column == null || column.hidden()) {
        throw DdlErrors.of(
            ErrorCode.UNDEFINED_COLUMN,
            "column \"" + name + "\" referenced in foreign key constraint does not exist");
      }
      columns.add(column);
    }
    if (columns.size() > TableAssembly.INDEX_COLUMNS_MAX) {
      throw DdlErrors.of(
          ErrorCode.TOO_MANY_COLUMNS,
          "cannot have more than " + TableAssembly.INDEX_COLUMNS_MAX + " keys in a foreign key");
    }
    return columns;
  }

  private static List<ColumnDescriptor> primaryKey(TableDescriptor table) {
    if (table.indexes().stream().anyMatch(i -> i.isPrimaryKey() && i.deferrable() != null)) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "cannot use a deferrable primary key for referenced table \"" + table.name() + "\"");
    }
    IndexDescriptor index = table.primaryIndex();
    if (index.constraintOid() == 0) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT,
          "there is no primary key for referenced table \"" + table.name() + "\"");
    }
    List<ColumnDescriptor> columns = new ArrayList<>();
    for (KeyColumn key : index.columns()) {
      columns.add(table.columns().get(table.ordinalOfNumber(key.columnNumber())));
    }
    return columns;
  }

  /** The unique index over exactly these columns, in whatever order. */
  private static IndexDescriptor index(TableDescriptor table, List<ColumnDescriptor> columns) {
    HashSet<Integer> wanted = new HashSet<>(numbers(columns));
    if (wanted.size() < columns.size()) {
      throw DdlErrors.of(
          ErrorCode.INVALID_FOREIGN_KEY,
          "foreign key referenced-columns list must not contain duplicates");
    }
    boolean deferrable = false;
    for (IndexDescriptor index : table.indexes()) {
      List<Integer> has = index.columns().stream().map(KeyColumn::columnNumber).toList();
      if (index.isUniqueKey()
          && index.isPlain()
          && index.state() == IndexDescriptor.State.PUBLIC
          && has.size() == wanted.size()
          && wanted.containsAll(has)) {
        if (index.deferrable() == null) {
          return index;
        }
        deferrable = true;
      }
    }
    if (deferrable) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "cannot use a deferrable unique constraint for referenced table \""
              + table.name()
              + "\"");
    }
    throw DdlErrors.of(
        ErrorCode.INVALID_FOREIGN_KEY,
        "there is no unique constraint matching given keys for referenced table \""
            + table.name()
            + "\"");
  }

  private static String name(TableDescriptor table, ConstraintSpecs.ForeignKey spec) {
    Set<String> taken = new TableDraft(table).constraintNames();
    if (spec.name().isEmpty()) {
      return RelationNames.freeConstraint(
          taken, table.name(), String.join("_", spec.columns()), "fkey");
    }
    if (taken.contains(spec.name())) {
      throw DdlErrors.duplicateConstraint(spec.name(), table.name());
    }
    return spec.name();
  }

  /** Judges a constraint of which a column has been given another type. */
  void requireComparable(Reference reference) {
    TableDescriptor table = reference.table();
    TableDescriptor referenced = ForeignKeyText.referenced(scope.snapshot(), reference);
    for (int i = 0; i < reference.key().columns().size(); i++) {
      requireComparable(
          reference.key().name(),
          column(table, reference.key().columns().get(i)),
          column(referenced, reference.key().referencedColumns().get(i)));
    }
  }

  private static ColumnDescriptor column(TableDescriptor table, int number) {
    return table.columns().get(table.ordinalOfNumber(number));
  }

  /** Keys are compared as they are stored: both alike, or what refers converted. */
  private static void requireComparable(
      String name, ColumnDescriptor column, ColumnDescriptor target) {
    SqlType from = column.type();
    SqlType to = target.type();
    if (from.withCollation(null).isStoredLike(to.withCollation(null))) {
      if (!from.isOrderedLike(to) && (isNondeterministic(from) || isNondeterministic(to))) {
        throw DdlErrors.of(
                ErrorCode.COLLATION_MISMATCH,
                "foreign key constraint \"" + name + "\" cannot be implemented")
            .withDetail(
                "Key columns \""
                    + column.name()
                    + "\" and \""
                    + target.name()
                    + "\" have incompatible collations. If either collation is nondeterministic,"
                    + " then both collations have to be the same.");
      }
      return;
    }
    if (KeyConversion.exists(from, to)) {
      return;
    }
    throw DdlErrors.of(
            ErrorCode.DATATYPE_MISMATCH,
            "foreign key constraint \"" + name + "\" cannot be implemented")
        .withDetail(
            "Key columns \""
                + column.name()
                + "\" and \""
                + target.name()
                + "\" are of incompatible types: "
                + PgTypes.byOid(from.oid()).displayName()
                + " and "
                + PgTypes.byOid(to.oid()).displayName()
                + ".");
  }

  private static boolean isNondeterministic(SqlType type) {
    Collation collation = type.collation();
    return collation != null && !collation.deterministic();
  }

  // ---- existing rows ----

  /** Fails with 23503 if a row refers to a key that is not there. */
  void validate(Reference reference) {
    scope.seeNewest(reference.table());
    // What this statement wrote counts, too.
    scope.txn().beginStatement(scope.context().deadline(), scope.context().lockTimeout());
    ForeignKeyText text = new ForeignKeyText(scope.snapshot(), reference);
    if (reference.key().full() && reference.key().columns().size() > 1) {
      firstRow(text.mixture(), _ -> text.mixedNulls());
    }
    firstRow(text.orphan(), text::notPresent);
  }

  /** What is wrong with a row whose values are shown. */
  @FunctionalInterface
  private interface Violation {
    ShardForgeException of(List<String> values);
  }

  private void firstRow(String sql, Violation violation) {
    try (QuerySource.Rows rows = scope.context().ownQuery(sql)) {
      RowBatch batch = rows.next();
      if (batch == null || batch.size() == 0) {
        return;
      }
      List<String> values = new ArrayList<>();
      for (int i = 0; i < batch.width(); i++) {
        values.add(
            PgTypes.byOid(rows.types().get(i).oid())
                .format(
                    Objects.requireNonNull(batch.get(0, i)),
                    scope.context().evaluation().typeContext()));
      }
      throw violation.of(values);
    }
  }

  // ---- what depends on tables, columns and indexes ----

  /**
   * Refuses to drop what foreign keys depend on, unless they are to go, too.
   *
   * @param object what they depend on, in words
   * @param dropped what the statement drops, in words
   */
  void refuse(List<Reference> dependents, DropBehavior behavior, String object, String dropped) {
    if (!dependents.isEmpty() && behavior != DropBehavior.DROP_CASCADE) {
      StringJoiner detail = new StringJoiner("\n");
      for (Reference dependent : dependents) {
        detail.add(words(dependent) + " depends on " + object);
      }
      throw DropObjects.dependents(dropped, detail.toString());
    }
    scope.noteCascade(dependents.stream().map(ForeignKeys::words).toList());
  }

  /** Removes a foreign key of another table. */
  void remove(Reference dependent) {
    TableDescriptor table = scope.lockForUse(dependent.table());
    TableDraft draft = new TableDraft(table);
    draft.foreignKeys.removeIf(key -> key.oid() == dependent.key().oid());
    scope.replace(table, draft.build());
  }

  static String words(Reference reference) {
    return "constraint " + reference.key().name() + " on table " + reference.table().name();
  }
}
