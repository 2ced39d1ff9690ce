package io.shardforge.raft.group;

import java.io.Serial;

/** A proposal that was not put into the log, because too many are under way. */
public final class GroupOverloadedException extends GroupException {
  @Serial private static final long serialVersionUID = 1L;

  public GroupOverloadedException(long shardId) {
    super("too many proposals to shard " + shardId + " are under way");
  }
}
