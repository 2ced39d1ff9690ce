package io.shardforge.raft.group;

import java.io.Serial;

/** The ways in which a proposal ends without its result. They carry no stack trace. */
public abstract sealed class GroupException extends RuntimeException
    permits NotLeaderException, ProposalUnknownException, GroupOverloadedException {
  @Serial private static final long serialVersionUID = 1L;

  GroupException(String message) {
    super(message, null, false, false);
  }
}
