package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.IndexElem;
import io.shardforge.sql.parse.proto.IndexStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SortByDir;
import io.shardforge.sql.parse.proto.SortByNulls;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** CREATE INDEX, with the entries of existing rows built in the same transaction. */
final class CreateIndex {
  private static final Set<String> OTHER_METHODS = Set.of("hash", "gin", "gist", "spgist", "brin");

  /** These order text by its bytes, as ShardForge always does. */
  private static final Set<String> PATTERN_CLASSES =
      Set.of("text_pattern_ops", "varchar_pattern_ops", "bpchar_pattern_ops");

  private final DdlScope scope;

  CreateIndex(DdlScope scope) {
    this.scope = scope;
  }

  String run(IndexStmt statement) {
    refuseUnsupported(statement);
    if (scope.find(statement.getRelation()) instanceof ViewDescriptor view) {
      throw DdlErrors.of(
              ErrorCode.WRONG_OBJECT_TYPE,
              "cannot create index on relation \"" + view.name() + "\"")
          .withDetail("This operation is not supported for views.");
    }
    TableDescriptor table = scope.lockTable(statement.getRelation());
    String name = statement.getIdxname();
    if (!name.isEmpty() && exists(table, name, statement.getIfNotExists())) {
      return "CREATE INDEX";
    }
    TableDraft draft = new TableDraft(table);
    List<KeyColumn> keys = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (Node param : statement.getIndexParamsList()) {
      IndexElem element = param.getIndexElem();
      ColumnDescriptor column = column(element, draft);
      keys.add(key(element, column));
      columns.add(column.name());
    }
    TableAssembly.requireIndexWidth(keys.size());
    if (name.isEmpty()) {
      name = new TableAssembly(scope, draft).freeRelation(String.join("_", columns), "idx");
    }
    IndexDescriptor index =
        new IndexDescriptor(
            scope.catalog().newId(),
            draft.nextIndexNumber(),
            name,
            statement.getUnique(),
            false,
            statement.getNullsNotDistinct(),
            0,
            IndexDescriptor.State.PUBLIC,
            keys);
    draft.indexes.add(index);
    TableDescriptor changed = draft.build();
    scope.replace(table, changed);
    scope.seeNewest(table);
    backfill(scope, table, changed, List.of(index));
    return "CREATE INDEX";
  }

  /** Writes the entries of new indexes for all rows. */
  static void backfill(
      DdlScope scope, TableDescriptor old, TableDescriptor changed, List<IndexDescriptor> indexes) {
    TableFill fill = TableFill.ofIndexes(scope, changed, indexes);
    new TableScan(scope, old.withVersion(changed.version())).forEach(fill::add);
    fill.finish();
  }

  private boolean exists(TableDescriptor table, String name, boolean ifNotExists) {
    if (scope.snapshot().relation(table.schemaId(), name) == null
        && scope.snapshot().index(table.schemaId(), name) == null) {
      return false;
    }
    if (!ifNotExists) {
      throw DdlErrors.of(ErrorCode.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
    }
    scope
        .context()
        .notice(ErrorCode.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping");
    return true;
  }

  private static void refuseUnsupported(IndexStmt statement) {
    String method = statement.getAccessMethod();
    if (OTHER_METHODS.contains(method)) {
      throw DdlErrors.unsupported("access method \"" + method + "\"");
    }
    if (!method.isEmpty() && !method.equals("btree")) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
    }
    if (statement.getIndexIncludingParamsCount() > 0) {
      throw DdlErrors.unsupported("INCLUDE in an index");
    }
    if (statement.hasWhereClause()) {
      throw DdlErrors.unsupported("partial index");
    }
    StorageOptions.check(statement.getOptionsList());
    StorageOptions.requireDefaultTablespace(statement.getTableSpace());
  }

  private ColumnDescriptor column(IndexElem element, TableDraft draft) {
    if (element.getName().isEmpty()) {
      throw DdlErrors.unsupported("index on an expression");
    }
    ColumnDescriptor column = draft.column(element.getName());
    if (column == null) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_COLUMN, "column \"" + element.getName() + "\" does not exist");
    }
    TableAssembly.requireIndexable(column);
    for (Node name : element.getOpclassList()) {
      requireOperatorClass(name.getString().getSval(), column);
    }
    if (element.getCollationCount() > 0) {
      ColumnSpec.requireCollation(
          io.shardforge.sql.parse.proto.CollateClause.newBuilder()
              .addAllCollname(element.getCollationList())
              .build(),
          column.type(),
          scope.context());
    }
    return column;
  }

  private static void requireOperatorClass(String name, ColumnDescriptor column) {
    String own = PgTypes.byOid(column.type().oid()).name() + "_ops";
    if (!name.equals("pg_catalog") && !name.equals(own) && !PATTERN_CLASSES.contains(name)) {
      throw DdlErrors.unsupported("operator class \"" + name + "\"");
    }
  }

  private static KeyColumn key(IndexElem element, ColumnDescriptor column) {
    boolean descending = element.getOrdering() == SortByDir.SORTBY_DESC;
    boolean nullsFirst =
        element.getNullsOrdering() == SortByNulls.SORTBY_NULLS_FIRST
            || (descending && element.getNullsOrdering() != SortByNulls.SORTBY_NULLS_LAST);
    return new KeyColumn(column.number(), descending, nullsFirst);
  }
}
