package io.shardforge.storage.engine;

/** One of the separate ordered maps inside an engine. */
public enum Family {
  /** The newest version of each key. */
  CURRENT,
  /** Overwritten versions. */
  HISTORY,
  /** Provisional writes, transaction records and commit outcomes. */
  LOCK,
  /** What each replica has applied, and its other replicated state. */
  APPLIED
}
