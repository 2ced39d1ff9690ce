package io.shardforge.storage.mvcc;

/** Which changes a validated read minds. */
public enum ChangeKind {
  /** Every new version. */
  ANY,
  /** Only inserts, deletes and key changes: what a foreign key depends on. */
  KEY_ONLY
}
