package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.Constraint;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/** ALTER COLUMN … ADD, SET and DROP IDENTITY. For one statement. */
final class IdentityColumns {
  private final DdlScope scope;
  private final TableDraft draft;
  private final TableAssembly assembly;

  IdentityColumns(DdlScope scope, TableDraft draft, TableAssembly assembly) {
    this.scope = scope;
    this.draft = draft;
    this.assembly = assembly;
  }

  void add(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    Constraint constraint = command.getDef().getConstraint();
    ColumnSpec.requireIdentityType(column.type());
    if (column.identity() != '\0') {
      throw notIdentity(column, "is already an identity column");
    }
    if (column.defaultSql() != null) {
      throw notIdentity(column, "already has a default value");
    }
    if (!column.notNull()) {
      throw notIdentity(column, "must be declared NOT NULL before identity can be added");
    }
    int sequence =
        assembly.addSequence(
            column.name(), column.type(), column.number(), constraint.getOptionsList());
    draft.changeColumn(
        column.number(),
        c ->
            TableDraft.withSequence(
                c,
                constraint.getGeneratedWhen().charAt(0),
                sequence,
                TableAssembly.nextvalText(sequence)));
  }

  void set(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    if (column.identity() == '\0') {
      throw notIdentity(column, "is not an identity column");
    }
    List<Node> options = new ArrayList<>();
    for (Node node : command.getDef().getList().getItemsList()) {
      DefElem element = node.getDefElem();
      if (element.getDefname().equals("generated")) {
        char kind = (char) element.getArg().getInteger().getIval();
        draft.changeColumn(
            column.number(), c -> TableDraft.withSequence(c, kind, c.sequenceId(), c.defaultSql()));
      } else {
        options.add(node);
      }
    }
    if (!options.isEmpty()) {
      new SequenceStatements(scope).alterById(column.sequenceId(), options);
    }
  }

  /** Returns the sequence that is not needed any more, 0 if there is none. */
  int drop(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    if (column.identity() == '\0') {
      if (!command.getMissingOk()) {
        throw notIdentity(column, "is not an identity column");
      }
      scope
          .context()
          .notice(
              ErrorCode.SUCCESSFUL_COMPLETION,
              "column \""
                  + column.name()
                  + "\" of relation \""
                  + draft.name
                  + "\" is not an identity column, skipping");
      return 0;
    }
    draft.changeColumn(column.number(), c -> TableDraft.withSequence(c, '\0', 0, null));
    return column.sequenceId();
  }

  private ShardForgeException notIdentity(ColumnDescriptor column, String problem) {
    return DdlErrors.of(
        ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "column \"" + column.name() + "\" of relation \"" + draft.name + "\" " + problem);
  }
}
