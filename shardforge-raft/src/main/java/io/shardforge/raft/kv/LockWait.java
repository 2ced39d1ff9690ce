package io.shardforge.raft.kv;

/** What to do about a row that somebody else has locked. */
public enum LockWait {
  /** Queue for it. */
  BLOCK,
  /** Fail at once. */
  NOWAIT,
  /** Leave the row out. */
  SKIP_LOCKED
}
