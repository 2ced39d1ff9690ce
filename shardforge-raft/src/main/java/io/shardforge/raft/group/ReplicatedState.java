package io.shardforge.raft.group;

import java.io.IOException;

/**
 * What a shard's log is applied to. The group calls it; one thread applies, the notifications may
 * come on any thread.
 */
public interface ReplicatedState {
  /**
   * Applies one committed command and makes {@code (term, index)} the applied index, both in one
   * atomic write. Must be deterministic. Whatever it throws stops the node: a replica that cannot
   * apply a committed command must not go on.
   *
   * @return the answer for whoever proposed the command on this node
   */
  byte[] apply(long term, long index, byte[] command);

  /**
   * Says when this node received the entry that is applied next, in the clock's monotonic time;
   * called by the thread that applies, if it is known.
   */
  default void receivedAt(long monotonicNanos) {}

  /** Makes {@code (term, index)} the applied index: an entry of the log's own was committed. */
  void applyNothing(long term, long index);

  /** The last entry applied. */
  AppliedIndex applied();

  /** The last entry whose effects survive a crash of this node; the log is kept from there on. */
  AppliedIndex durable();

  /** This node now leads and has applied every entry of earlier terms. Must not block. */
  void leaderReady(long term);

  /** This node leads no more. Must not block. */
  void leaderLost();

  /** Writes a consistent copy of the whole state, starting with its applied index. */
  void exportState(StateSink sink) throws IOException, InterruptedException;

  /**
   * Replaces the whole state by a copy that is at {@code at}, durably. When it fails or the node
   * stops half way, the state must be found empty or still being installed, never half of each.
   */
  void installState(AppliedIndex at, StateSource source) throws IOException, InterruptedException;
}
