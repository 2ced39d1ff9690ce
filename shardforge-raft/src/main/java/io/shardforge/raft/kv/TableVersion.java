package io.shardforge.raft.kv;

/**
 * A table as a write knew it: shards refuse writes that were planned on a version below their floor
 * for the table.
 */
public record TableVersion(int tableId, long version) {
  /** The version of keys that belong to no table. */
  public static final TableVersion NONE = new TableVersion(0, 0);
}
