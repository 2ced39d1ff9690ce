package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.AlterTableStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.storage.error.ErrorCode;

/** ALTER TABLE, INDEX, SEQUENCE and VIEW as the grammar brings them in: by the commands' node. */
final class AlterRelation {
  private final DdlScope scope;

  AlterRelation(DdlScope scope) {
    this.scope = scope;
  }

  String run(AlterTableStmt statement) {
    String tag = "ALTER " + GrammarWords.of(statement.getObjtype());
    switch (statement.getObjtype()) {
      case OBJECT_TABLE, OBJECT_SEQUENCE, OBJECT_VIEW, OBJECT_INDEX -> {}
      default -> throw DdlErrors.unsupported(tag);
    }
    Object found = scope.find(statement.getRelation());
    IndexOfTable index = found == null ? scope.findIndex(statement.getRelation()) : null;
    if (index != null) {
      alterIndex(index, statement);
      return tag;
    }
    switch (found) {
      case TableDescriptor table -> {
        if (statement.getObjtype() != ObjectType.OBJECT_TABLE) {
          throw DdlErrors.wrongKind(
              table.name(),
              (statement.getObjtype() == ObjectType.OBJECT_INDEX ? "an " : "a ")
                  + GrammarWords.of(statement.getObjtype()).toLowerCase(java.util.Locale.ROOT));
        }
        AlterTable.run(scope, table, statement);
      }
      case SequenceDescriptor sequence -> {
        for (Node node : statement.getCmdsList()) {
          OwnerChange.of(scope, sequence, ownerCommand(node, tag).getNewowner());
        }
      }
      case ViewDescriptor view -> {
        for (Node node : statement.getCmdsList()) {
          new ViewStatements(scope).alter(view, node.getAlterTableCmd(), tag);
        }
      }
      case VirtualTable system -> throw DdlScope.systemCatalog(system);
      case null -> {
        if (!statement.getMissingOk()) {
          throw DdlScope.undefined(statement.getRelation());
        }
        scope
            .context()
            .notice(
                ErrorCode.SUCCESSFUL_COMPLETION,
                "relation \""
                    + statement.getRelation().getRelname()
                    + "\" does not exist, skipping");
      }
      default -> throw DdlScope.undefined(statement.getRelation());
    }
    return tag;
  }

  private static AlterTableCmd ownerCommand(Node node, String tag) {
    AlterTableCmd command = node.getAlterTableCmd();
    return switch (command.getSubtype()) {
      case AT_ChangeOwner -> command;
      default -> throw DdlErrors.unsupported(tag + " ... " + GrammarWords.of(command.getSubtype()));
    };
  }

  private void alterIndex(IndexOfTable index, AlterTableStmt statement) {
    scope.requireOwner(index.table().ownerId(), "index", index.index().name());
    for (Node node : statement.getCmdsList()) {
      AlterTableCmd command = node.getAlterTableCmd();
      switch (command.getSubtype()) {
        case AT_SetRelOptions ->
            StorageOptions.check(
                command.getDef().getList().getItemsList(), index.index().isInverted());
        case AT_ResetRelOptions -> {}
        case AT_SetTableSpace -> StorageOptions.requireDefaultTablespace(command.getName());
        default ->
            throw DdlErrors.unsupported("ALTER INDEX ... " + GrammarWords.of(command.getSubtype()));
      }
    }
  }
}
