package io.shardforge.raft.kv;

import java.io.Serial;

/** An expected outcome of a transaction that ends the statement; carries the value that says it. */
public final class KvException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient KvError error;

  /** An outcome, without a stack trace: these happen every second. */
  public KvException(KvError error) {
    super(error.toString(), null, false, false);
    this.error = error;
  }

  public KvError error() {
    return error;
  }
}
