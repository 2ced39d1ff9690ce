package io.shardforge.raft.route;

import java.io.Serial;

/** A call between nodes that got no reply. It carries no stack trace. */
public final class RpcException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Why there was no reply. */
  public enum Reason {
    /** The peer could not be reached: it certainly did not see the call. */
    UNREACHABLE,
    /** Too much was under way: nobody handled the call. */
    OVERLOADED,
    /** The connection broke before the reply: the peer may have handled the call. */
    CONNECTION_LOST,
    /** The deadline passed before the reply: the peer may have handled the call. */
    TIMED_OUT,
    /** The peer has no such service (yet): it did not handle the call. */
    NO_SUCH_SERVICE,
    /** The peer's handler failed; the message is its own. */
    HANDLER_FAILED
  }

  private final Reason reason;

  public RpcException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** True if the peer certainly did not act on the call. */
  public boolean certainlyNotHandled() {
    return switch (reason) {
      case UNREACHABLE, OVERLOADED, NO_SUCH_SERVICE -> true;
      case CONNECTION_LOST, TIMED_OUT, HANDLER_FAILED -> false;
    };
  }
}
