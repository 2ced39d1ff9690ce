package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.StatisticsDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.VacuumRelation;
import io.shardforge.sql.parse.proto.VacuumStmt;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * VACUUM and ANALYZE. Old versions are collected by time, so that there is nothing to do for VACUUM
 * but to check that the table is there; ANALYZE counts rows and takes a sample of them for the
 * planner.
 */
final class MaintenanceStatements {
  private final DdlScope scope;

  MaintenanceStatements(DdlScope scope) {
    this.scope = scope;
  }

  String run(VacuumStmt statement) {
    String command = statement.getIsVacuumcmd() ? "VACUUM" : "ANALYZE";
    boolean analyze =
        !statement.getIsVacuumcmd()
            || statement.getOptionsList().stream()
                .anyMatch(option -> option.getDefElem().getDefname().equals("analyze"));
    if (statement.getIsVacuumcmd() && scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    if (analyze && statement.getRelsCount() == 0) {
      for (TableDescriptor table : scope.snapshot().tables()) {
        if (scope.mayMaintain(table)) {
          analyze(table);
        }
      }
    }
    for (Node node : statement.getRelsList()) {
      VacuumRelation relation = node.getVacuumRelation();
      check(relation.getRelation(), relation, command, analyze);
    }
    return command;
  }

  private void check(RangeVar name, VacuumRelation relation, String command, boolean analyze) {
    switch (scope.find(name)) {
      case TableDescriptor table -> {
        for (Node column : relation.getVaColsList()) {
          String columnName = column.getString().getSval();
          ColumnDescriptor found = table.column(columnName);
          if (found == null || found.hidden()) {
            throw DdlErrors.undefinedColumn(columnName, table.name());
          }
        }
        if (!scope.mayMaintain(table)) {
          scope
              .context()
              .warning(
                  ErrorCode.WARNING,
                  "permission denied to "
                      + command.toLowerCase(java.util.Locale.ROOT)
                      + " \""
                      + table.name()
                      + "\", skipping it");
        } else if (analyze) {
          analyze(table);
        }
      }
      case VirtualTable _ -> {}
      case null -> throw DdlScope.undefined(name);
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

  private void analyze(TableDescriptor table) {
    TableSample sample = TableSample.take(scope, table);
    // What was sampled is described in the form that the columns have.
    if (!(scope.catalog().lock(table.key(), LockStrength.KEY_SHARE, LockWait.BLOCK)
        instanceof TableDescriptor newest)) {
      return;
    }
    Set<Integer> retyped = table.retyped(newest);
    scope.context().analyzed(table, sample.tableRows());
    List<ColumnStatistics> columns = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDescriptor column = table.columns().get(i);
      if (!column.hidden() && !retyped.contains(column.number())) {
        columns.add(new ColumnSurvey(column, sample, i).statistics());
      }
    }
    for (CombinedStatistics combined : List.copyOf(scope.snapshot().combinedStatistics())) {
      if (combined.tableId() == table.id()
          && Collections.disjoint(combined.columns(), retyped)
          && scope.catalog().lock(combined.key()) instanceof CombinedStatistics old) {
        scope.catalog().replace(old, new CombinationSurvey(old, table, sample).result());
      }
    }
    StatisticsDescriptor fresh =
        new StatisticsDescriptor(table.id(), 1, sample.tableRows(), columns);
    if (scope.catalog().lock(fresh.key()) instanceof StatisticsDescriptor old) {
      scope
          .catalog()
          .replace(
              old,
              new StatisticsDescriptor(table.id(), old.version() + 1, sample.tableRows(), columns));
    } else {
      scope.catalog().create(fresh);
    }
  }
}
