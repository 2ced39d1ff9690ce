package io.shardforge.sql.exec;

import java.io.Serial;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The signal that a row that the statement found has changed since its snapshot: the session calls
 * {@code Txn.restartStatement} and runs the statement again. No row has been sent yet. Locks taken
 * are kept, so the next run finds these rows unchanged.
 */
public final class StatementRestart extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final byte @Nullable [] duplicate;

  StatementRestart() {
    this(null, null);
  }

  /** The restart for a key that was there when it was to be inserted, which is a failure else. */
  StatementRestart(byte @Nullable [] duplicate, @Nullable RuntimeException failure) {
    super("statement restart", failure, false, false);
    this.duplicate = duplicate;
  }

  /** Whether the restart before was for the same key: then another run changes nothing. */
  public boolean repeats(@Nullable StatementRestart before) {
    return duplicate != null && before != null && Arrays.equals(duplicate, before.duplicate);
  }
}
