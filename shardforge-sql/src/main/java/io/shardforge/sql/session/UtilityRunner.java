package io.shardforge.sql.session;

import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.proto.DeallocateStmt;
import io.shardforge.sql.parse.proto.DiscardStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.NotifyStmt;
import io.shardforge.sql.parse.proto.PrepareStmt;
import io.shardforge.sql.parse.proto.TransactionStmt;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;

/**
 * Carries out what is no query: transaction control, settings, prepared statements; hands DDL on.
 * For the session's thread.
 */
final class UtilityRunner {
  private final Session session;
  private final TransactionBlock transaction;
  private final SettingStatements settings;
  private final PreparedStatements prepared;
  private final DdlStatements ddl;
  private final ExplainStatements explain;
  private final CopyStatements copy;
  private final CursorStatements cursors;
  private final ConstraintStatements constraints;

  UtilityRunner(Session session, TransactionBlock transaction, SessionFactory.Services services) {
    this.session = session;
    this.transaction = transaction;
    this.settings = new SettingStatements(session, transaction);
    this.prepared = new PreparedStatements(session);
    this.ddl = new DdlStatements(session, transaction, services);
    this.explain = new ExplainStatements(session, transaction);
    this.copy = new CopyStatements(session, transaction);
    this.cursors = new CursorStatements(session, transaction);
    this.constraints = new ConstraintStatements(session, transaction);
  }

  /** Whether a statement can be described and run without looking at the catalog. */
  static boolean needsNoCatalog(ParsedStatement statement) {
    return switch (statement.node().getNodeCase()) {
      case TRANSACTION_STMT,
          VARIABLE_SET_STMT,
          VARIABLE_SHOW_STMT,
          DEALLOCATE_STMT,
          DISCARD_STMT,
          CLOSE_PORTAL_STMT,
          FETCH_STMT,
          PREPARE_STMT,
          EXECUTE_STMT ->
          true;
      default -> false;
    };
  }

  /** Whether a failed transaction block lets the statement through. */
  static boolean endsFailedBlock(ParsedStatement statement) {
    if (statement.node().getNodeCase() != Node.NodeCase.TRANSACTION_STMT) {
      return false;
    }
    return switch (statement.node().getTransactionStmt().getKind()) {
      case TRANS_STMT_COMMIT, TRANS_STMT_ROLLBACK, TRANS_STMT_ROLLBACK_TO -> true;
      default -> false;
    };
  }

  /** The columns of a utility statement's rows. */
  List<OutputColumn> columnsOf(ParsedStatement statement) {
    Node node = statement.node();
    return switch (node.getNodeCase()) {
      case VARIABLE_SHOW_STMT -> settings.columns(node.getVariableShowStmt());
      case EXECUTE_STMT -> prepared.columns(node.getExecuteStmt());
      case FETCH_STMT -> cursors.columns(node.getFetchStmt());
      default -> List.of();
    };
  }

  /** Runs a statement; sends its tag. */
  void run(
      Plan.UtilityPlan plan,
      Portal portal,
      long maxRows,
      boolean commitAfter,
      boolean inString,
      ResultSink sink) {
    ParsedStatement statement = plan.statement();
    Node node = statement.node();
    switch (node.getNodeCase()) {
      case TRANSACTION_STMT -> sink.complete(transactionControl(node.getTransactionStmt()));
      case VARIABLE_SET_STMT -> {
        settings.set(node.getVariableSetStmt(), inString);
        sink.complete(
            node.getVariableSetStmt().getKind().name().startsWith("VAR_RESET") ? "RESET" : "SET");
      }
      case ALTER_SYSTEM_STMT -> {
        session
            .runner()
            .log()
            .audited(
                statement,
                () -> settings.alterSystem(node.getAlterSystemStmt().getSetstmt(), inString));
        sink.complete("ALTER SYSTEM");
      }
      case VARIABLE_SHOW_STMT -> {
        settings.show(node.getVariableShowStmt(), sink);
        sink.complete("SHOW");
      }
      case PREPARE_STMT -> {
        PrepareStmt stmt = node.getPrepareStmt();
        prepared.prepare(stmt, statement);
        sink.complete("PREPARE");
      }
      case EXECUTE_STMT ->
          prepared.execute(
              node.getExecuteStmt(), statement, portal, maxRows, commitAfter, inString, sink);
      case DEALLOCATE_STMT -> sink.complete(deallocate(node.getDeallocateStmt()));
      case DISCARD_STMT -> sink.complete(discard(node.getDiscardStmt(), inString));
      case CONSTRAINTS_SET_STMT -> {
        constraints.set(node.getConstraintsSetStmt(), inString);
        sink.complete("SET CONSTRAINTS");
      }
      case FETCH_STMT -> cursors.fetch(node.getFetchStmt(), sink);
      case CLOSE_PORTAL_STMT ->
          sink.complete(cursors.close(node.getClosePortalStmt().getPortalname()));
      case LISTEN_STMT -> {
        transaction.notifications().listen(node.getListenStmt().getConditionname());
        sink.complete("LISTEN");
      }
      case UNLISTEN_STMT -> {
        String channel = node.getUnlistenStmt().getConditionname();
        transaction.notifications().unlisten(channel.isEmpty() ? null : channel);
        sink.complete("UNLISTEN");
      }
      case NOTIFY_STMT -> {
        NotifyStmt notify = node.getNotifyStmt();
        transaction.notifications().send(notify.getConditionname(), notify.getPayload());
        sink.complete("NOTIFY");
      }
      default -> ddl.run(statement, commitAfter, inString, sink);
    }
  }

  /** In a failed block: only what ends it comes here. */
  void runUnplanned(ParsedStatement statement, ResultSink sink) {
    sink.complete(transactionControl(statement.node().getTransactionStmt()));
  }

  void explain(Plan.ExplainPlan plan, Portal portal, ResultSink sink) {
    explain.run(plan, portal, sink);
  }

  void declare(Plan.DeclarePlan plan, Portal portal, boolean inString, ResultSink sink) {
    cursors.declare(plan, portal.parameters(), inString, sink);
  }

  void copyFrom(Plan.CopyFromPlan plan, boolean commitAfter, ResultSink sink) {
    copy.from(plan, commitAfter, sink);
  }

  void copyTo(Plan.CopyToPlan plan, ResultSink sink) {
    copy.to(plan, sink);
  }

  void close() {
    prepared.clear();
    transaction.advisoryLocks().unlockAll();
    transaction.notifications().unlistenAll();
  }

  // ---- transaction control ----

  private String transactionControl(TransactionStmt stmt) {
    return switch (stmt.getKind()) {
      case TRANS_STMT_BEGIN, TRANS_STMT_START -> begin(stmt);
      case TRANS_STMT_COMMIT -> commit(stmt);
      case TRANS_STMT_ROLLBACK -> rollback(stmt);
      case TRANS_STMT_SAVEPOINT -> {
        requireBlock("SAVEPOINT");
        transaction.savepoint(stmt.getSavepointName());
        yield "SAVEPOINT";
      }
      case TRANS_STMT_RELEASE -> {
        requireBlock("RELEASE SAVEPOINT");
        transaction.release(stmt.getSavepointName());
        yield "RELEASE";
      }
      case TRANS_STMT_ROLLBACK_TO -> {
        requireBlock("ROLLBACK TO SAVEPOINT");
        session.closePortals();
        transaction.rollbackTo(stmt.getSavepointName());
        yield "ROLLBACK";
      }
      case TRANS_STMT_PREPARE -> {
        // As in PostgreSQL the transaction is over also where it could not be prepared.
        session.closePortals();
        transaction.rollback();
        throw unsupported("PREPARE TRANSACTION");
      }
      case TRANS_STMT_COMMIT_PREPARED -> throw unsupported("COMMIT PREPARED");
      case TRANS_STMT_ROLLBACK_PREPARED -> throw unsupported("ROLLBACK PREPARED");
      case TRANSACTION_STMT_KIND_UNDEFINED, UNRECOGNIZED ->
          throw new ShardForgeException(
              ErrorCode.SYNTAX_ERROR, "unrecognized transaction statement");
    };
  }

  private static ShardForgeException unsupported(String statement) {
    return new ShardForgeException(
        ErrorCode.FEATURE_NOT_SUPPORTED, statement + " is not supported");
  }

  private String begin(TransactionStmt stmt) {
    boolean fresh = !transaction.isBlock();
    if (fresh) {
      transaction.begin();
    } else {
      warn(ErrorCode.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
    }
    try {
      settings.transactionModes(stmt.getOptionsList(), false);
    } catch (ShardForgeException e) {
      if (fresh) {
        transaction.rollback();
      }
      throw e;
    }
    return stmt.getKind().name().equals("TRANS_STMT_START") ? "START TRANSACTION" : "BEGIN";
  }

  private String commit(TransactionStmt stmt) {
    if (!transaction.isBlock()) {
      requireNoChain(stmt, "COMMIT AND CHAIN");
      warn(ErrorCode.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
      session.endImplicit();
      return "COMMIT";
    }
    TransactionBlock.Modes modes = transaction.modes();
    session.closePortals();
    boolean failed = transaction.isFailed();
    if (failed) {
      transaction.rollback();
    } else {
      transaction.commit();
    }
    if (stmt.getChain()) {
      transaction.begin(modes);
    }
    return failed ? "ROLLBACK" : "COMMIT";
  }

  private String rollback(TransactionStmt stmt) {
    if (!transaction.isBlock()) {
      requireNoChain(stmt, "ROLLBACK AND CHAIN");
      warn(ErrorCode.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
      session.closePortals();
      transaction.rollback();
      return "ROLLBACK";
    }
    TransactionBlock.Modes modes = transaction.modes();
    session.closePortals();
    transaction.rollback();
    if (stmt.getChain()) {
      transaction.begin(modes);
    }
    return "ROLLBACK";
  }

  private static void requireNoChain(TransactionStmt stmt, String what) {
    if (stmt.getChain()) {
      throw new ShardForgeException(
          ErrorCode.NO_ACTIVE_SQL_TRANSACTION, what + " can only be used in transaction blocks");
    }
  }

  private void requireBlock(String what) {
    if (!transaction.isBlock()) {
      throw new ShardForgeException(
          ErrorCode.NO_ACTIVE_SQL_TRANSACTION, what + " can only be used in transaction blocks");
    }
  }

  private void warn(ErrorCode code, String message) {
    session.notice(Notice.warning(code, message));
  }

  // ---- prepared statements and the session's state ----

  private String deallocate(DeallocateStmt stmt) {
    if (stmt.getName().isEmpty()) {
      session.statements().clear();
      return "DEALLOCATE ALL";
    }
    session.statement(stmt.getName());
    session.closeStatement(stmt.getName());
    return "DEALLOCATE";
  }

  private String discard(DiscardStmt stmt, boolean inString) {
    return switch (stmt.getTarget()) {
      case DISCARD_ALL -> {
        if (transaction.isBlock() || inString) {
          throw new ShardForgeException(
              ErrorCode.ACTIVE_SQL_TRANSACTION,
              "DISCARD ALL cannot run inside a transaction block");
        }
        transaction.cursors().closeAll();
        transaction.advisoryLocks().unlockAll();
        transaction.notifications().unlistenAll();
        session.statements().clear();
        session.settings().resetAll();
        settings.resetRoles();
        session.sequences().forget();
        session.temporaries().dropAll();
        yield "DISCARD ALL";
      }
      // Plans fit themselves to the catalog.
      case DISCARD_PLANS -> "DISCARD PLANS";
      case DISCARD_TEMP -> {
        if (transaction.isBlock() || inString) {
          throw new ShardForgeException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "DISCARD TEMP inside a transaction block is not supported");
        }
        session.temporaries().dropAll();
        yield "DISCARD TEMP";
      }
      case DISCARD_SEQUENCES -> {
        session.sequences().forget();
        yield "DISCARD SEQUENCES";
      }
      case DISCARD_MODE_UNDEFINED, UNRECOGNIZED ->
          throw new ShardForgeException(ErrorCode.SYNTAX_ERROR, "unrecognized DISCARD target");
    };
  }
}
