package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.ReindexObjectType;
import io.shardforge.sql.parse.proto.ReindexStmt;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Set;

/**
 * REINDEX. An index is built anew beside the old one; a whole table, or the index that its rows lie
 * in, by writing the rows anew. If the transaction is this statement alone it is done beside those
 * who write the table.
 */
final class Reindex {
  private final DdlScope scope;

  Reindex(DdlScope scope) {
    this.scope = scope;
  }

  String run(ReindexStmt statement) {
    boolean concurrently = false;
    for (Node node : statement.getParamsList()) {
      DefElem option = node.getDefElem();
      switch (option.getDefname()) {
        case "concurrently" -> concurrently = !StorageOptions.isFalse(option);
        case "tablespace" ->
            StorageOptions.requireDefaultTablespace(option.getArg().getString().getSval());
        case "verbose" -> {}
        default ->
            throw DdlErrors.of(
                ErrorCode.SYNTAX_ERROR,
                "unrecognized REINDEX option \"" + option.getDefname() + '"');
      }
    }
    ReindexObjectType kind = statement.getKind();
    boolean single =
        kind == ReindexObjectType.REINDEX_OBJECT_INDEX
            || kind == ReindexObjectType.REINDEX_OBJECT_TABLE;
    if ((concurrently || !single) && scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.ACTIVE_SQL_TRANSACTION,
          (concurrently ? "REINDEX CONCURRENTLY" : "REINDEX " + word(kind))
              + " cannot run inside a transaction block");
    }
    switch (kind) {
      case REINDEX_OBJECT_INDEX -> index(statement.getRelation());
      case REINDEX_OBJECT_TABLE -> table(statement.getRelation(), concurrently);
      case REINDEX_OBJECT_SCHEMA -> schema(statement.getName(), concurrently);
      case REINDEX_OBJECT_DATABASE -> {
        requireThisDatabase(statement.getName(), "database");
        if (concurrently) {
          warnOfCatalogs();
        }
        scope.snapshot().tables().forEach(this::tableOfMany);
      }
      // System catalogs have no indexes of their own.
      case REINDEX_OBJECT_SYSTEM -> {
        if (concurrently) {
          throw catalogConcurrently();
        }
        requireThisDatabase(statement.getName(), "system catalogs");
      }
      default -> throw DdlErrors.unsupported("REINDEX " + kind);
    }
    return "REINDEX";
  }

  private static String word(ReindexObjectType kind) {
    return kind.name().substring("REINDEX_OBJECT_".length());
  }

  private void requireThisDatabase(String name, String what) {
    DatabaseDescriptor here = scope.snapshot().database(scope.snapshot().databaseId());
    if (here == null || !(name.isEmpty() || name.equals(here.name()))) {
      throw DdlErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "can only reindex "
              + (what.equals("database")
                  ? "the currently open database"
                  : "system catalogs of the currently open database"));
    }
    if (!maintainsAll()) {
      scope.requireOwner(here.ownerId(), "database", here.name());
    }
  }

  private static ShardForgeException catalogConcurrently() {
    return DdlErrors.of(
        ErrorCode.FEATURE_NOT_SUPPORTED, "cannot reindex system catalogs concurrently");
  }

  private void warnOfCatalogs() {
    scope
        .context()
        .warning(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "cannot reindex system catalogs concurrently, skipping all");
  }

  private void schema(String name, boolean concurrently) {
    SchemaDescriptor schema = scope.schema(name);
    if (schema.id() < SystemOids.FIRST_USER_OID && schema.id() != SystemOids.SCHEMA_PUBLIC) {
      if (concurrently) {
        warnOfCatalogs();
      }
      return;
    }
    if (!maintainsAll()) {
      scope.requireOwner(schema.ownerId(), "schema", name);
    }
    scope.snapshot().tables().stream()
        .filter(table -> table.schemaId() == schema.id())
        .forEach(this::tableOfMany);
  }

  private boolean maintainsAll() {
    return scope.access().actsAs(PredefinedRole.MAINTAIN);
  }

  private void tableOfMany(TableDescriptor table) {
    if (scope.mayMaintain(table) && !scope.isTemporary(table.id())) {
      AlterTable.rewrite(scope, table, "REINDEX TABLE");
    }
  }

  private void table(RangeVar name, boolean concurrently) {
    switch (scope.find(name)) {
      case TableDescriptor table -> {
        scope.access().requireRelation(table, Privilege.MAINTAIN);
        if (table.indexes().stream().allMatch(index -> index.name().isEmpty())) {
          scope
              .context()
              .notice(
                  ErrorCode.SUCCESSFUL_COMPLETION,
                  "table \""
                      + table.name()
                      + (concurrently
                          ? "\" has no indexes that can be reindexed concurrently"
                          : "\" has no indexes to reindex"));
        } else {
          AlterTable.rewrite(scope, table, "REINDEX TABLE");
        }
      }
      case VirtualTable _ -> {
        if (concurrently) {
          throw catalogConcurrently();
        }
      }
      case null -> throw DdlScope.undefined(name);
      default -> throw DdlErrors.wrongKind(name.getRelname(), "a table or materialized view");
    }
  }

  private void index(RangeVar name) {
    IndexOfTable found = scope.findIndex(name);
    if (found == null) {
      throw scope.find(name) == null
          ? DdlScope.undefined(name)
          : DdlErrors.wrongKind(name.getRelname(), "an index");
    }
    if (!scope.mayMaintain(found.table())) {
      throw DdlErrors.denied("index " + name.getRelname());
    }
    TableDescriptor table = scope.lockForUse(found.table());
    IndexDescriptor index = table.index(found.index().oid());
    if (index == null) {
      throw DdlScope.undefined(name);
    }
    if (index.primary()) {
      AlterTable.rewrite(scope, table, "REINDEX INDEX");
      return;
    }
    if (index.state() != IndexDescriptor.State.PUBLIC) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_IN_USE,
          "cannot reindex \"" + index.name() + "\" because it is being built");
    }
    scope.requireNoChecksLeft(table, "REINDEX INDEX");
    boolean later =
        scope.context().endsTransaction()
            && !scope.isTemporary(table.id())
            && index.deferrable() == null;
    TableDraft draft = new TableDraft(table);
    int number = draft.nextIndexNumber();
    if (later) {
      buildLater(table, draft, index, number);
      return;
    }
    IndexDescriptor anew = index.copy(index.oid(), number, index.name(), index.constraintOid());
    draft.indexes.set(draft.indexes.indexOf(index), anew);
    TableDescriptor changed = draft.build();
    scope.replace(table, changed);
    scope.seeNewest(table);
    CreateIndex.backfill(scope, table, changed, List.of(anew));
  }

  private void buildLater(
      TableDescriptor table, TableDraft draft, IndexDescriptor index, int number) {
    String name =
        RelationNames.free(
            scope.snapshot(), table.schemaId(), Set.of(), _ -> false, index.name(), null, "ccnew");
    IndexDescriptor built =
        index
            .copy(scope.catalog().newId(), number, name, 0)
            .withState(IndexDescriptor.State.WRITE_ONLY);
    draft.indexes.add(built);
    TableDescriptor changed = draft.build();
    scope.replace(table, changed);
    scope
        .context()
        .workLater(
            TableJob.of(
                TableJob.Kind.REINDEX,
                built.oid(),
                index.oid(),
                index.name(),
                scope.snapshot().databaseId(),
                changed,
                scope.snapshot().rowCount(table.id())));
  }
}
