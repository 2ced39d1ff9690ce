package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.exec.ExecutablePlan;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.exec.StatementRestart;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.plan.Plan.CommandTag;
import io.shardforge.sql.plan.Plan.QueryPlan;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries in the session's transaction, and again when that is safe and useful: after a
 * conflict, while nothing of the result has left for the client. At READ COMMITTED a row that
 * changed under the statement makes it run on a fresh snapshot with its locks kept; a transaction
 * that is this statement alone can be run again as a whole at any level. For the session's thread.
 */
// Hot path: one call a statement.
final class StatementRunner {
  /** Times that a statement is run again before its conflict is reported. */
  static final int RESTARTS_MAX = 100;

  private final Session session;
  private final TransactionBlock transaction;
  private final SessionMonitor monitor;
  private final StatementLog log;

  /**
   * A table of which writers know a newer version than the catalog: a change of it was undone by
   * ROLLBACK TO. Put right once nothing that this session has locked is in the way.
   */
  private KvError.@Nullable SchemaChanged behind;

  StatementRunner(Session session, TransactionBlock transaction, SessionMonitor monitor) {
    this.session = session;
    this.transaction = transaction;
    this.monitor = monitor;
    this.log = new StatementLog(session);
  }

  /**
   * Runs a portal's query for at most {@code maxRows} rows (0 for all).
   *
   * @param commitAfter whether the statement is its whole transaction, which is committed before
   *     the tag is sent
   */
  void run(Portal portal, long maxRows, boolean commitAfter, ResultSink sink) {
    boolean alone = commitAfter && !transaction.ranStatement() && !portal.isSuspended();
    attempt(
        alone,
        sink,
        () -> {
          boolean done = false;
          try {
            if (portal.isSuspended()) {
              resume(portal, maxRows, sink);
            } else {
              start(
                  (QueryPlan) session.plan(portal.prepared()), portal, maxRows, commitAfter, sink);
            }
            done = true;
          } finally {
            if (!done) {
              portal.close();
            }
          }
        });
  }

  /**
   * Does a statement's work, again and again while only a conflict is in the way that the client
   * need not see.
   *
   * @param alone whether the work is a whole transaction, commit included
   */
  void attempt(boolean alone, ResultSink sink, Runnable work) {
    long mark = sink.mark();
    Notifications.State said = transaction.notifications().state();
    KvError.SchemaChanged known = behind;
    if (known != null && (alone || !transaction.ranStatement())) {
      behind = null;
      session.schemaChanged(known);
    }
    StatementRestart before = null;
    for (int restarts = 0; ; restarts++) {
      String cause;
      try {
        work.run();
        return;
      } catch (StatementRestart e) {
        if (e.repeats(before) && e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        before = e;
        Txn txn = transaction.txn();
        if (restarts >= RESTARTS_MAX || !txn.statementMayRestart() || !sink.rewind(mark)) {
          throw new ShardForgeException(
                  ErrorCode.SERIALIZATION_FAILURE,
                  "could not serialize access due to concurrent update")
              .withHint("The transaction might succeed if retried.");
        }
        cause = "row changed";
        txn.restartStatement();
        transaction.notifications().restore(said);
      } catch (KvException e) {
        boolean again =
            alone
                && restarts < RESTARTS_MAX
                && ErrorMapper.mayRetry(e.error())
                && !Thread.currentThread().isInterrupted()
                && sink.rewind(mark);
        KvError.SchemaChanged changed =
            e.error() instanceof KvError.SchemaChanged found ? found : null;
        if (!again) {
          behind = changed == null ? behind : changed;
          throw e;
        }
        cause = ErrorMapper.cause(e.error());
        transaction.startOver();
        if (changed != null) {
          session.schemaChanged(changed);
        }
        session.beginStatement();
      }
      monitor.statementRestarted(cause);
    }
  }

  StatementLog log() {
    return log;
  }

  private static String kind(@Nullable Plan plan) {
    return switch (plan) {
      case Plan.QueryPlan query -> query.tag().name();
      case Plan.ExplainPlan _ -> "EXPLAIN";
      case Plan.CopyFromPlan _, Plan.CopyToPlan _ -> "COPY";
      case Plan.DeclarePlan _, Plan.UtilityPlan _ -> "UTILITY";
      case null -> "UTILITY";
    };
  }

  /** Counts a statement that has ended well, in all and among those of its text. */
  void ended(
      @Nullable Plan plan, ParsedStatement statement, Portal portal, long started, long planned) {
    long now = session.clock().monotonicNanos();
    monitor.statementEnded(kind(plan), now - started);
    log.ended(statement, now - started);
    long execNanos = now - planned;
    long planNanos = portal.prepared().takePlanNanos();
    // The system's own sessions are no process.
    if (session.client().processId() != 0) {
      session
          .services()
          .statements()
          .add(
              session.lastRoleId(),
              session.databaseId(),
              statement.text(),
              new StatementStatistics.Run(planNanos, execNanos, portal.rows()));
    }
  }

  private void start(
      QueryPlan plan, Portal portal, long maxRows, boolean commitAfter, ResultSink sink) {
    if (!plan.readOnly() && transaction.isReadOnly()) {
      throw new ShardForgeException(
          ErrorCode.READ_ONLY_SQL_TRANSACTION,
          "cannot execute %s in a read-only transaction".formatted(plan.tag()));
    }
    transaction.statementRan();
    boolean hasRows = !plan.columns().isEmpty() || plan.tag() == CommandTag.SELECT;
    if (hasRows) {
      sink.columns(plan.columns());
    }
    Execution execution = session.newExecution(portal.parameters());
    if (commitAfter) {
      execution.commitsNext();
    }
    ExecutablePlan executable = portal.prepared().executable();
    if (executable.isRowMode()) {
      try (execution) {
        @Nullable Object @Nullable [] values = executable.executeRow(execution);
        if (values != null && hasRows) {
          sink.row(column -> values[column]);
          portal.addRowsSent(1);
        }
        finish(plan, execution, commitAfter, portal, sink);
      }
      return;
    }
    Operator operator = null;
    boolean keep = false;
    try {
      operator = Executor.open(plan, execution);
      keep = pump(portal, execution, operator, null, 0, maxRows, sink);
      if (!keep) {
        finish(plan, execution, commitAfter, portal, sink);
      }
    } finally {
      if (!keep) {
        close(operator, execution);
      }
    }
  }

  private static void close(@Nullable Operator operator, Execution execution) {
    try {
      if (operator != null) {
        operator.close();
      }
    } finally {
      execution.close();
    }
  }

  private void resume(Portal portal, long maxRows, ResultSink sink) {
    Execution execution = portal.execution();
    Operator operator = portal.operator();
    if (execution == null
        || operator == null
        || !(portal.prepared().anyPlan() instanceof QueryPlan plan)) {
      throw new IllegalStateException("portal is not suspended");
    }
    sink.columns(portal.columns());
    long before = portal.rowsSent();
    if (!pump(portal, execution, operator, portal.batch(), portal.batchPosition(), maxRows, sink)) {
      long rows = portal.rowsSent() - before;
      portal.close();
      portal.finish();
      sink.complete(tag(plan, rows));
    }
  }

  /** Sends rows; true when it stopped at the limit with the portal suspended. */
  private boolean pump(
      Portal portal,
      Execution execution,
      Operator operator,
      @Nullable RowBatch first,
      int firstPosition,
      long maxRows,
      ResultSink sink) {
    RowBatch batch = first;
    int position = firstPosition;
    long sent = 0;
    while (true) {
      if (batch == null || position >= batch.size()) {
        batch = operator.next();
        position = 0;
        if (batch == null) {
          portal.addRowsSent(sent);
          return false;
        }
      }
      RowBatch.Cursor cursor = batch.cursor();
      while (position < batch.size()) {
        cursor.moveTo(position++);
        sink.row(cursor);
        sent++;
        // Also after the last row: that it was the last one is only found out by asking for more.
        if (sent == maxRows) {
          portal.addRowsSent(sent);
          if (execution.hasWritten() && portal.execution() == null) {
            // The client may end the transaction without asking for the rest.
            session.finish(execution);
          }
          portal.suspend(execution, operator, batch, position);
          sink.suspended();
          return true;
        }
      }
    }
  }

  private void finish(
      QueryPlan plan, Execution execution, boolean commitAfter, Portal portal, ResultSink sink) {
    session.finish(execution);
    long count =
        switch (plan.tag()) {
          case SELECT -> portal.rowsSent();
          case INSERT, UPDATE, DELETE, MERGE -> execution.affectedRows();
        };
    if (commitAfter) {
      try {
        transaction.commit();
      } catch (KvException e) {
        throw execution.explain(e);
      }
    }
    portal.finish();
    portal.changedRows(count);
    TableDescriptor changed = changed(plan.root());
    if (changed != null) {
      session.changed(changed, count);
    }
    sink.complete(tag(plan, count));
  }

  private static String tag(QueryPlan plan, long count) {
    return switch (plan.tag()) {
      case SELECT -> "SELECT " + count;
      case INSERT -> "INSERT 0 " + count;
      case UPDATE -> "UPDATE " + count;
      case DELETE -> "DELETE " + count;
      case MERGE -> "MERGE " + count;
    };
  }

  private static @Nullable TableDescriptor changed(PlanNode root) {
    return switch (root) {
      case PlanNode.Insert insert -> insert.table();
      case PlanNode.Update update -> update.table();
      case PlanNode.Delete delete -> delete.table();
      case PlanNode.Merge merge -> merge.table();
      default -> null;
    };
  }
}
