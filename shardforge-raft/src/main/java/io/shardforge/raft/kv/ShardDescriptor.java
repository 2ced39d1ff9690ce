package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A shard as the map of shards knows it.
 *
 * @param shardId 1 is the meta shard
 * @param epoch grows whenever span or replicas change
 * @param nodeIds the nodes that hold a replica or are getting one, the preferred leader first
 * @param next the nodes that will hold one when the change under way is done; empty if there is
 *     none
 */
public record ShardDescriptor(
    long shardId, KeySpan span, long epoch, List<Integer> nodeIds, List<Integer> next) {
  /** The shard of the cluster's own tables and of the timestamp oracle. */
  public static final long META_SHARD_ID = 1;

  public ShardDescriptor {
    nodeIds = List.copyOf(nodeIds);
    next = List.copyOf(next);
  }

  /** A shard whose replicas stay where they are. */
  public ShardDescriptor(long shardId, KeySpan span, long epoch, List<Integer> nodeIds) {
    this(shardId, span, epoch, nodeIds, List.of());
  }

  public boolean isMeta() {
    return shardId == META_SHARD_ID;
  }

  /** What is left of it where others are known to have taken the rest of its span. */
  public ShardDescriptor within(KeySpan part) {
    return new ShardDescriptor(shardId, part, epoch, nodeIds, next);
  }

  /** Whether replicas are being added or removed. */
  public boolean isChanging() {
    return !next.isEmpty();
  }

  /** The nodes that hold a replica for good: after the change, if one is under way. */
  public List<Integer> settled() {
    return isChanging() ? next : nodeIds;
  }

  /** Whether most of the replicas are on other nodes than these. */
  public boolean hasMajorityWithout(Collection<Integer> missing) {
    long left = settled().stream().filter(node -> !missing.contains(node)).count();
    return left > settled().size() / 2;
  }

  /** The shard on its way to other nodes: none of those that may hold a replica is left out. */
  public ShardDescriptor movingTo(List<Integer> wanted) {
    Set<Integer> all = new LinkedHashSet<>(nodeIds);
    all.addAll(wanted);
    return new ShardDescriptor(shardId, span, epoch + 1, List.copyOf(all), wanted);
  }

  /** The shard on these nodes and no others. */
  public ShardDescriptor on(List<Integer> nodes) {
    return new ShardDescriptor(shardId, span, epoch + 1, nodes, List.of());
  }

  /** Adds the descriptor's bytes. */
  public void put(WireWriter out) {
    out.putVarint(shardId).putSpan(span).putVarint(epoch);
    put(out, nodeIds);
    put(out, next);
  }

  private static void put(WireWriter out, List<Integer> nodes) {
    out.putVarint(nodes.size());
    for (int node : nodes) {
      out.putVarint(node);
    }
  }

  /** Reads what {@link #put} wrote. */
  public static ShardDescriptor read(WireReader in) {
    long shardId = in.readVarint();
    KeySpan span = in.readSpan();
    long epoch = in.readVarint();
    List<Integer> nodeIds = readNodes(in);
    return new ShardDescriptor(shardId, span, epoch, nodeIds, readNodes(in));
  }

  private static List<Integer> readNodes(WireReader in) {
    int count = in.readCount();
    List<Integer> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(in.readInt());
    }
    return nodes;
  }
}
