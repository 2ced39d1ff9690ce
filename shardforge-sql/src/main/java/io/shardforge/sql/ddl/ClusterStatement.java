package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.ClusterStmt;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.storage.error.ErrorCode;

/**
 * CLUSTER. Rows always lie in the order of the primary key, so by that index there is nothing to
 * do, and by another one it cannot be done.
 */
final class ClusterStatement {
  private final DdlScope scope;

  ClusterStatement(DdlScope scope) {
    this.scope = scope;
  }

  String run(ClusterStmt statement) {
    if (!statement.hasRelation()) {
      if (scope.context().inTransactionBlock()) {
        throw DdlErrors.of(
            ErrorCode.ACTIVE_SQL_TRANSACTION, "CLUSTER cannot run inside a transaction block");
      }
      return "CLUSTER";
    }
    RangeVar name = statement.getRelation();
    switch (scope.find(name)) {
      case TableDescriptor table -> {
        scope.access().requireRelation(table, Privilege.MAINTAIN);
        check(table, statement.getIndexname());
      }
      case VirtualTable system -> throw DdlScope.systemCatalog(system);
      case null -> throw DdlErrors.undefinedTable(DdlScope.written(name));
      default -> throw DdlErrors.wrongKind(name.getRelname(), "a table");
    }
    return "CLUSTER";
  }

  private static void check(TableDescriptor table, String indexName) {
    IndexDescriptor rows = table.primaryIndex();
    boolean ordered = rows.isPrimaryKey() && !table.options().isHashed();
    if (indexName.isEmpty()) {
      if (!ordered) {
        throw DdlErrors.of(
            ErrorCode.UNDEFINED_OBJECT,
            "there is no previously clustered index for table \"" + table.name() + '"');
      }
      return;
    }
    if (table.indexes().stream().noneMatch(index -> index.name().equals(indexName))) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT,
          "index \"" + indexName + "\" for table \"" + table.name() + "\" does not exist");
    }
    if (!ordered || !rows.name().equals(indexName)) {
      throw DdlErrors.unsupported("CLUSTER by an index in whose order the rows do not lie");
    }
  }
}
