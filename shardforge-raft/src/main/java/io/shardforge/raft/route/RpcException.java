package io.shardforge.raft.route;

import java.io.Serial;

/** A call between nodes that got no reply. It carries no stack trace. */
public final class RpcException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Why there was no reply. */
  public enum Reason {
    /** The peer could not be reached: it certainly did not see the call. */
    UNREACHABLE(1),
    /** Too much was under way: nobody handled the call. */
    OVERLOADED(2),
    /** The connection broke before the reply: the peer may have handled the call. */
    CONNECTION_LOST(3),
    /** The deadline passed before the reply: the peer may have handled the call. */
    TIMED_OUT(4),
    /** The peer has no such service (yet): it did not handle the call. */
    NO_SUCH_SERVICE(5),
    /** The peer's handler failed; the message is its own. */
    HANDLER_FAILED(6),
    /** The two do not trust or understand each other, however often they try. */
    MISMATCH(7);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    /** The number that stands for it between nodes. */
    int code() {
      return code;
    }

    /** The reason with that number; a failed handler for numbers of other versions. */
    static Reason ofCode(int code) {
      for (Reason reason : values()) {
        if (reason.code == code) {
          return reason;
        }
      }
      return HANDLER_FAILED;
    }
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
      case UNREACHABLE, OVERLOADED, NO_SUCH_SERVICE, MISMATCH -> true;
      case CONNECTION_LOST, TIMED_OUT, HANDLER_FAILED -> false;
    };
  }

  /** True if there was no sign of life from the peer. */
  public boolean isOutOfReach() {
    return switch (reason) {
      case UNREACHABLE, CONNECTION_LOST, TIMED_OUT, MISMATCH -> true;
      case OVERLOADED, NO_SUCH_SERVICE, HANDLER_FAILED -> false;
    };
  }
}
