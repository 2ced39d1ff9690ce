package io.shardforge.storage.mvcc;

/** The outcome of reading one key. */
public sealed interface ReadResult {
  /**
   * The key has a value. If it is the transaction's own, the timestamps are those of the committed
   * version beneath, zero where there is none.
   */
  record Found(VersionedValue version) implements ReadResult {}

  /**
   * The key has no value.
   *
   * @param replacedTs what a write of the key has to name as the version it replaces: the
   *     tombstone's commit timestamp, or zero
   */
  record Absent(long replacedTs) implements ReadResult {}

  /** Another transaction may be about to commit the key at or before the read timestamp. */
  record Blocked(ProvisionalWrite write) implements ReadResult {}
}
