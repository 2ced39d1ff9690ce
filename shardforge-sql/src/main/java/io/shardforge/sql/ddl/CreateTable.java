package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.CommentDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.CreateStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.OnCommitAction;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.TableLikeClause;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** CREATE TABLE. */
final class CreateTable {
  /** Bits of TableLikeClause.options. */
  private static final int LIKE_COMMENTS = 1;

  private static final int LIKE_CONSTRAINTS = 1 << 2;
  private static final int LIKE_DEFAULTS = 1 << 3;
  private static final int LIKE_IDENTITY = 1 << 5;
  private static final int LIKE_GENERATED = 1 << 4;
  private static final int LIKE_INDEXES = 1 << 6;
  private static final int LIKE_STATISTICS = 1 << 7;

  private final DdlScope scope;
  private final List<CommentDescriptor> comments = new ArrayList<>();

  private final List<Surveyed> surveyed = new ArrayList<>();

  /** A source whose statistics are copied, maybe with comments on them. */
  private record Surveyed(TableDescriptor table, boolean commented) {}

  CreateTable(DdlScope scope) {
    this.scope = scope;
  }

  String run(CreateStmt statement) {
    refuseUnsupported(statement);
    RangeVar name = statement.getRelation();
    requireTemporary(scope, name, statement.getOncommit());
    SchemaDescriptor schema = scope.creationSchema(name);
    if (exists(scope, schema, name, statement.getIfNotExists())) {
      return "CREATE TABLE";
    }
    TableDraft draft =
        new TableDraft(
            scope.catalog().newId(), schema.id(), name.getRelname(), scope.context().currentRole());
    draft.options = StorageOptions.read(statement.getOptionsList(), scope.context()::nodes);
    TableAssembly assembly =
        new TableAssembly(scope, draft, new Definitions(scope, scope.context().source()));
    ConstraintSpecs constraints = new ConstraintSpecs(true);
    for (Node element : statement.getTableEltsList()) {
      switch (element.getNodeCase()) {
        case COLUMN_DEF ->
            assembly.addColumn(
                ColumnSpec.read(element.getColumnDef(), scope.context(), draft.name, constraints));
        case CONSTRAINT -> constraints.add(element.getConstraint(), null, scope.context());
        case TABLE_LIKE_CLAUSE -> like(element.getTableLikeClause(), draft, assembly);
        default -> throw DdlErrors.unsupported("CREATE TABLE element");
      }
    }
    for (Node constraint : statement.getConstraintsList()) {
      constraints.add(constraint.getConstraint(), null, scope.context());
    }
    assembly.finishExpressions();
    assembly.addConstraints(constraints);
    TableDescriptor table = create(scope, draft, assembly);
    noteOnCommit(scope, statement.getOncommit(), table.id());
    ForeignKeys foreignKeys = new ForeignKeys(scope);
    for (ConstraintSpecs.ForeignKey key : constraints.foreignKeys) {
      var _ = foreignKeys.add(table.id(), key);
    }
    for (Surveyed source : surveyed) {
      Map<Integer, Integer> copied = new StatisticsStatements(scope).copy(source.table, table);
      if (source.commented) {
        likeComments(copied);
      }
    }
    for (CommentDescriptor comment : comments) {
      scope.catalog().create(comment);
    }
    return "CREATE TABLE";
  }

  /** Writes the new table and its sequences. */
  static TableDescriptor create(DdlScope scope, TableDraft draft, TableAssembly assembly) {
    if (!draft.hasRowKey()) {
      draft.addRowId(scope.catalog().newId());
    }
    TableDescriptor table = draft.build();
    scope.catalog().create(table);
    for (SequenceDescriptor sequence : assembly.sequences()) {
      scope.catalog().create(sequence);
    }
    return table;
  }

  /** Whether a relation of the name exists: a notice if that is allowed, else 42P07. */
  static boolean exists(
      DdlScope scope, SchemaDescriptor schema, RangeVar name, boolean ifNotExists) {
    String relname = name.getRelname();
    if (scope.snapshot().relation(schema.id(), relname) == null
        && scope.snapshot().index(schema.id(), relname) == null) {
      TypeStatements.requireFree(schema, relname);
      return false;
    }
    if (!ifNotExists) {
      throw DdlErrors.of(ErrorCode.DUPLICATE_TABLE, "relation \"" + relname + "\" already exists");
    }
    scope
        .context()
        .notice(ErrorCode.DUPLICATE_TABLE, "relation \"" + relname + "\" already exists, skipping");
    return true;
  }

  /** Notes what becomes of a new table when a transaction commits. */
  static void noteOnCommit(DdlScope scope, OnCommitAction written, int tableId) {
    OnCommit action =
        switch (written) {
          case ONCOMMIT_DELETE_ROWS -> OnCommit.DELETE_ROWS;
          case ONCOMMIT_DROP -> OnCommit.DROP;
          default -> null;
        };
    if (action != null) {
      scope.context().onCommit(tableId, action);
    }
  }

  static void requireTemporary(DdlScope scope, RangeVar name, OnCommitAction written) {
    boolean asks =
        switch (written) {
          case ON_COMMIT_ACTION_UNDEFINED, ONCOMMIT_NOOP, UNRECOGNIZED -> false;
          case ONCOMMIT_PRESERVE_ROWS, ONCOMMIT_DELETE_ROWS, ONCOMMIT_DROP -> true;
        };
    if (asks && !scope.isTemporary(name)) {
      throw DdlErrors.of(
          ErrorCode.INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
    }
  }

  private static void refuseUnsupported(CreateStmt statement) {
    if (statement.hasPartspec()) {
      throw DdlErrors.unsupported("PARTITION BY");
    }
    if (statement.hasPartbound()) {
      throw DdlErrors.unsupported("PARTITION OF");
    }
    if (statement.getInhRelationsCount() > 0) {
      throw DdlErrors.unsupported("INHERITS");
    }
    if (statement.hasOfTypename()) {
      throw DdlErrors.unsupported("CREATE TABLE OF");
    }
    var _ = StorageOptions.read(statement.getOptionsList(), () -> 1);
    StorageOptions.requireDefaultTablespace(statement.getTablespacename());
    StorageOptions.requireHeap(statement.getAccessMethod());
  }

  private void like(TableLikeClause clause, TableDraft draft, TableAssembly assembly) {
    List<ColumnDescriptor> columns;
    TableDescriptor source = null;
    switch (scope.find(clause.getRelation())) {
      case TableDescriptor table -> {
        source = table;
        columns = table.visibleColumns();
      }
      case ViewDescriptor view -> columns = view.columns();
      case VirtualTable system -> columns = system.columns();
      case null ->
          throw DdlScope.undefined(clause.getRelation())
              .withPosition(scope.positionOf(clause.getRelation()));
      default ->
          throw DdlErrors.of(
                  ErrorCode.WRONG_OBJECT_TYPE,
                  "relation \""
                      + clause.getRelation().getRelname()
                      + "\" is invalid in LIKE clause")
              .withDetail("This operation is not supported for sequences.")
              .withPosition(scope.positionOf(clause.getRelation()));
    }
    int options = clause.getOptions();
    for (ColumnDescriptor column : columns) {
      likeColumn(column, draft, assembly, options);
    }
    if (source == null) {
      return;
    }
    Map<Integer, Integer> copied = new HashMap<>();
    if ((options & LIKE_CONSTRAINTS) != 0) {
      for (CheckDescriptor check : source.checks()) {
        int oid = scope.catalog().newId();
        draft.checks.add(new CheckDescriptor(oid, check.name(), check.sql(), true));
        copied.put(check.oid(), oid);
      }
    }
    if ((options & LIKE_INDEXES) != 0) {
      for (IndexDescriptor index : source.indexes()) {
        if (!index.name().isEmpty()) {
          copied.put(index.oid(), likeIndex(source, index, draft, assembly).oid());
        }
      }
    }
    boolean commented = (options & LIKE_COMMENTS) != 0;
    if (commented) {
      likeComments(copied);
      for (CommentDescriptor comment : scope.snapshot().comments()) {
        if (comment.id() == source.id() && comment.columnNumber() > 0) {
          comments.add(comment.on(draft.id(), like(source, comment.columnNumber(), draft)));
        }
      }
    }
    if ((options & LIKE_STATISTICS) != 0) {
      surveyed.add(new Surveyed(source, commented));
    }
  }

  /** Comments on what was copied, by OIDs. */
  private void likeComments(Map<Integer, Integer> copied) {
    for (CommentDescriptor comment : scope.snapshot().comments()) {
      Integer oid = copied.get(comment.id());
      if (oid != null) {
        comments.add(comment.on(oid, 0));
      }
    }
  }

  private void likeColumn(
      ColumnDescriptor column, TableDraft draft, TableAssembly assembly, int options) {
    ColumnSpec.requireUsableName(column.name());
    if (draft.column(column.name()) != null) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_COLUMN, "column \"" + column.name() + "\" specified more than once");
    }
    int number = draft.nextColumnNumber();
    boolean isIdentity = column.identity() != '\0';
    boolean generated = column.generated() && (options & LIKE_GENERATED) != 0;
    String defaultSql = null;
    int sequenceId = 0;
    char identity = '\0';
    if (isIdentity && (options & LIKE_IDENTITY) != 0) {
      sequenceId = assembly.addSequence(column.name(), column.type(), number, List.of());
      defaultSql = TableAssembly.nextvalText(sequenceId);
      identity = column.identity();
    } else if (generated
        || (!isIdentity && !column.generated() && (options & LIKE_DEFAULTS) != 0)) {
      defaultSql = column.defaultSql();
    }
    draft.columns.add(
        new ColumnDescriptor(
            number,
            column.name(),
            column.type(),
            column.notNull(),
            defaultSql,
            identity,
            sequenceId,
            false,
            generated));
  }

  private IndexDescriptor likeIndex(
      TableDescriptor source, IndexDescriptor index, TableDraft draft, TableAssembly assembly) {
    if (index.constraintOid() != 0) {
      return assembly.addKey(
          new ConstraintSpecs.Key(
              "",
              index.isPrimaryKey(),
              index.nullsNotDistinct(),
              names(source, index.columns().stream().map(KeyColumn::columnNumber).toList()),
              names(source, index.included()),
              index.timing(),
              index.parameters(),
              0));
    }
    List<KeyColumn> keys = new ArrayList<>();
    for (KeyColumn old : index.columns()) {
      keys.add(
          old.expression() != null ? old : old.withNumber(like(source, old.columnNumber(), draft)));
    }
    IndexDescriptor made =
        new IndexDescriptor(
            scope.catalog().newId(),
            draft.nextIndexNumber(),
            assembly.takeRelation(String.join("_", source.indexColumnNames(index)), "idx"),
            index.unique(),
            false,
            index.nullsNotDistinct(),
            0,
            IndexDescriptor.State.PUBLIC,
            keys,
            index.included().stream().map(number -> like(source, number, draft)).toList(),
            index.predicate(),
            null,
            index.parameters());
    draft.indexes.add(made);
    return made;
  }

  private static List<String> names(TableDescriptor source, List<Integer> numbers) {
    return numbers.stream()
        .map(number -> source.columns().get(source.ordinalOfNumber(number)).name())
        .toList();
  }

  /** The number that the column of a source got. */
  private static int like(TableDescriptor source, int number, TableDraft draft) {
    String name = source.columns().get(source.ordinalOfNumber(number)).name();
    return draft.requireColumn(name).number();
  }
}
