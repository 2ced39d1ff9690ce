package io.shardforge.server;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.placement.ShardNews;
import io.shardforge.raft.route.ShardCache;
import io.shardforge.raft.shard.ShardMap;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Takes what replicas say of their shards to this node's map and to the cluster's. */
record MapKeeper(ShardCache shards, AtomicReference<@Nullable MetaTable> table, ShardNews news)
    implements ShardMap {
  @Override
  public void learn(List<ShardDescriptor> known) {
    shards.learn(known);
  }

  @Override
  public void recordSplit(ShardDescriptor parent, ShardDescriptor child) {
    ready().recordSplit(parent, child);
  }

  @Override
  public void recordMerge(ShardDescriptor merged, ShardDescriptor right) {
    ready().recordMerge(merged, right);
  }

  private MetaTable ready() {
    MetaTable ready = table.get();
    if (ready == null) {
      throw new KvException(
          new KvError.Unavailable(ShardDescriptor.META_SHARD_ID, "the node is starting"));
    }
    return ready;
  }

  @Override
  public boolean recordMove(ShardDescriptor shard) {
    MetaTable ready = table.get();
    if (ready == null) {
      throw new KvException(
          new KvError.Unavailable(ShardDescriptor.META_SHARD_ID, "the node is starting"));
    }
    return ready.recordMove(shard);
  }

  @Override
  public void tell(ShardDescriptor shard, Collection<Integer> nodes) {
    news.tell(shard, nodes);
  }
}
