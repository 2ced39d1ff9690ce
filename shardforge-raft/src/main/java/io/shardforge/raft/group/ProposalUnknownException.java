package io.shardforge.raft.group;

import java.io.Serial;

/** A proposal whose outcome is not known here: it may have been applied, or be applied later. */
public final class ProposalUnknownException extends GroupException {
  @Serial private static final long serialVersionUID = 1L;

  public ProposalUnknownException(long shardId, String reason) {
    super("outcome of a proposal to shard " + shardId + " is unknown: " + reason);
  }
}
