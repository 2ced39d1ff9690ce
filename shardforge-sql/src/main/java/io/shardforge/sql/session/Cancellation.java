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
    TERMINATION
  }

  private final Object monitor = new Object();
  private @Nullable Thread running;
  private @Nullable Reason reason;
  private volatile boolean terminated;

  /** A statement starts on the calling thread. */
  void begin() {
    synchronized (monitor) {
      reason = terminated ? Reason.TERMINATION : null;
      running = Thread.currentThread();
      if (terminated) {
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
      if (why == Reason.TERMINATION) {
        terminated = true;
      }
      Thread thread = running;
      if (thread != null && (reason == null || reason.compareTo(why) < 0)) {
        reason = why;
        thread.interrupt();
      }
    }
  }

  boolean isTerminated() {
    return terminated;
  }

  /** The error that a canceled statement reports. */
  ShardForgeException error() {
    Reason why;
    synchronized (monitor) {
      why = terminated ? Reason.TERMINATION : reason;
    }
    return switch (why) {
      case STATEMENT_TIMEOUT ->
          new ShardForgeException(
              ErrorCode.QUERY_CANCELED, "canceling statement due to statement timeout");
      case TERMINATION -> termination();
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
