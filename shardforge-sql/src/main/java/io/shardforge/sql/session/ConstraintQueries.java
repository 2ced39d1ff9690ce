package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.KeyParameters;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.StatementRestart;
import io.shardforge.sql.plan.Plan.QueryPlan;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** Statements about keys that a session runs itself to keep constraints. For its thread. */
final class ConstraintQueries {
  private final Session session;
  private final TransactionBlock transaction;

  ConstraintQueries(Session session, TransactionBlock transaction) {
    this.session = session;
    this.transaction = transaction;
  }

  /** Does a part of the work on rows as they are now, again if they change meanwhile. */
  void onNewestRows(Runnable part) {
    Txn txn = transaction.txn();
    beginStatement();
    for (int restarts = 0; ; restarts++) {
      txn.readNewest();
      try {
        part.run();
        return;
      } catch (StatementRestart e) {
        if (restarts >= StatementRunner.RESTARTS_MAX || !txn.statementMayRestart()) {
          throw conflict();
        }
        txn.restartStatement();
      }
    }
  }

  void beginStatement() {
    transaction.txn().beginStatement(session.statementDeadline(), session.settings().lockTimeout());
  }

  /**
   * A transaction that plans on the catalog of its snapshot would look for rows where they were
   * before the table was written anew.
   */
  void requireCurrent(TableDescriptor table) {
    if (transaction.txn().isolation() != Isolation.READ_COMMITTED
        && session.services().catalog().newest(session.databaseId()).relation(table.id())
            instanceof TableDescriptor newest
        && newest.version() > table.version()) {
      throw conflict();
    }
  }

  private static ShardForgeException conflict() {
    return new ShardForgeException(
            ErrorCode.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update")
        .withHint("The transaction might succeed if retried.");
  }

  QueryPlan plan(String sql, KeyParameters parameters) {
    return session.ownStatements().plan(sql, parameters.typeOids());
  }

  Execution part(Execution statement, KeyParameters parameters) {
    Execution part = session.newExecution(parameters.values());
    part.partOf(statement);
    return part;
  }
}
