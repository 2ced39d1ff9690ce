package io.shardforge.sql.session;

/**
 * Thrown by a face when there is nobody to send to any more: ends the session without another word.
 */
public final class ClientGoneException extends RuntimeException {
  @java.io.Serial private static final long serialVersionUID = 1L;

  public ClientGoneException() {
    super("the client has gone", null, false, false);
  }
}
