package io.shardforge.sql.session;

import io.shardforge.sql.ddl.DdlExecutor;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What one session writes to the log of its statements: those that its settings want, those that
 * were slow, and to the audit log those that change more than rows. For the session's thread.
 */
final class StatementLog {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Session session;

  StatementLog(Session session) {
    this.session = session;
  }

  /** A statement is about to be run. */
  // Hot path: a comparison for each statement.
  void begins(ParsedStatement statement) {
    LogSettings wanted = session.settings().log();
    if (wanted.statements() == StatementClass.NONE && !wanted.audited()) {
      return;
    }
    if (StatementClass.of(statement.node()).compareTo(wanted.statements()) <= 0) {
      line(LogChannel.SQL)
          .addKeyValue("db.statement", LoggedText.of(statement.text()))
          .log("statement");
    }
    if (wanted.audited() && !isAudited(statement)) {
      audit(statement, "statement", null);
    }
  }

  /** It has ended well. */
  void ended(ParsedStatement statement, long nanos) {
    long slowMillis = session.settings().log().slowMillis();
    if (slowMillis >= 0 && nanos >= slowMillis * NANOS_PER_MILLI) {
      line(LogChannel.SQL_SLOW)
          .addKeyValue("event.duration", nanos)
          .addKeyValue("db.statement", LoggedText.of(statement.text()))
          .log("slow statement");
    }
  }

  /** Whether a statement is one that is always written to the audit log. */
  private static boolean isAudited(ParsedStatement statement) {
    return StatementClass.of(statement.node()) == StatementClass.DDL;
  }

  /** Runs a statement that is written to the audit log, whatever comes of it. */
  void audited(ParsedStatement statement, Runnable work) {
    if (!isAudited(statement)) {
      work.run();
      return;
    }
    String action = DdlExecutor.name(statement.node());
    try {
      work.run();
    } catch (RuntimeException e) {
      audit(statement, action, e);
      throw e;
    }
    audit(statement, action, null);
  }

  private void audit(ParsedStatement statement, String action, @Nullable RuntimeException failure) {
    LoggingEventBuilder line =
        line(LogChannel.AUDIT)
            .addKeyValue("event.action", action)
            .addKeyValue("event.outcome", failure == null ? "success" : "failure");
    if (failure instanceof ShardForgeException told) {
      line = line.addKeyValue("error.code", told.code().sqlState());
    }
    line.addKeyValue("db.statement", LoggedText.of(statement.text())).log(action);
  }

  private LoggingEventBuilder line(LogChannel channel) {
    Logger logger = channel.logger();
    return AuditLog.about(logger.atInfo(), session.client())
        .addKeyValue("user.effective.name", session.settings().roleName());
  }
}
