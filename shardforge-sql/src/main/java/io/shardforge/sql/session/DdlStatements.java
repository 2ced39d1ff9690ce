package io.shardforge.sql.session;

import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.ddl.DdlExecutor;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/** Runs schema changes and the other statements of sql.ddl in the session's transaction. */
final class DdlStatements {
  private final Session session;
  private final TransactionBlock transaction;
  private final SessionFactory.Services services;

  DdlStatements(Session session, TransactionBlock transaction, SessionFactory.Services services) {
    this.session = session;
    this.transaction = transaction;
    this.services = services;
  }

  void run(ParsedStatement statement, boolean commitAfter, boolean inString, ResultSink sink) {
    session
        .runner()
        .log()
        .audited(statement, () -> execute(statement, commitAfter, inString, sink));
  }

  private void execute(
      ParsedStatement statement, boolean commitAfter, boolean inString, ResultSink sink) {
    boolean writes = statement.node().getNodeCase() != Node.NodeCase.LOCK_STMT;
    if (transaction.isReadOnly() && writes) {
      throw new ShardForgeException(
          ErrorCode.READ_ONLY_SQL_TRANSACTION,
          "cannot execute " + DdlExecutor.name(statement.node()) + " in a read-only transaction");
    }
    boolean begins = !transaction.ranStatement();
    boolean alone = commitAfter && begins;
    List<Runnable> afterwards = new ArrayList<>();
    session
        .runner()
        .attempt(
            alone,
            sink,
            () -> {
              session.beginStatementOnce();
              transaction.statementRan();
              SessionDdlContext context =
                  new SessionDdlContext(
                      session,
                      statement,
                      inString,
                      begins,
                      alone && !session.temporaries().actOnCommit());
              String tag = services.ddl().execute(statement.node(), context);
              boolean commits = commitAfter && !session.temporaries().actOnCommit();
              transaction.txn().finishStatement(commits);
              if (commits) {
                transaction.commit();
              }
              for (TableJob job : context.jobs()) {
                afterwards.add(() -> new TableJobAttempt(session, job).run());
              }
              afterwards.add(() -> sink.complete(tag));
            });
    afterwards.forEach(Runnable::run);
  }
}
