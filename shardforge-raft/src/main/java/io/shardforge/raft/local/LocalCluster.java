package io.shardforge.raft.local;

import io.shardforge.raft.group.GroupFactory;
import io.shardforge.raft.group.LocalLog;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes, a meta shard and data shards in one process: the real transactions and replicas on engines
 * in memory and on {@link LocalLog}. Must be closed.
 */
public final class LocalCluster implements ShardLocator, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final Duration UPKEEP_PAUSE = Duration.ofSeconds(1);

  private final Clock clock;
  private final List<LocalNode> nodes = new ArrayList<>();
  private final List<ShardDescriptor> shards = new ArrayList<>();
  private final Map<Long, LocalLog> logs = new HashMap<>();
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
      LocalLog log = log(shard.shardId());
      // Whoever joins a log first leads it.
      for (int j = 0; j < nodeCount; j++) {
        LocalNode node = nodes.get((i + j) % nodeCount);
        GroupFactory join = (_, state) -> log.join(node.id(), state);
        node.replicas().open(shard, join);
      }
    }
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
    for (ShardDescriptor shard : shards) {
      if (shard.span().contains(key)) {
        return shard;
      }
    }
    throw new IllegalArgumentException("no shard holds the key");
  }

  @Override
  public List<ShardDescriptor> locate(KeySpan span) {
    return shards.stream().filter(shard -> shard.span().overlaps(span)).toList();
  }

  @Override
  public void stale(ShardDescriptor known) {
    // The map never changes here.
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
