package io.shardforge.sql.session;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/**
 * The way to stop what a session runs from another thread: interrupts the session's thread, but
 * only while a statement runs, and remembers why.
 */
final class Cancellation {
  /** Why a statement is to stop; a later reason counts only if it is stronger. */
  enum Reason {
    USER_REQUEST,
    STATEMENT_TIMEOUT,
    TRANSACTION_TIMEOUT,
    TERMINATION,
    NOTIFICATIONS_MISSED;

    private boolean endsConnection() {
      return compareTo(TRANSACTION_TIMEOUT) >= 0;
    }
  }

  private final Object monitor = new Object();
  private @Nullable Thread running;
  private @Nullable Reason reason;
  private volatile @Nullable Reason end;

  /** A statement starts on the calling thread. */
  void begin() {
    synchronized (monitor) {
      reason = end;
      running = Thread.currentThread();
      if (reason != null) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The statement ended; no interrupt of it is left behind. */
  void end() {
    synchronized (monitor) {
      running = null;
      var _ = Thread.interrupted();
    }
  }

  void request(Reason why) {
    synchronized (monitor) {
      if (why.endsConnection() && end == null) {
        end = why;
      }
      Thread thread = running;
      if (thread != null && (reason == null || reason.compareTo(why) < 0)) {
        reason = why;
        thread.interrupt();
      }
    }
  }

  boolean isTerminated() {
    return end != null;
  }

  /** The error that a canceled statement reports. */
  ShardForgeException error() {
    Reason why;
    synchronized (monitor) {
      why = end == null ? reason : end;
    }
    return switch (why) {
      case STATEMENT_TIMEOUT ->
          new ShardForgeException(
              ErrorCode.QUERY_CANCELED, "canceling statement due to statement timeout");
      case TRANSACTION_TIMEOUT ->
          new ShardForgeException(
              ErrorCode.TRANSACTION_TIMEOUT, "terminating connection due to transaction timeout");
      case TERMINATION -> termination();
      case NOTIFICATIONS_MISSED ->
          new ShardForgeException(
                  ErrorCode.INSUFFICIENT_RESOURCES,
                  "terminating connection because it would miss notifications")
              .withDetail("Too many were waiting for its client, or for its node.")
              .withHint("Connect anew, LISTEN, and look at what may have changed meanwhile.");
      case USER_REQUEST ->
          new ShardForgeException(
              ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
      case null ->
          new ShardForgeException(
              ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    };
  }

  static ShardForgeException termination() {
    return new ShardForgeException(
        ErrorCode.ADMIN_SHUTDOWN, "terminating connection due to administrator command");
  }
}
