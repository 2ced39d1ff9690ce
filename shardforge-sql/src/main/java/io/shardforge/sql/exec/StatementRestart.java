package io.shardforge.sql.exec;

import java.io.Serial;

/**
 * The signal that a row that the statement found has changed since its snapshot: the session calls
 * {@code Txn.restartStatement} and runs the statement again. No row has been sent yet. Locks taken
 * are kept, so the next run finds these rows unchanged.
 */
public final class StatementRestart extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  StatementRestart() {
    super("statement restart", null, false, false);
  }
}
