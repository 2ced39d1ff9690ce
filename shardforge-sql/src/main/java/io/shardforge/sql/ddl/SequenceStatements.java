package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SequenceValue;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.AlterSeqStmt;
import io.shardforge.sql.parse.proto.CreateSeqStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;

/** CREATE SEQUENCE and ALTER SEQUENCE. */
final class SequenceStatements {
  private final DdlScope scope;

  SequenceStatements(DdlScope scope) {
    this.scope = scope;
  }

  String create(CreateSeqStmt statement) {
    RangeVar name = statement.getSequence();
    SchemaDescriptor schema = scope.creationSchema(name);
    if (CreateTable.exists(scope, schema, name, statement.getIfNotExists())) {
      return "CREATE SEQUENCE";
    }
    SequenceOptions options = SequenceOptions.parse(statement.getOptionsList(), scope.context());
    if (options.isRestart()) {
      throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "RESTART is not allowed in CREATE SEQUENCE");
    }
    SequenceDescriptor sequence =
        options.create(
            scope.catalog().newId(),
            schema.id(),
            name.getRelname(),
            scope.context().currentRole(),
            SqlType.of(PgOid.INT8));
    scope.catalog().create(withOwner(sequence, options.ownedBy()));
    return "CREATE SEQUENCE";
  }

  String alter(AlterSeqStmt statement) {
    RangeVar name = statement.getSequence();
    switch (scope.find(name)) {
      case SequenceDescriptor sequence -> {
        scope.requireOwner(sequence.ownerId(), "sequence", sequence.name());
        alterById(sequence.id(), statement.getOptionsList());
      }
      case null -> {
        if (!statement.getMissingOk()) {
          throw DdlScope.undefined(name);
        }
        scope
            .context()
            .notice(
                ErrorCode.SUCCESSFUL_COMPLETION,
                "relation \"" + name.getRelname() + "\" does not exist, skipping");
      }
      default -> throw DdlErrors.wrongKind(name.getRelname(), "a sequence");
    }
    return "ALTER SEQUENCE";
  }

  void alterById(int id, List<Node> optionNodes) {
    alter(id, SequenceOptions.parse(optionNodes, scope.context()));
  }

  /** Gives a sequence the type of its identity column. */
  void follow(int id, SqlType type) {
    alter(id, SequenceOptions.ofType(type));
  }

  private void alter(int id, SequenceOptions options) {
    SequenceDescriptor old = lock(id);
    int dataId = options.isRestart() ? scope.catalog().newId() : old.dataId();
    SequenceDescriptor changed = withOwner(options.alter(old, dataId), options.ownedBy());
    scope.catalog().replace(old, changed);
    if (options.isRestart()) {
      new SequenceValue(options.restartValue(changed), false).write(scope.txn(), changed);
      scope.catalog().abandonData(old.dataId());
    }
  }

  /** Starts a sequence over, as TRUNCATE ... RESTART IDENTITY does. */
  void restart(SequenceDescriptor sequence) {
    SequenceDescriptor old = lock(sequence.id());
    SequenceOptions none = SequenceOptions.parse(List.of(), scope.context());
    scope.catalog().replace(old, none.alter(old, scope.catalog().newId()));
    scope.catalog().abandonData(old.dataId());
  }

  private SequenceDescriptor lock(int id) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.SEQUENCE, id, 0);
    if (scope.catalog().lock(key) instanceof SequenceDescriptor sequence) {
      return sequence;
    }
    throw DdlErrors.undefinedTable(Integer.toString(id));
  }

  private SequenceDescriptor withOwner(
      SequenceDescriptor sequence, @org.jspecify.annotations.Nullable List<String> ownedBy) {
    if (ownedBy == null) {
      return sequence;
    }
    requireNotIdentity(sequence);
    if (ownedBy.isEmpty()) {
      return sequence.withOwner(0, 0);
    }
    int parts = ownedBy.size();
    RangeVar.Builder name = RangeVar.newBuilder().setRelname(ownedBy.get(parts - 2));
    if (parts > 2) {
      name.setSchemaname(ownedBy.get(parts - 3));
    }
    RangeVar tableName = name.build();
    if (!(scope.find(tableName) instanceof TableDescriptor table)) {
      throw DdlErrors.undefinedTable(DdlScope.written(tableName));
    }
    if (table.ownerId() != sequence.ownerId()) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "sequence must have same owner as table it is linked to");
    }
    if (table.schemaId() != sequence.schemaId()) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "sequence must be in same schema as table it is linked to");
    }
    String columnName = ownedBy.getLast();
    ColumnDescriptor column = table.column(columnName);
    if (column == null || column.hidden()) {
      throw DdlErrors.undefinedColumn(columnName, table.name());
    }
    return sequence.withOwner(table.id(), column.number());
  }

  private void requireNotIdentity(SequenceDescriptor sequence) {
    if (sequence.ownedByTable() != 0
        && scope.snapshot().relation(sequence.ownedByTable()) instanceof TableDescriptor table) {
      for (ColumnDescriptor column : table.columns()) {
        if (column.sequenceId() == sequence.id() && column.identity() != '\0') {
          throw DdlErrors.of(
                  ErrorCode.FEATURE_NOT_SUPPORTED, "cannot change ownership of identity sequence")
              .withDetail(
                  "Sequence \""
                      + sequence.name()
                      + "\" is linked to table \""
                      + table.name()
                      + "\".");
        }
      }
    }
  }
}
