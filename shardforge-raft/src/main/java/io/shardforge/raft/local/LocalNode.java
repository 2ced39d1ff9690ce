package io.shardforge.raft.local;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WorkedScans;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.raft.shard.AbandonedSpans;
import io.shardforge.raft.shard.ReplicaContext;
import io.shardforge.raft.shard.ReplicaMonitor;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.raft.shard.Replicas;
import io.shardforge.raft.shard.ScanCache;
import io.shardforge.raft.txn.TxnCoordinator;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.Engine;
import java.time.Duration;
import java.util.concurrent.Executor;

/** One node of a {@link LocalCluster}: an engine, a replica of each shard, and a gateway. */
public final class LocalNode implements KvSender {
  static final Duration RETRY_PAUSE = Duration.ofMillis(1);

  /** How long a batch without a deadline of its own looks for a leader. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int id;
  private final LocalCluster cluster;
  private final Clock clock;
  private static final long SCAN_CACHE_BYTES = 16L << 20;

  private final ScanCache scans = ScanCache.ofEverything(SCAN_CACHE_BYTES);
  private final Engine engine;
  private final TimestampClient timestamps;
  private final Replicas replicas;
  private final TxnCoordinator coordinator;
  private volatile boolean up = true;
  private volatile boolean spaceLow;
  private volatile WorkedScans worked;

  LocalNode(
      int id,
      LocalCluster cluster,
      Engine engine,
      Clock clock,
      Randomness randomness,
      Executor executor,
      ReplicaSettings settings) {
    this.id = id;
    this.cluster = cluster;
    this.clock = clock;
    this.engine = engine;
    this.worked = new WorkedScans(PageWork.NONE, clock);
    this.timestamps = new TimestampClient(id, cluster, this, clock);
    this.replicas =
        new Replicas(
            new ReplicaContext(
                id,
                scans.over(engine),
                scans,
                clock,
                executor,
                timestamps,
                cluster,
                this,
                settings,
                () -> spaceLow,
                new AbandonedSpans(),
                cluster::locksIn,
                cluster,
                ReplicaMonitor.NONE));
    this.timestamps.useLocal(replicas);
    this.coordinator =
        new TxnCoordinator(id, cluster, this, timestamps, clock, randomness, executor);
  }

  public int id() {
    return id;
  }

  public TxnCoordinator transactions() {
    return coordinator;
  }

  public Replicas replicas() {
    return replicas;
  }

  public TimestampClient timestamps() {
    return timestamps;
  }

  public ScanCache scans() {
    return scans;
  }

  public Engine engine() {
    return engine;
  }

  /** Makes the node act as if its disk were nearly full, or had space again. */
  public void setSpaceLow(boolean low) {
    spaceLow = low;
  }

  /** What it does with rows that other nodes ask for. */
  public void workPages(PageWork work) {
    worked = new WorkedScans(work, clock);
  }

  /** Whether others reach it. */
  boolean isUp() {
    return up;
  }

  void setUp(boolean reachable) {
    up = reachable;
  }

  /** What the replica on this node answers, if the node is up. */
  KvResponse serve(KvBatch batch) throws InterruptedException {
    return up
        ? replicas.serve(batch)
        : new KvResponse.Failed(new KvError.Unavailable(batch.shardId(), "the node is down"));
  }

  @Override
  public KvResponse ask(int nodeId, KvBatch batch) throws InterruptedException {
    LocalNode node = cluster.node(nodeId);
    return up && node.up
        ? node.replicas.serve(batch)
        : new KvResponse.Failed(new KvError.Unavailable(batch.shardId(), "cut off"));
  }

  @Override
  public KvResponse send(ShardDescriptor shard, KvBatch batch) throws InterruptedException {
    Deadline deadline = batch.deadline().earlier(Deadline.after(clock, PATIENCE));
    int target = id;
    boolean ambiguous = false;
    while (true) {
      LocalNode node = cluster.node(target);
      KvResponse response =
          up && node.up
              ? node == this
                  ? replicas.serve(batch)
                  : node.worked.serve(batch, node.replicas::serve)
              : new KvResponse.Failed(new KvError.NotLeader(shard.shardId(), 0));
      if (!(response instanceof KvResponse.Failed failed)) {
        return response;
      }
      ambiguous |= failed.error() instanceof KvError.Ambiguous;
      boolean again =
          switch (failed.error()) {
            case KvError.NotLeader _, KvError.Overloaded _, KvError.Ambiguous _ -> true;
            default -> false;
          };
      if (!again || deadline.isExpired(clock)) {
        if (ambiguous && !batch.isRepeatable()) {
          return new KvResponse.Failed(new KvError.Ambiguous(shard.shardId()));
        }
        return again
            ? new KvResponse.Failed(
                new KvError.Unavailable(shard.shardId(), "no lease holder answers"))
            : response;
      }
      int leader = cluster.log(shard.shardId()).leaderNode();
      if (leader == target || leader == 0) {
        clock.sleep(RETRY_PAUSE);
      }
      target = leader == 0 ? id : leader;
    }
  }
}
