package io.shardforge.raft.local;

import io.shardforge.raft.group.GroupFactory;
import io.shardforge.raft.group.LocalLog;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.group.ReplicatedState;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.placement.ReplicaComparison;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.raft.shard.ShardMap;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.ReplicaSpans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes, a meta shard and data shards in one process: the real transactions and replicas on engines
 * in memory and on {@link LocalLog}. Must be closed.
 */
public final class LocalCluster implements ShardLocator, ShardMap, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final Duration UPKEEP_PAUSE = Duration.ofSeconds(1);

  private final Clock clock;
  private final List<LocalNode> nodes = new ArrayList<>();
  private final List<ShardDescriptor> shards = new CopyOnWriteArrayList<>();
  private final Map<Long, LocalLog> logs = new ConcurrentHashMap<>();
  private final AtomicLong shardIds = new AtomicLong(1_000);
  private volatile boolean mapCutOff;
  private volatile boolean closed;

  private LocalCluster(Clock clock) {
    this.clock = clock;
  }

  /** One node with this many data shards; its tasks run on virtual threads. */
  public static LocalCluster start(int dataShards, Clock clock) {
    return start(
        1,
        dataShards,
        clock,
        Randomness.secure(),
        Thread::startVirtualThread,
        ReplicaSettings.defaults());
  }

  /**
   * Nodes that each have a replica of every shard; leaders are spread over them.
   *
   * @param executor runs tasks that block; upkeep and heartbeats run on it, too
   */
  public static LocalCluster start(
      int nodes,
      int dataShards,
      Clock clock,
      Randomness randomness,
      Executor executor,
      ReplicaSettings settings) {
    LocalCluster cluster = new LocalCluster(clock);
    List<Integer> nodeIds = IntStream.rangeClosed(1, nodes).boxed().toList();
    cluster.shards.add(
        new ShardDescriptor(ShardDescriptor.META_SHARD_ID, KeySpace.metaSpan(), 1, nodeIds));
    for (KeySpan span : KeySpace.dataShardSpans(dataShards)) {
      cluster.shards.add(new ShardDescriptor(cluster.shards.size() + 1L, span, 1, nodeIds));
    }
    for (ShardDescriptor shard : cluster.shards) {
      cluster.logs.put(shard.shardId(), new LocalLog(shard.shardId()));
    }
    for (int id : nodeIds) {
      cluster.nodes.add(
          new LocalNode(id, cluster, new MemoryEngine(), clock, randomness, executor, settings));
    }
    cluster.open(nodes);
    executor.execute(cluster::keepUp);
    return cluster;
  }

  private void open(int nodeCount) {
    for (int i = 0; i < shards.size(); i++) {
      ShardDescriptor shard = shards.get(i);
      // Whoever joins a log first leads it.
      for (int j = 0; j < nodeCount; j++) {
        LocalNode node = nodes.get((i + j) % nodeCount);
        node.replicas().open(shard, new Logs(node.id()));
      }
    }
  }

  /** One node's way to the logs. */
  private final class Logs implements GroupFactory {
    private final int nodeId;

    Logs(int nodeId) {
      this.nodeId = nodeId;
    }

    @Override
    public RaftGroup open(ShardDescriptor shard, ReplicatedState state) {
      return log(shard.shardId()).join(nodeId, state);
    }

    @Override
    public void seed(long shardId, List<String> members) {
      logs.computeIfAbsent(shardId, LocalLog::seeded);
    }

    @Override
    public void forget(long shardId) {
      // What is left of it is in memory.
    }
  }

  // ---- The map of shards ----

  @Override
  public void learn(List<ShardDescriptor> known) {
    // The map is at hand.
  }

  @Override
  public synchronized void recordSplit(ShardDescriptor parent, ShardDescriptor child) {
    if (mapCutOff) {
      throw new KvException(
          new KvError.Unavailable(ShardDescriptor.META_SHARD_ID, "the map was made unreachable"));
    }
    logs.computeIfAbsent(child.shardId(), LocalLog::seeded);
    if (shards.stream().noneMatch(shard -> shard.shardId() == child.shardId())) {
      shards.add(child);
      shards.replaceAll(shard -> shard.shardId() == parent.shardId() ? parent : shard);
    }
  }

  @Override
  public synchronized boolean recordMove(ShardDescriptor moved) {
    if (mapCutOff) {
      throw new KvException(
          new KvError.Unavailable(ShardDescriptor.META_SHARD_ID, "the map was made unreachable"));
    }
    shards.replaceAll(shard ->
        shard.shardId() == moved.shardId() && shard.epoch() < moved.epoch() ? moved : shard);
    return shards.stream().anyMatch(shard -> shard.shardId() == moved.shardId());
  }

  @Override
  public void tell(ShardDescriptor shard, Collection<Integer> nodes) {
    // The map is at hand.
  }

  @Override
  public synchronized void recordMerge(ShardDescriptor merged, ShardDescriptor right) {
    if (mapCutOff) {
      throw new KvException(
          new KvError.Unavailable(ShardDescriptor.META_SHARD_ID, "the map was made unreachable"));
    }
    shards.replaceAll(shard ->
        shard.shardId() == merged.shardId() && shard.epoch() < merged.epoch() ? merged : shard);
    shards.removeIf(shard -> shard.shardId() == right.shardId());
  }

  /** Merges shards, as the first node asks for it. */
  public ShardMerger merger() {
    return new ShardMerger(this, node(1), clock);
  }

  /** Splits shards, as the first node asks for it. */
  public ShardSplitter splitter() {
    return new ShardSplitter(this, node(1), shardIds::incrementAndGet, clock);
  }

  /** What a cluster lets its operator do. */
  public ClusterControl control() {
    return new ClusterControl(
        this,
        node(1),
        splitter(),
        merger(),
        () ->
            nodes.stream()
                .map(node ->
                    new ClusterControl.NodeStatus(node.id(), 1, "", "", "", "", node.isUp()))
                .toList(),
        id -> node(id).isUp(),
        new MetaTable(transactions(), clock),
        new ReplicaComparison(this, node(1), (id, _, batch) -> askReplica(id, batch), clock),
        this::sizes,
        ids -> ids.stream().flatMap(id -> node(id).replicas().waits().stream()).toList(),
        clock);
  }

  private Map<Integer, Long> sizes(Map<Integer, List<KeySpan>> spans) {
    Map<Integer, Long> sizes = new HashMap<>();
    spans.forEach((id, own) -> sizes.put(id, ReplicaSpans.sizeBytes(node(id).engine(), own)));
    return sizes;
  }

  /** Asks one replica, again while the shard is not there yet: a node opens a child by and by. */
  private KvResponse askReplica(int id, KvBatch batch) throws InterruptedException {
    while (true) {
      KvResponse response = node(id).serve(batch);
      boolean again =
          response instanceof KvResponse.Failed failed
              && failed.error() instanceof KvError.NotLeader
              && !batch.deadline().isExpired(clock);
      if (!again) {
        return response;
      }
      clock.sleep(LocalNode.RETRY_PAUSE);
    }
  }

  /** Makes the map of shards take no news, or take them again. */
  public void setMapCutOff(boolean cutOff) {
    mapCutOff = cutOff;
  }

  /** The transactions of the first node. */
  public TxnClient transactions() {
    return node(1).transactions();
  }

  /** Nodes are numbered from 1. */
  public LocalNode node(int id) {
    return nodes.get(id - 1);
  }

  public List<LocalNode> nodes() {
    return List.copyOf(nodes);
  }

  public List<ShardDescriptor> shards() {
    return List.copyOf(shards);
  }

  /** The log of a shard, to make things go wrong. */
  public LocalLog log(long shardId) {
    LocalLog log = logs.get(shardId);
    if (log == null) {
      throw new IllegalArgumentException("no shard " + shardId);
    }
    return log;
  }

  /** Cuts a node off from all others; it goes on believing what it believed. */
  public void cutOff(int nodeId) {
    node(nodeId).setUp(false);
    logs.values().forEach(log -> log.cutOff(nodeId));
  }

  /** Ends a {@link #cutOff}. */
  public void reconnect(int nodeId) {
    node(nodeId).setUp(true);
    logs.values().forEach(log -> log.reconnect(nodeId));
  }

  @Override
  public ShardDescriptor locate(byte[] key) {
    ShardDescriptor found = null;
    for (ShardDescriptor shard : shards) {
      // While a split is being recorded, the newer one counts.
      if (shard.span().contains(key) && (found == null || shard.epoch() > found.epoch())) {
        found = shard;
      }
    }
    if (found != null) {
      return found;
    }
    throw new IllegalArgumentException("no shard holds the key");
  }

  @Override
  public List<ShardDescriptor> locate(KeySpan span) {
    return shards.stream()
        .filter(shard -> shard.span().overlaps(span))
        .sorted((a, b) -> Bytes.compare(a.span().start(), b.span().start()))
        .toList();
  }

  @Override
  public void stale(ShardDescriptor known) {
    // Whoever asks again sees the map as it is.
  }

  /** The locks of the transactions of all nodes that are reached. */
  List<ReportedLock> locksIn(KeySpan span) {
    return nodes.stream()
        .filter(LocalNode::isUp)
        .flatMap(node -> node.transactions().locksIn(span).stream())
        .toList();
  }

  private void keepUp() {
    try {
      while (!closed) {
        clock.sleep(UPKEEP_PAUSE);
        for (LocalNode node : nodes) {
          if (!closed && node.isUp()) {
            node.transactions().heartbeat();
            node.replicas().maintain();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("upkeep of a local cluster ended", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (LocalNode node : nodes) {
      node.replicas().close();
    }
  }
}
