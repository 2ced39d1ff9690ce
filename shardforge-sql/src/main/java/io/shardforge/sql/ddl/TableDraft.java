package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A table descriptor under construction or change. For one statement. */
final class TableDraft {
  static final String ROW_ID_NAME = "shardforge_row_id";

  private final int id;
  private final long version;
  int dataId;
  int schemaId;
  String name;
  int ownerId;
  final List<ColumnDescriptor> columns;
  final List<IndexDescriptor> indexes;
  final List<CheckDescriptor> checks;
  final List<ForeignKeyDescriptor> foreignKeys;
  private int lastColumnNumber;
  private int lastIndexNumber;
  TableOptions options = TableOptions.NONE;

  /** A table that is not there yet. */
  TableDraft(int id, int schemaId, String name, int ownerId) {
    this.id = id;
    this.version = 1;
    this.dataId = id;
    this.schemaId = schemaId;
    this.name = name;
    this.ownerId = ownerId;
    this.columns = new ArrayList<>();
    this.indexes = new ArrayList<>();
    this.checks = new ArrayList<>();
    this.foreignKeys = new ArrayList<>();
    this.lastIndexNumber = 1;
  }

  /** The next version of a table. */
  TableDraft(TableDescriptor table) {
    id = table.id();
    version = table.version() + 1;
    dataId = table.dataId();
    schemaId = table.schemaId();
    name = table.name();
    ownerId = table.ownerId();
    columns = new ArrayList<>(table.columns());
    indexes = new ArrayList<>(table.indexes());
    checks = new ArrayList<>(table.checks());
    foreignKeys = new ArrayList<>(table.foreignKeys());
    lastColumnNumber = table.lastColumnNumber();
    lastIndexNumber = table.lastIndexNumber();
    options = table.options();
  }

  TableDescriptor build() {
    return new TableDescriptor(
        id,
        version,
        dataId,
        schemaId,
        name,
        ownerId,
        columns,
        indexes,
        checks.stream().sorted(Comparator.comparing(CheckDescriptor::name)).toList(),
        foreignKeys,
        lastColumnNumber,
        lastIndexNumber,
        options);
  }

  int id() {
    return id;
  }

  int nextColumnNumber() {
    return ++lastColumnNumber;
  }

  int nextIndexNumber() {
    return ++lastIndexNumber;
  }

  @Nullable ColumnDescriptor column(String columnName) {
    for (ColumnDescriptor column : columns) {
      if (!column.hidden() && column.name().equals(columnName)) {
        return column;
      }
    }
    return null;
  }

  /** The column, or PostgreSQL's error. */
  ColumnDescriptor requireColumn(String columnName) {
    ColumnDescriptor column = column(columnName);
    if (column == null) {
      throw DdlErrors.undefinedColumn(columnName, name);
    }
    return column;
  }

  void changeColumn(int number, UnaryOperator<ColumnDescriptor> change) {
    columns.replaceAll(column -> column.number() == number ? change.apply(column) : column);
  }

  String columnName(int number) {
    for (ColumnDescriptor column : columns) {
      if (column.number() == number) {
        return column.name();
      }
    }
    return "?";
  }

  /** What the columns of an index are called: as PostgreSQL does, each in its own way. */
  List<String> indexColumnNames(List<KeyColumn> keys, List<Integer> included) {
    return TableDescriptor.indexColumnNames(keys, included, this::columnName);
  }

  /** Whether it is known where rows are: by a key of the table's own, or by row ids. */
  boolean hasRowKey() {
    return !indexes.isEmpty() && indexes.getFirst().primary();
  }

  boolean hasPrimaryKey() {
    return indexes.stream().anyMatch(IndexDescriptor::isPrimaryKey);
  }

  /** Gives the table a hidden row id as its key; its index has no name and is not listed. */
  void addRowId(int indexOid) {
    columns.add(
        new ColumnDescriptor(
            ColumnDescriptor.ROW_ID_NUMBER,
            ROW_ID_NAME,
            SqlType.of(PgOid.UUID),
            true,
            null,
            '\0',
            0,
            true));
    indexes.addFirst(
        new IndexDescriptor(
            indexOid,
            1,
            "",
            true,
            true,
            false,
            0,
            IndexDescriptor.State.PUBLIC,
            List.of(new KeyColumn(ColumnDescriptor.ROW_ID_NUMBER, false, false))));
  }

  void removeRowId() {
    columns.removeIf(ColumnDescriptor::hidden);
    indexes.removeFirst();
  }

  Set<String> constraintNames() {
    Set<String> names = new HashSet<>();
    checks.forEach(check -> names.add(check.name()));
    foreignKeys.forEach(key -> names.add(key.name()));
    for (IndexDescriptor index : indexes) {
      if (index.constraintOid() != 0) {
        names.add(index.name());
      }
    }
    return names;
  }

  /** A key has the name of its index, which is a relation. */
  void requireFreeConstraint(String name) {
    for (IndexDescriptor index : indexes) {
      if (index.name().equals(name)) {
        throw DdlErrors.of(ErrorCode.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
      }
    }
    if (constraintNames().contains(name)) {
      throw DdlErrors.duplicateConstraint(name, this.name);
    }
  }

  // ---- copies of a column with one thing changed ----

  static ColumnDescriptor withName(ColumnDescriptor c, String name) {
    return new ColumnDescriptor(
        c.number(),
        name,
        c.type(),
        c.notNull(),
        c.defaultSql(),
        c.identity(),
        c.sequenceId(),
        c.hidden(),
        c.generated(),
        c.missing(),
        c.refusesNull());
  }

  static ColumnDescriptor withType(ColumnDescriptor c, SqlType type) {
    return new ColumnDescriptor(
        c.number(),
        c.name(),
        type,
        c.notNull(),
        c.defaultSql(),
        c.identity(),
        c.sequenceId(),
        c.hidden(),
        c.generated(),
        c.missing(),
        c.refusesNull());
  }

  static ColumnDescriptor withDefault(ColumnDescriptor c, @Nullable String sql) {
    return new ColumnDescriptor(
        c.number(),
        c.name(),
        c.type(),
        c.notNull(),
        sql,
        c.identity(),
        c.sequenceId(),
        c.hidden(),
        c.generated(),
        c.missing(),
        c.refusesNull());
  }

  static ColumnDescriptor withSequence(
      ColumnDescriptor c, char identity, int sequenceId, @Nullable String sql) {
    return new ColumnDescriptor(
        c.number(),
        c.name(),
        c.type(),
        c.notNull(),
        sql,
        identity,
        sequenceId,
        c.hidden(),
        false,
        c.missing(),
        c.refusesNull());
  }

  /** A column of an expression over the others; null for one whose values are given from now on. */
  static ColumnDescriptor withExpression(ColumnDescriptor c, @Nullable String sql) {
    return new ColumnDescriptor(
        c.number(),
        c.name(),
        c.type(),
        c.notNull(),
        sql,
        '\0',
        0,
        false,
        sql != null,
        c.missing(),
        c.refusesNull());
  }
}
