package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;

/**
 * A shard as the map of shards knows it.
 *
 * @param shardId 1 is the meta shard
 * @param epoch grows whenever span or replicas change
 * @param nodeIds the nodes that hold a replica, the preferred leader first
 */
public record ShardDescriptor(long shardId, KeySpan span, long epoch, List<Integer> nodeIds) {
  /** The shard of the cluster's own tables and of the timestamp oracle. */
  public static final long META_SHARD_ID = 1;

  public ShardDescriptor {
    nodeIds = List.copyOf(nodeIds);
  }

  public boolean isMeta() {
    return shardId == META_SHARD_ID;
  }

  /** What is left of it where others are known to have taken the rest of its span. */
  public ShardDescriptor within(KeySpan part) {
    return new ShardDescriptor(shardId, part, epoch, nodeIds);
  }

  /** Adds the descriptor's bytes. */
  public void put(WireWriter out) {
    out.putVarint(shardId).putSpan(span).putVarint(epoch).putVarint(nodeIds.size());
    for (int node : nodeIds) {
      out.putVarint(node);
    }
  }

  /** Reads what {@link #put} wrote. */
  public static ShardDescriptor read(WireReader in) {
    long shardId = in.readVarint();
    KeySpan span = in.readSpan();
    long epoch = in.readVarint();
    int count = in.readCount();
    List<Integer> nodeIds = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodeIds.add(in.readInt());
    }
    return new ShardDescriptor(shardId, span, epoch, nodeIds);
  }
}
