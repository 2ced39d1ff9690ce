package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.IndexDescriptor.KeyExpression;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.CollateClause;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.IndexElem;
import io.shardforge.sql.parse.proto.IndexStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SortByDir;
import io.shardforge.sql.parse.proto.SortByNulls;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CREATE INDEX. The entries of existing rows are built in the same transaction if that has other
 * statements; else after it, beside those who write the table.
 */
final class CreateIndex {
  private static final Set<String> OTHER_METHODS = Set.of("hash", "gist", "spgist", "brin");

  private static final String INVERTED_METHOD = "gin";

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
    TableAssembly.requireIndexWidth(
        statement.getIndexParamsCount() + statement.getIndexIncludingParamsCount());
    Definitions definitions = new Definitions(scope);
    String predicate =
        statement.hasWhereClause()
            ? definitions.indexPredicate(
                definitions.unqualified(statement.getWhereClause(), draft.schemaId, draft.name),
                draft.columns)
            : null;
    boolean inverted = statement.getAccessMethod().equals(INVERTED_METHOD);
    List<KeyColumn> keys = new ArrayList<>();
    for (Node param : statement.getIndexParamsList()) {
      keys.add(key(param.getIndexElem(), inverted, draft, definitions));
    }
    List<Integer> included = new ArrayList<>();
    for (Node param : statement.getIndexIncludingParamsList()) {
      included.add(included(param.getIndexElem(), draft));
    }
    if (name.isEmpty()) {
      String columns = String.join("_", draft.indexColumnNames(keys, included));
      name = new TableAssembly(scope, draft, definitions).freeRelation(columns, "idx");
    }
    // Nobody but this session writes a temporary table.
    boolean online = scope.context().endsTransaction() && !scope.isTemporary(table.id());
    IndexDescriptor index =
        new IndexDescriptor(
            scope.catalog().newId(),
            draft.nextIndexNumber(),
            name,
            statement.getUnique(),
            false,
            statement.getNullsNotDistinct(),
            0,
            online ? IndexDescriptor.State.WRITE_ONLY : IndexDescriptor.State.PUBLIC,
            keys,
            included,
            predicate,
            null,
            StorageOptions.ofIndex(statement.getOptionsList(), inverted));
    draft.indexes.add(index);
    TableDescriptor changed = draft.build();
    scope.replace(table, changed);
    if (online) {
      scope
          .context()
          .workLater(
              TableJob.ofIndex(
                  scope.snapshot().databaseId(),
                  changed,
                  index,
                  statement.getConcurrent(),
                  scope.snapshot().rowCount(table.id())));
      return "CREATE INDEX";
    }
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

  private void refuseUnsupported(IndexStmt statement) {
    if (statement.getConcurrent() && scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.ACTIVE_SQL_TRANSACTION,
          "CREATE INDEX CONCURRENTLY cannot run inside a transaction block");
    }
    String method = statement.getAccessMethod();
    if (OTHER_METHODS.contains(method)) {
      throw DdlErrors.unsupported("access method \"" + method + "\"");
    }
    boolean inverted = method.equals(INVERTED_METHOD);
    if (!method.isEmpty() && !method.equals("btree") && !inverted) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
    }
    if (inverted && statement.getUnique()) {
      throw notOfInverted("unique indexes");
    }
    if (inverted && statement.getIndexIncludingParamsCount() > 0) {
      throw notOfInverted("included columns");
    }
    StorageOptions.requireDefaultTablespace(statement.getTableSpace());
  }

  private static ShardForgeException notOfInverted(String what) {
    return DdlErrors.of(
        ErrorCode.FEATURE_NOT_SUPPORTED, "access method \"gin\" does not support " + what);
  }

  private KeyColumn key(
      IndexElem element, boolean inverted, TableDraft draft, Definitions definitions) {
    Node collated = collated(element, draft);
    String columnName = collated == null ? columnName(element) : null;
    KeyColumn key;
    SqlType type;
    if (columnName == null) {
      KeyExpression expression =
          definitions.indexKey(
              definitions.unqualified(
                  collated == null ? element.getExpr() : collated, draft.schemaId, draft.name),
              draft.columns);
      type = expression.type();
      if (Collation.INDETERMINATE.equals(type.collation())) {
        throw Collation.indeterminate("index expression");
      }
      key = order(element, 0).computed(expression);
    } else {
      ColumnDescriptor column = column(columnName, draft);
      type = column.type();
      key = order(element, column.number());
    }
    if (inverted) {
      key = key.withInverted(InvertedColumns.classOf(element, type));
    } else {
      TableAssembly.requireIndexable(type);
      key = key.withOperatorClass(OrderedColumns.classOf(element, type));
    }
    return key;
  }

  /**
   * What an index is over that orders text otherwise than its column or expression is ordered; null
   * for others.
   */
  private @Nullable Node collated(IndexElem element, TableDraft draft) {
    if (element.getCollationCount() == 0) {
      return null;
    }
    CollateClause.Builder clause =
        CollateClause.newBuilder().addAllCollname(element.getCollationList()).setLocation(-1);
    String name = columnName(element);
    if (name == null) {
      return Node.newBuilder().setCollateClause(clause.setArg(element.getExpr())).build();
    }
    SqlType type = column(name, draft).type();
    SqlType wanted = CollationStatements.collated(type, clause.build(), scope.context());
    if (wanted.isOrderedLike(type)) {
      return null;
    }
    Node column =
        Node.newBuilder()
            .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(name))
            .build();
    return Node.newBuilder()
        .setCollateClause(
            clause.setArg(Node.newBuilder().setColumnRef(ColumnRef.newBuilder().addFields(column))))
        .build();
  }

  /** The number of a column whose values go beside the key. */
  private static int included(IndexElem element, TableDraft draft) {
    String name = columnName(element);
    if (name == null) {
      throw DdlErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED, "expressions are not supported in included columns");
    }
    ColumnDescriptor column = column(name, draft);
    String refused = null;
    if (element.getCollationCount() > 0) {
      refused = "a collation";
    } else if (element.getOpclassCount() > 0) {
      refused = "an operator class";
    } else if (element.getOrdering() != SortByDir.SORTBY_DEFAULT) {
      refused = "ASC/DESC options";
    } else if (element.getNullsOrdering() != SortByNulls.SORTBY_NULLS_DEFAULT) {
      refused = "NULLS FIRST/LAST options";
    }
    if (refused != null) {
      throw DdlErrors.of(
          ErrorCode.INVALID_OBJECT_DEFINITION, "including column does not support " + refused);
    }
    return column.number();
  }

  private static ColumnDescriptor column(String name, TableDraft draft) {
    ColumnDescriptor column = draft.column(name);
    if (column == null) {
      throw DdlErrors.of(ErrorCode.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
    }
    return column;
  }

  /** The column that a key column is, in parentheses or not; null for an expression. */
  private static @Nullable String columnName(IndexElem element) {
    if (!element.getName().isEmpty()) {
      return element.getName();
    }
    List<Node> fields = element.getExpr().getColumnRef().getFieldsList();
    return fields.size() == 1 && fields.getFirst().hasString()
        ? fields.getFirst().getString().getSval()
        : null;
  }

  private static KeyColumn order(IndexElem element, int columnNumber) {
    boolean descending = element.getOrdering() == SortByDir.SORTBY_DESC;
    boolean nullsFirst =
        element.getNullsOrdering() == SortByNulls.SORTBY_NULLS_FIRST
            || (descending && element.getNullsOrdering() != SortByNulls.SORTBY_NULLS_LAST);
    return new KeyColumn(columnNumber, descending, nullsFirst);
  }
}
