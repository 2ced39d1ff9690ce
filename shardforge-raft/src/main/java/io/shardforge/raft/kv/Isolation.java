package io.shardforge.raft.kv;

/** How much of other transactions' work a transaction may notice. */
public enum Isolation {
  /** A new snapshot for every statement. */
  READ_COMMITTED,
  /** One snapshot; a row changed after it cannot be written. */
  REPEATABLE_READ,
  /** One snapshot, and everything read must still hold at the commit. */
  SERIALIZABLE
}
