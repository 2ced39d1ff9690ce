package io.shardforge.raft.check.txn;

/** What may be assumed of the versions of a single register, to learn their order. */
public enum KeyOrder {
  /** A transaction that read a version and wrote another replaced what it read, or a later one. */
  WRITES_FOLLOW_READS,
  /** A process never meets a version older than one that it met before. */
  SEQUENTIAL,
  /** Nor does anyone, once a transaction that met the newer one has ended. */
  LINEARIZABLE
}
