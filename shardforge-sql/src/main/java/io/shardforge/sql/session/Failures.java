package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.sql.exec.StatementRestart;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ended a verb of the protocol into what the client is told, and counts it. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final ErrorMapper errors;
  private final Cancellation cancellation;
  private final SessionMonitor monitor;
  private final int processId;

  Failures(ErrorMapper errors, Cancellation cancellation, SessionMonitor monitor, int processId) {
    this.errors = errors;
    this.cancellation = cancellation;
    this.monitor = monitor;
    this.processId = processId;
  }

  /**
   * What the client is told of a failure. To be called on the session's thread, while the statement
   * can still be canceled.
   *
   * @param sql the statement that failed, for the log alone
   */
  ShardForgeException told(Throwable failure, String sql) {
    ShardForgeException told =
        switch (failure) {
          case ShardForgeException e -> isInterrupted(e) ? cancellation.error() : e;
          case KvException e ->
              e.error() instanceof KvError.Canceled ? cancellation.error() : errors.map(e.error());
          case StatementRestart _ ->
              new ShardForgeException(
                  ErrorCode.SERIALIZATION_FAILURE,
                  "could not serialize access due to concurrent update");
          case StackOverflowError _ ->
              new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                  .withHint("Simplify the statement: its expressions are nested too deeply.");
          case OutOfMemoryError e -> outOfMemory(e);
          default -> internal(failure, sql);
        };
    monitor.statementFailed(told.code().sqlState());
    return told;
  }

  private static boolean isInterrupted(ShardForgeException e) {
    return e.code() == ErrorCode.QUERY_CANCELED && Thread.currentThread().isInterrupted();
  }

  /** What could not be allocated was the statement's own; its garbage is the first to go. */
  private ShardForgeException outOfMemory(OutOfMemoryError e) {
    LOG.warn("statement ended for lack of memory pid={} reason=\"{}\"", processId, e.getMessage());
    return new ShardForgeException(ErrorCode.OUT_OF_MEMORY, "out of memory")
        .withDetail("The node's memory was not enough for the statement.");
  }

  private ShardForgeException internal(Throwable failure, String sql) {
    LOG.error("statement failed pid={} statement={}", processId, LoggedText.of(sql), failure);
    return new ShardForgeException(ErrorCode.INTERNAL_ERROR, "internal error")
        .withHint("The server's log has more; please report this with the statement.");
  }
}
