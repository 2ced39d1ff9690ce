package io.shardforge.raft.group;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** This node's member of one shard's replicated log. */
public interface RaftGroup {
  /** The greatest size of a command in bytes. */
  int COMMAND_BYTES_MAX = (1 << 20) - (16 << 10);

  long shardId();

  /** True if this node leads and has applied everything that earlier leaders committed. */
  boolean isLeaderReady();

  /** The newest term this node has seen. */
  long term();

  /** The node that leads as far as this one knows, 0 if it does not. */
  int leaderNode();

  /**
   * Puts a command of at most {@link #COMMAND_BYTES_MAX} into the log. Completes, on the leader,
   * after the command was applied locally, with apply's result. Fails with a {@link
   * GroupException}: {@link NotLeaderException} (certainly not proposed), {@link
   * ProposalUnknownException} (may or may not be applied, now or later) or {@link
   * GroupOverloadedException} (not proposed, too much is under way).
   */
  CompletableFuture<byte[]> propose(byte[] command);

  /**
   * Makes another member lead; fails if that did not happen. While it is under way, proposals fail
   * with {@link NotLeaderException}.
   */
  CompletableFuture<Void> transferLeadership(int nodeId);

  /** The group's members by their names, for {@link GroupFactory#seed}. */
  default List<String> members() {
    return List.of();
  }

  /**
   * The nodes whose members vote, as far as this one knows; empty while that is being changed, or
   * before it is known.
   */
  default Set<Integer> voters() {
    return Set.of();
  }

  /**
   * Makes the members of these nodes the ones that vote; only the leader can, and it must be one of
   * them. New members get everything before they vote, so this may take long. Fails if it did not
   * happen, or another change is under way.
   */
  default CompletableFuture<Void> setVoters(Collection<Integer> nodes) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("a log whose members cannot be changed"));
  }

  /** Whether this node leads, and the member of another node has just answered it. */
  default boolean follows(int nodeId) {
    return isLeaderReady();
  }

  /** Whether this node's member has ended by itself, because it is none as far as it knows. */
  default boolean hasLeft() {
    return false;
  }

  /** The bytes sent to members that are being made, since this node was asked to make them. */
  default long copiedBytes() {
    return 0;
  }

  /** Stands for election at once, if this node knows no leader. */
  default void stand() {}

  /**
   * Asks the member of another node to stand for election at once, and does not wait for an answer.
   * Only the leader is listened to.
   */
  default void nominate(int nodeId) {}

  /** Leaves the group's work on this node; the log and the state stay. */
  void close();
}
