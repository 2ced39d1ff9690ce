package io.shardforge.sql.session;

/**
 * Counts what sessions do; handed in by the server. Called on many threads, on every statement:
 * must be quick.
 */
public interface SessionMonitor {
  /** A statement ended well; {@code kind} is the first word of its command tag. */
  void statementEnded(String kind, long nanos);

  void statementFailed(String sqlState);

  /**
   * The server ran a statement again after a conflict that the client did not see.
   *
   * @param cause the conflict, in few words of a bounded number
   */
  void statementRestarted(String cause);

  void transactionCommitted();

  void transactionRolledBack();
}
