package io.shardforge.server.process;

import java.sql.SQLException;

/** What an error tells a client of its transaction. */
enum Fate {
  /** It did not and never will take effect. */
  FAILED,
  /** It may have. */
  UNKNOWN;

  /**
   * Reads an error.
   *
   * @param commitSent whether the server had been asked to commit; what was not, cannot be
   */
  static Fate of(SQLException error, boolean commitSent) {
    if (!commitSent) {
      return FAILED;
    }
    String state = state(error);
    boolean open =
        state.startsWith("08") // The connection broke.
            || state.startsWith("57P") // The server was stopped meanwhile.
            || state.startsWith("58")
            || state.startsWith("XX")
            || state.equals("40003")
            || state.equals(NO_STATE);
    return open ? UNKNOWN : FAILED;
  }

  private static final String NO_STATE = "";

  /** The error's SQLSTATE. */
  static String state(SQLException error) {
    String state = error.getSQLState();
    return state == null ? NO_STATE : state;
  }

  /** Whether the connection is of no more use. */
  static boolean endsConnection(SQLException error) {
    String state = state(error);
    return state.startsWith("08") || state.startsWith("57P") || state.equals(NO_STATE);
  }
}
