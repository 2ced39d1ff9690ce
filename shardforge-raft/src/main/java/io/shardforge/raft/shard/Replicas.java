package io.shardforge.raft.shard;

import io.shardforge.raft.group.GroupFactory;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.storage.mvcc.HistoryGc;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All replicas of one node: finds the one that a batch is for, and does the upkeep of all. For any
 * thread.
 */
public final class Replicas implements TimestampClient.LocalOracle {
  /** Rounds of upkeep between looks at what abandoned tables left behind. */
  private static final int ROUNDS_A_DROP = 5;

  private final ReplicaContext context;
  private final HistoryGc historyGc;
  private final ConcurrentHashMap<Long, Replica> byShard = new ConcurrentHashMap<>();
  private volatile @Nullable Replica meta;

  /** The thread's that calls {@link #maintain}. */
  private int rounds;

  public Replicas(ReplicaContext context) {
    this.context = context;
    this.historyGc = new HistoryGc(context.engine());
  }

  /** Opens this node's copy of a shard and joins its log; the copy that is open if it is. */
  public Replica open(ShardDescriptor shard, GroupFactory groups) {
    Replica replica = new Replica(context, shard);
    Replica known = byShard.putIfAbsent(shard.shardId(), replica);
    if (known != null) {
      return known;
    }
    if (shard.isMeta()) {
      meta = replica;
    }
    replica.open(groups);
    return replica;
  }

  public @Nullable Replica get(long shardId) {
    return byShard.get(shardId);
  }

  public Collection<Replica> all() {
    return List.copyOf(byShard.values());
  }

  /**
   * Serves a batch on the calling thread, if this node holds the shard's lease; else says who
   * leads.
   */
  public KvResponse serve(KvBatch batch) throws InterruptedException {
    Replica replica = byShard.get(batch.shardId());
    return replica == null
        ? new KvResponse.Failed(new KvError.NotLeader(batch.shardId(), 0))
        : replica.serve(batch);
  }

  /** Whether this node holds the shard's lease, so that {@link #serve} will most likely answer. */
  public boolean holdsLease(long shardId) {
    Replica replica = byShard.get(shardId);
    return replica != null && replica.holdsLease();
  }

  @Override
  public KvResult.@Nullable OracleReply tryNext(int nodeId, long oldestReadTs) {
    Replica replica = meta;
    return replica == null ? null : replica.tryNextTimestamp(nodeId, oldestReadTs);
  }

  /** One round of upkeep; to be called about once a second by one thread. */
  public void maintain() throws InterruptedException {
    long threshold = Long.MAX_VALUE;
    boolean dropsSpans = ++rounds % ROUNDS_A_DROP == 0;
    for (Replica replica : byShard.values()) {
      replica.maintain();
      long durable = replica.durableGcThreshold();
      threshold = Math.min(threshold, durable);
      if (dropsSpans) {
        context.abandoned().drop(context.engine(), replica.span(), durable);
      }
    }
    if (threshold != Long.MAX_VALUE && threshold > 0) {
      historyGc.dropBuckets(threshold);
    }
  }

  /** Leaves all logs. */
  public void close() {
    byShard.values().forEach(Replica::close);
  }
}
