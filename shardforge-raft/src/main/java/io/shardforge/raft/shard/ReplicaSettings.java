package io.shardforge.raft.shard;

import java.time.Duration;

/**
 * The times that replicas go by.
 *
 * @param lease how long a lease lasts; its holder uses nine tenths of it
 * @param txnExpiry how long a coordinator may be silent before its transaction is aborted
 * @param historyRetention how long overwritten versions are kept at least
 * @param outcomeRetention how long the outcome of a one-shard commit is kept at least
 */
public record ReplicaSettings(
    Duration lease, Duration txnExpiry, Duration historyRetention, Duration outcomeRetention) {
  /** What a server uses unless told otherwise. */
  public static ReplicaSettings defaults() {
    return new ReplicaSettings(
        Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofHours(4), Duration.ofSeconds(60));
  }
}
