package io.shardforge.raft.command;

import io.shardforge.storage.key.Bytes;

/**
 * What applying a command came to, told to the proposer.
 *
 * @param value a timestamp or number that the command defines
 */
public record CommandResult(Status status, long value) {
  /** The bytes of a result. */
  public static final int BYTES = 1 + Long.BYTES;

  /** It happened. */
  public static final CommandResult DONE = new CommandResult(Status.DONE, 0);

  /** Shard or lease have changed since it was judged; nothing happened. */
  public static final CommandResult STALE = new CommandResult(Status.STALE, 0);

  /** The kinds of results. */
  public enum Status {
    DONE,
    STALE,
    /** The replicated state forbids it; nothing happened. */
    REFUSED
  }

  public static CommandResult done(long value) {
    return new CommandResult(Status.DONE, value);
  }

  public static CommandResult refused(long value) {
    return new CommandResult(Status.REFUSED, value);
  }

  /** Writes the result's bytes at an offset. */
  public void put(byte[] target, int offset) {
    target[offset] =
        switch (status) {
          case DONE -> 1;
          case STALE -> 2;
          case REFUSED -> 3;
        };
    Bytes.putLong(target, offset + 1, value);
  }

  /** Reads the bytes of a result. */
  public static CommandResult read(byte[] bytes, int offset) {
    Status status =
        switch (bytes[offset]) {
          case 1 -> Status.DONE;
          case 2 -> Status.STALE;
          case 3 -> Status.REFUSED;
          default -> throw new IllegalStateException("result status " + bytes[offset]);
        };
    return new CommandResult(status, Bytes.getLong(bytes, offset + 1));
  }
}
