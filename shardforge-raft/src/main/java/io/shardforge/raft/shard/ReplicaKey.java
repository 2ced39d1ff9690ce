package io.shardforge.raft.shard;

import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;

/** What a replica keeps in the engine about itself, by shard: the keys of APPLIED. */
enum ReplicaKey {
  /** The place in the log up to which everything is applied. */
  APPLIED('a'),

  /** The replicated state besides the data. */
  STATE('s'),

  /** There while a copy is being installed: the rest is worth nothing. */
  INSTALLING('m'),

  /** The shard's descriptor; durable before its log exists. */
  SHARD('d'),

  /** There until the log of a shard that was split off exists: the members that it begins with. */
  SEEDING('p'),

  /** There if the shard did not begin with the cluster: its members are in its log only. */
  LATER('c'),

  /** There while the replica is being removed for good: nothing of it counts any more. */
  LEAVING('l'),

  /**
   * There on the one copy that a shard without majority goes on from, until it is the shard's only
   * one under an epoch above the one that this says.
   */
  ALONE('o'),

  /** There, under the number of no shard, once the node has made its first replicas. */
  FOUNDED('f'),

  /** There once another shard has taken this one in: the epoch of that one. */
  GONE('g');

  /** What {@link #FOUNDED} stands under. */
  static final long NO_SHARD = 0;

  private final char kind;

  ReplicaKey(char kind) {
    this.kind = kind;
  }

  byte[] of(long shardId) {
    return new KeyEncoder(Long.BYTES + 1).putRawLong(shardId).putRawByte(kind).toByteArray();
  }

  /** The shards that have this key. */
  List<Long> shards(EngineReader engine) {
    List<Long> ids = new ArrayList<>();
    try (EngineIterator keys = engine.iterator(Family.APPLIED, KeySpan.ALL)) {
      for (boolean valid = keys.seekToFirst(); valid; valid = keys.next()) {
        byte[] key = keys.key();
        if (key.length == Long.BYTES + 1 && key[Long.BYTES] == kind) {
          ids.add(Bytes.getLong(key, 0));
        }
      }
    }
    return ids;
  }
}
