package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.parse.proto.CreateTableAsStmt;
import io.shardforge.sql.parse.proto.IntoClause;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.row.RowIds;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CREATE TABLE AS and SELECT INTO. */
final class CreateTableAs {
  private final DdlScope scope;

  CreateTableAs(DdlScope scope) {
    this.scope = scope;
  }

  String run(CreateTableAsStmt statement) {
    if (statement.getObjtype() == ObjectType.OBJECT_MATVIEW) {
      throw DdlErrors.unsupported("CREATE MATERIALIZED VIEW");
    }
    return run(statement.getInto(), statement.getQuery(), statement.getIfNotExists());
  }

  /** SELECT ... INTO: the same with the clause taken out of the query. */
  String run(SelectStmt statement) {
    Node query = Node.newBuilder().setSelectStmt(statement.toBuilder().clearIntoClause()).build();
    return run(statement.getIntoClause(), query, false);
  }

  private String run(IntoClause into, Node query, boolean ifNotExists) {
    CreateTable.requireTemporary(scope, into.getRel(), into.getOnCommit());
    TableOptions options = StorageOptions.read(into.getOptionsList(), scope.context()::nodes);
    StorageOptions.requireDefaultTablespace(into.getTableSpaceName());
    StorageOptions.requireHeap(into.getAccessMethod());
    SchemaDescriptor schema = scope.creationSchema(into.getRel());
    if (CreateTable.exists(scope, schema, into.getRel(), ifNotExists)) {
      return "CREATE TABLE AS";
    }
    try (QuerySource.Rows rows = scope.context().queries().open(query)) {
      TableDescriptor table = create(into, schema, options, rows);
      CreateTable.noteOnCommit(scope, into.getOnCommit(), table.id());
      if (into.getSkipData()) {
        return "CREATE TABLE AS";
      }
      return "SELECT " + fill(table, rows);
    }
  }

  private TableDescriptor create(
      IntoClause into, SchemaDescriptor schema, TableOptions options, QuerySource.Rows rows) {
    List<Node> names = into.getColNamesList();
    if (names.size() > rows.names().size()) {
      throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "too many column names were specified");
    }
    TableDraft draft =
        new TableDraft(
            scope.catalog().newId(),
            schema.id(),
            into.getRel().getRelname(),
            scope.context().currentRole());
    draft.options = options;
    for (int i = 0; i < rows.names().size(); i++) {
      String name = i < names.size() ? names.get(i).getString().getSval() : rows.names().get(i);
      ColumnSpec.requireUsableName(name);
      if (draft.column(name) != null) {
        throw DdlErrors.of(
            ErrorCode.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
      }
      SqlType type = rows.types().get(i);
      if (type.oid() == PgOid.UNKNOWN) {
        type = SqlType.of(PgOid.TEXT);
      }
      ColumnTypes.requireStorable(name, type);
      CollationStatements.requireDerived(name, type);
      TypeUses.use(scope.context(), type.oid());
      draft.columns.add(
          new ColumnDescriptor(draft.nextColumnNumber(), name, type, false, null, '\0', 0, false));
    }
    return CreateTable.create(
        scope, draft, new TableAssembly(scope, draft, new Definitions(scope)));
  }

  private long fill(TableDescriptor table, QuerySource.Rows rows) {
    TableFill fill = new TableFill(scope, table);
    int width = table.columns().size() - 1;
    @Nullable Object[] row = new Object[width + 1];
    long count = 0;
    for (RowBatch batch = rows.next(); batch != null; batch = rows.next()) {
      scope.context().checkCanceled();
      for (int i = 0; i < batch.size(); i++) {
        for (int column = 0; column < width; column++) {
          row[column] = batch.get(i, column);
        }
        row[width] = RowIds.next(scope.txn().startTimestamp());
        fill.add(row);
        count++;
      }
    }
    fill.finish();
    return count;
  }
}
