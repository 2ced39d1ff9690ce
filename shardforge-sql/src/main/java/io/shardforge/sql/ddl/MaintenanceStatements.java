package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.VacuumRelation;
import io.shardforge.sql.parse.proto.VacuumStmt;
import io.shardforge.storage.error.ErrorCode;

/**
 * VACUUM and ANALYZE. Old versions are collected by time and statistics by the server itself, so
 * that there is nothing to do for a table but to check that it is there.
 */
final class MaintenanceStatements {
  private final DdlScope scope;

  MaintenanceStatements(DdlScope scope) {
    this.scope = scope;
  }

  String run(VacuumStmt statement) {
    String command = statement.getIsVacuumcmd() ? "VACUUM" : "ANALYZE";
    if (statement.getIsVacuumcmd() && scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    for (Node node : statement.getRelsList()) {
      VacuumRelation relation = node.getVacuumRelation();
      check(relation.getRelation(), relation, command);
    }
    return command;
  }

  private void check(RangeVar name, VacuumRelation relation, String command) {
    switch (scope.find(name)) {
      case TableDescriptor table -> {
        for (Node column : relation.getVaColsList()) {
          String columnName = column.getString().getSval();
          ColumnDescriptor found = table.column(columnName);
          if (found == null || found.hidden()) {
            throw DdlErrors.undefinedColumn(columnName, table.name());
          }
        }
        if (!scope.owns(table.ownerId())) {
          scope
              .context()
              .warning(
                  ErrorCode.WARNING,
                  "permission denied to "
                      + command.toLowerCase(java.util.Locale.ROOT)
                      + " \""
                      + table.name()
                      + "\", skipping it");
        }
      }
      case VirtualTable _ -> {}
      case null -> throw scope.undefined(name);
      default ->
          scope
              .context()
              .warning(
                  ErrorCode.WARNING,
                  "skipping \""
                      + name.getRelname()
                      + "\" --- cannot "
                      + command.toLowerCase(java.util.Locale.ROOT)
                      + " non-tables or special system tables");
    }
  }
}
