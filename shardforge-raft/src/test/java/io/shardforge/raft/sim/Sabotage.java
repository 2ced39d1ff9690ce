package io.shardforge.raft.sim;

import io.shardforge.raft.group.ReplicatedState;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.storage.engine.WriteBatch;
import java.util.Set;

/**
 * Something that is done wrong on purpose, at one of the seams that the simulation wraps anyway. It
 * switches one rule of the protocol off, to see that the checks notice. Each method is the identity
 * unless a rule is switched off there.
 */
interface Sabotage {
  /** Nothing is done wrong. */
  Sabotage NONE = new Sabotage() {};

  /** What a node answers instead. */
  default KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
    return node.serve(batch);
  }

  /** What is applied instead of an entry of the log. */
  default byte[] entry(byte[] entry, ReplicatedState state) {
    return entry;
  }

  /** When an entry is said to have been received. */
  default long receivedNanos(long monotonicNanos) {
    return monotonicNanos;
  }

  /** What an engine writes instead. */
  default WriteBatch write(WriteBatch batch) {
    return batch;
  }

  /** The faults that bring it to light; empty for any. */
  default Set<String> faults() {
    return Set.of();
  }

  /** How fast the clock of a node runs. */
  default double clockRate(int node, double rate) {
    return rate;
  }
}
