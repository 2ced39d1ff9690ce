package io.shardforge.cli.connect;

/** The server wants a password, and nobody gave one. */
public final class PasswordMissingException extends Exception {
  private static final long serialVersionUID = 1L;

  PasswordMissingException(String user, Throwable cause) {
    super("user \"" + user + "\" needs a password: PGPASSWORD, ~/.pgpass or -W", cause);
  }
}
