package io.shardforge.sql.session;

import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a session's statement and its transaction may take: armed while they last, on the
 * session's thread.
 */
final class TimeLimits {
  private final Session session;
  private final Cancellation cancellation;
  private Deadline deadline = Deadline.never();
  private @Nullable Runnable disarmStatement;
  private @Nullable Runnable disarmTransaction;

  TimeLimits(Session session, Cancellation cancellation) {
    this.session = session;
    this.cancellation = cancellation;
  }

  /** Until when the statement that runs may take. */
  Deadline deadline() {
    return deadline;
  }

  /** A statement begins, and a transaction with it if there is none. */
  void begin() {
    long timeout = session.settings().statementTimeoutMillis();
    if (timeout == 0) {
      deadline = Deadline.never();
    } else {
      deadline = Deadline.after(session.clock(), Duration.ofMillis(timeout));
      disarmStatement =
          schedule(timeout, () -> cancellation.request(Cancellation.Reason.STATEMENT_TIMEOUT));
    }
    limitTransaction(true);
  }

  /** The statement has ended. */
  void end() {
    if (disarmStatement != null) {
      disarmStatement.run();
      disarmStatement = null;
    }
    limitTransaction(session.transaction().isOpen());
  }

  /** Until when the client may say nothing, counted from now. */
  Deadline idleDeadline() {
    long millis = session.settings().idleTimeoutMillis(inTransaction());
    return millis == 0
        ? Deadline.never()
        : Deadline.after(session.clock(), Duration.ofMillis(millis));
  }

  /** The reason for ending a session that has said nothing for too long. */
  ShardForgeException idleEnd() {
    return inTransaction()
        ? new ShardForgeException(
            ErrorCode.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
            "terminating connection due to idle-in-transaction timeout")
        : new ShardForgeException(
            ErrorCode.IDLE_SESSION_TIMEOUT, "terminating connection due to idle-session timeout");
  }

  private boolean inTransaction() {
    return session.transaction().status() != 'I';
  }

  /** The limit counts from the beginning, or from when it was set in the transaction. */
  private void limitTransaction(boolean open) {
    long timeout = open ? session.settings().transactionTimeoutMillis() : 0;
    if (timeout == 0) {
      if (disarmTransaction != null) {
        disarmTransaction.run();
        disarmTransaction = null;
      }
    } else if (disarmTransaction == null) {
      disarmTransaction =
          schedule(timeout, () -> session.end(Cancellation.Reason.TRANSACTION_TIMEOUT));
    }
  }

  private Runnable schedule(long millis, Runnable work) {
    return session.services().timer().schedule(millis, work);
  }
}
