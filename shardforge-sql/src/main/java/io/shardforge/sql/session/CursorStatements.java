package io.shardforge.sql.session;

import io.shardforge.sql.exec.StoredRows;
import io.shardforge.sql.parse.proto.DeclareCursorStmt;
import io.shardforge.sql.parse.proto.FetchDirection;
import io.shardforge.sql.parse.proto.FetchStmt;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DECLARE, FETCH, MOVE and CLOSE. A cursor's query is run to its end when it is declared. */
final class CursorStatements {
  // PostgreSQL's bits of DECLARE's options.
  private static final int BINARY = 0x01;
  private static final int SCROLL = 0x02;
  private static final int NO_SCROLL = 0x04;
  private static final int INSENSITIVE = 0x08;
  private static final int HOLD = 0x20;

  private final Session session;
  private final TransactionBlock transaction;

  CursorStatements(Session session, TransactionBlock transaction) {
    this.session = session;
    this.transaction = transaction;
  }

  void declare(
      Plan.DeclarePlan declare, @Nullable Object[] parameters, boolean inString, ResultSink sink) {
    DeclareCursorStmt stmt = declare.statement().node().getDeclareCursorStmt();
    int options = stmt.getOptions();
    boolean hold = (options & HOLD) != 0;
    if (!hold && !inString && !transaction.isBlock()) {
      throw new ShardForgeException(
          ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
          "DECLARE CURSOR can only be used in transaction blocks");
    }
    if (transaction.cursors().find(stmt.getPortalname()) != null
        || session.portals().find(stmt.getPortalname()) != null) {
      throw Cursors.exists(stmt.getPortalname());
    }
    Plan.QueryPlan plan = declare.cursor().query();
    boolean locks = stmt.getQuery().getSelectStmt().getLockingClauseCount() > 0;
    if (locks) {
      requireNoLockingOption(options);
    } else if (!plan.readOnly()) {
      throw new ShardForgeException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "DECLARE CURSOR must not contain data-modifying statements in WITH");
    }
    transaction.statementRan();
    Cursor.Definition definition =
        new Cursor.Definition(
            stmt.getPortalname(),
            declare.statement().source().text(),
            (options & BINARY) != 0,
            (options & NO_SCROLL) == 0 && !locks,
            hold,
            session.clock().wallMicros() - TransactionBlock.EPOCH_MICROS);
    session
        .runner()
        .attempt(
            false,
            sink,
            () -> {
              StoredRows rows = StoredRows.of(plan, session.newExecution(parameters));
              Cursor cursor = new Cursor(definition, declare.cursor(), rows);
              transaction.cursors().add(cursor, transaction.savepoints());
            });
    sink.complete("DECLARE CURSOR");
  }

  private static void requireNoLockingOption(int options) {
    String kind = null;
    String detail = null;
    if ((options & HOLD) != 0) {
      kind = "DECLARE CURSOR WITH HOLD ... FOR UPDATE is not supported";
      detail = "Holdable cursors must be READ ONLY.";
    } else if ((options & SCROLL) != 0) {
      kind = "DECLARE SCROLL CURSOR ... FOR UPDATE is not supported";
      detail = "Scrollable cursors must be READ ONLY.";
    } else if ((options & INSENSITIVE) != 0) {
      kind = "DECLARE INSENSITIVE CURSOR ... FOR UPDATE is not valid";
      detail = "Insensitive cursors must be READ ONLY.";
    }
    if (kind != null && detail != null) {
      throw new ShardForgeException(ErrorCode.FEATURE_NOT_SUPPORTED, kind).withDetail(detail);
    }
  }

  /** The columns of FETCH, none of MOVE and where there is no such cursor. */
  List<OutputColumn> columns(FetchStmt stmt) {
    if (stmt.getIsmove()) {
      return List.of();
    }
    Cursor cursor = transaction.cursors().find(stmt.getPortalname());
    if (cursor != null) {
      return cursor.columns();
    }
    Portal portal = session.portals().find(stmt.getPortalname());
    return portal == null ? List.of() : portal.columns();
  }

  void fetch(FetchStmt stmt, ResultSink sink) {
    Portal portal = session.portals().find(stmt.getPortalname());
    if (portal != null) {
      fetch(stmt, portal, sink);
      return;
    }
    Cursor cursor = transaction.cursors().require(stmt.getPortalname());
    if (stmt.getIsmove()) {
      sink.complete("MOVE " + cursor.run(stmt, _ -> {}));
      return;
    }
    if (cursor.definition().binary()) {
      sink.binaryColumns(cursor.columns());
    } else {
      sink.columns(cursor.columns());
    }
    long count = cursor.run(stmt, values -> sink.row(column -> values[column]));
    sink.complete("FETCH " + count);
  }

  /** Goes on in a portal of the protocol, which, as in PostgreSQL, goes forward only. */
  private void fetch(FetchStmt stmt, Portal portal, ResultSink sink) {
    long count = stmt.getHowMany();
    if (stmt.getDirection() != FetchDirection.FETCH_FORWARD || count < 0) {
      throw Cursor.onlyForward();
    }
    if (!(portal.prepared().anyPlan() instanceof Plan.QueryPlan) || portal.columns().isEmpty()) {
      throw Cursor.cannotRun(stmt.getPortalname());
    }
    FetchedRows rows = new FetchedRows(sink, !stmt.getIsmove());
    if (count > 0 && !portal.isFinished()) {
      session.runner().run(portal, count == Long.MAX_VALUE ? 0 : count, false, rows);
    } else if (!stmt.getIsmove()) {
      sink.columns(portal.columns());
    }
    sink.complete((stmt.getIsmove() ? "MOVE " : "FETCH ") + rows.count());
  }

  /** CLOSE; an empty name means all. */
  String close(String name) {
    if (name.isEmpty()) {
      transaction.cursors().closeAll();
      session.closePortals();
      return "CLOSE CURSOR ALL";
    }
    if (session.portals().find(name) == null) {
      transaction.cursors().close(name);
    }
    session.portals().close(name);
    return "CLOSE CURSOR";
  }
}
