package io.shardforge.cli.connect;

/** There is no connection: none could be made, or the one that was there is gone. */
public final class ConnectionFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConnectionFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
