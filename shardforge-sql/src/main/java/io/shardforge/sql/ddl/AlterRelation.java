package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.AlterTableStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.function.UnaryOperator;

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
          alterSequence(sequence, node.getAlterTableCmd(), tag);
        }
      }
      case ViewDescriptor view -> {
        for (Node node : statement.getCmdsList()) {
          new ViewStatements(scope).alter(view, node.getAlterTableCmd());
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

  private void alterSequence(SequenceDescriptor sequence, AlterTableCmd command, String tag) {
    switch (command.getSubtype()) {
      case AT_ChangeOwner -> OwnerChange.of(scope, sequence, command.getNewowner());
      case AT_SetLogged, AT_SetUnLogged ->
          scope.requireOwner(sequence.ownerId(), "sequence", sequence.name());
      default -> throw DdlErrors.unsupported(tag + " ... " + GrammarWords.of(command.getSubtype()));
    }
  }

  private void alterIndex(IndexOfTable index, AlterTableStmt statement) {
    scope.requireOwner(index.table().ownerId(), "index", index.index().name());
    for (Node node : statement.getCmdsList()) {
      AlterTableCmd command = node.getAlterTableCmd();
      switch (command.getSubtype()) {
        case AT_SetRelOptions -> {
          List<Node> options = command.getDef().getList().getItemsList();
          change(
              index,
              i ->
                  i.withParameters(
                      StorageOptions.changeOfIndex(i.parameters(), options, i.isInverted())));
        }
        case AT_ResetRelOptions -> {
          List<Node> options = command.getDef().getList().getItemsList();
          change(
              index, i -> i.withParameters(StorageOptions.resetOfIndex(i.parameters(), options)));
        }
        case AT_SetTableSpace -> StorageOptions.requireDefaultTablespace(command.getName());
        case AT_SetStatistics -> requireStatistics(index, command);
        default ->
            throw DdlErrors.unsupported("ALTER INDEX ... " + GrammarWords.of(command.getSubtype()));
      }
    }
  }

  private void change(IndexOfTable found, UnaryOperator<IndexDescriptor> change) {
    TableDescriptor table = scope.lockTable(found.table());
    TableDraft draft = new TableDraft(table);
    draft.indexes.replaceAll(
        index -> index.oid() == found.index().oid() ? change.apply(index) : index);
    scope.replace(table, draft.build());
  }

  /** Only of an expression of an index can statistics be asked for. */
  private static void requireStatistics(IndexOfTable found, AlterTableCmd command) {
    IndexDescriptor index = found.index();
    int number = command.getNum();
    List<String> names = found.table().indexColumnNames(index);
    if (number < 1 || number > names.size()) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_COLUMN,
          "column number " + number + " of relation \"" + index.name() + "\" does not exist");
    }
    boolean included = number > index.columns().size();
    if (included || index.columns().get(number - 1).expression() == null) {
      ShardForgeException error =
          DdlErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "cannot alter statistics on "
                  + (included ? "included" : "non-expression")
                  + " column \""
                  + names.get(number - 1)
                  + "\" of index \""
                  + index.name()
                  + '"');
      throw included ? error : error.withHint("Alter statistics on table column instead.");
    }
  }
}
