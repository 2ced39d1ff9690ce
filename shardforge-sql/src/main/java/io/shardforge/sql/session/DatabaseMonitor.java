package io.shardforge.sql.session;

import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RelationUse.Count;
import io.shardforge.storage.error.ErrorCode;
import java.util.function.Supplier;

/** Counts for one database what sessions do, beside what is counted for the node. Any thread. */
final class DatabaseMonitor implements SessionMonitor {
  private final Supplier<RelationUse> database;
  private final SessionMonitor node;

  DatabaseMonitor(Supplier<RelationUse> database, SessionMonitor node) {
    this.database = database;
    this.node = node;
  }

  @Override
  public void statementEnded(String kind, long nanos) {
    node.statementEnded(kind, nanos);
  }

  @Override
  public void statementFailed(String sqlState) {
    if (sqlState.equals(ErrorCode.DEADLOCK_DETECTED.sqlState())) {
      database.get().add(Count.DEADLOCKS, 1);
    }
    node.statementFailed(sqlState);
  }

  @Override
  public void statementRestarted(String cause) {
    node.statementRestarted(cause);
  }

  @Override
  public void transactionCommitted() {
    database.get().add(Count.COMMITTED, 1);
    node.transactionCommitted();
  }

  @Override
  public void transactionRolledBack() {
    database.get().add(Count.ROLLED_BACK, 1);
    node.transactionRolledBack();
  }
}
