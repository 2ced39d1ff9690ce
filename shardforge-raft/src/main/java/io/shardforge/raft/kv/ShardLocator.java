package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;
import java.util.List;

/** The map from keys to shards, as far as this node knows it. */
public interface ShardLocator {
  /** The shard that holds the key. */
  ShardDescriptor locate(byte[] key);

  /** The shards that overlap the span, in key order. */
  List<ShardDescriptor> locate(KeySpan span);

  /** Says that a shard refused what this descriptor led to: look it up afresh. */
  void stale(ShardDescriptor known);
}
