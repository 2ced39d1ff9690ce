package io.shardforge.raft.sim;

import io.shardforge.raft.group.GroupFactory;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.group.ReplicatedState;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.raft.placement.LeaderBalancer;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.placement.ShardNews;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.route.AddressBook;
import io.shardforge.raft.route.GatewayLocks;
import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.LocalReplicas;
import io.shardforge.raft.route.Locality;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.ShardCache;
import io.shardforge.raft.route.ShardRouter;
import io.shardforge.raft.shard.AbandonedSpans;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.shard.ReplicaContext;
import io.shardforge.raft.shard.ReplicaMonitor;
import io.shardforge.raft.shard.Replicas;
import io.shardforge.raft.shard.ScanCache;
import io.shardforge.raft.shard.ShardMap;
import io.shardforge.raft.txn.TxnCoordinator;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.MemoryEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One start of one node of a simulation: the real layers on simulated clock, disk and network. */
final class SimNode {
  private static final Pattern ARRAY = Pattern.compile("\\[B@[0-9a-f]+");
  private static final Duration TEND_PAUSE = Duration.ofSeconds(1);
  private static final Duration SPLIT_TIME = Duration.ofSeconds(10);
  private static final Duration ENDED_MAX = Duration.ofSeconds(30);

  private final int id;
  private final SimCluster cluster;
  private final SimScheduler.SimProcess process;
  private final SimClock clock;

  /** Room for all that a simulation writes: what Caffeine drops is not the same each time. */
  private static final long SCAN_CACHE_BYTES = 256L << 20;

  private final SimEngine engine;
  private final Replicas replicas;
  private final TxnCoordinator transactions;
  private final ShardSplitter splitter;
  private final ShardMerger merger;
  private final ShardCache shards;
  private final ShardRouter router;
  private final ShardNews news;
  private final LeaderBalancer balancer;
  private final Map<Long, MonotonicTimer> endedFor = new TreeMap<>();
  private final RandomGenerator random;

  /** Starts a node on what its disk holds; to be called on a thread of its process. */
  SimNode(
      int id,
      SimCluster cluster,
      SimScheduler.SimProcess process,
      SimClock clock,
      SimEngine engine,
      RandomGenerator random) {
    this.id = id;
    this.cluster = cluster;
    this.process = process;
    this.clock = clock;
    this.engine = engine;
    this.random = random;
    Randomness randomness = Randomness.seeded(random.nextLong());
    RpcServices services = new RpcServices(clock);
    NodeDialer dialer = cluster.network().dialer(id, clock, process);
    this.shards = new ShardCache(cluster.firstShards(), this::readMap, clock);
    Own own = new Own();
    this.router = new ShardRouter(() -> id, own, dialer, clock, randomness, PageWork.NONE);
    TimestampClient timestamps = new TimestampClient(id, shards, router, clock);
    AddressBook book = new AddressBook();
    for (int node : cluster.nodeIds()) {
      var _ =
          book.learn(
              new NodeAddress(node, 1, 1, new HostPort("node" + node, 1), "", "", Locality.NONE));
    }
    GatewayLocks locks =
        new GatewayLocks(
            () -> id,
            book,
            dialer,
            node -> cluster.network().isUp(id, node) && cluster.network().isUp(node, id),
            clock);
    ScanCache scans = ScanCache.ofEverything(SCAN_CACHE_BYTES);
    this.replicas =
        new Replicas(
            new ReplicaContext(
                id,
                scans.over(engine),
                scans,
                clock,
                process,
                timestamps,
                shards,
                router,
                cluster.settings(),
                () -> false,
                new AbandonedSpans(),
                locks,
                new MapKeeper(),
                ReplicaMonitor.NONE));
    timestamps.useLocal(replicas);
    this.transactions =
        new TxnCoordinator(id, shards, router, timestamps, clock, randomness, process);
    transactions.commitInParallel(cluster.parallel());
    router.register(services, process);
    locks.register(services, process, transactions::locksIn);
    cluster.network().attach(id, process, services);
    this.merger = new ShardMerger(shards, router, clock);
    this.splitter = new ShardSplitter(shards, router, cluster::nextShardId, clock);
    this.news = new ShardNews(id, dialer, clock);
    this.balancer =
        new LeaderBalancer(
            id,
            RaftGroup::follows,
            _ -> false,
            this::groupOf,
            (group, node) -> handOver(group.shardId(), node),
            clock);
    replicas.openAll(cluster.firstShards(), new Logs());
    news.register(
        services,
        process,
        shard -> {
          shards.learn(List.of(shard));
          openAndDrop();
        });
    process.start("tend", this::tend);
  }

  /** The map of shards, as long as it can be reached. */
  private List<ShardDescriptor> readMap() {
    try {
      clock.sleep(Duration.ofMillis(random.nextInt(20)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return random.nextInt(4) == 0 ? List.of() : cluster.shards();
  }

  /** What replicas record in the map of shards: late, or not at this time. */
  private final class MapKeeper implements ShardMap {
    @Override
    public void learn(List<ShardDescriptor> news) {
      shards.learn(news);
    }

    @Override
    public void recordSplit(ShardDescriptor parent, ShardDescriptor child) {
      change(() -> cluster.record(List.of(parent, child)));
    }

    @Override
    public void recordMerge(ShardDescriptor merged, ShardDescriptor right) {
      change(() -> cluster.record(merged, right));
    }

    private void change(Runnable record) {
      try {
        clock.sleep(Duration.ofMillis(random.nextInt(300)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      boolean fails = random.nextInt(4) == 0;
      if (!fails || random.nextBoolean()) {
        record.run();
      }
      if (fails) {
        throw new KvException(new KvError.Unavailable(ShardDescriptor.META_SHARD_ID, "simulated"));
      }
    }

    @Override
    public boolean recordMove(ShardDescriptor shard) {
      change(() -> cluster.recordMove(shard));
      return cluster.isKnown(shard.shardId());
    }

    @Override
    public void tell(ShardDescriptor shard, Collection<Integer> nodes) {
      news.tell(shard, nodes);
    }
  }

  /** The node's parts of the logs. */
  private final class Logs implements GroupFactory {
    @Override
    public RaftGroup open(ShardDescriptor shard, ReplicatedState state) {
      SimLog log = cluster.log(shard.shardId());
      if (!log.membership().hasPart(id)) {
        throw new AssertionError("node " + id + " has no part of the log of " + shard);
      }
      return log.join(id, state, process, clock);
    }

    @Override
    public void seed(long shardId, List<String> members) throws IOException {
      cluster.seed(shardId, members, id);
    }

    @Override
    public void forget(long shardId) {
      cluster.forget(shardId, id);
    }
  }

  /** Has a shard cut at a key, if that can be done now. */
  void splitAt(byte[] key) {
    try {
      var _ = splitter.splitAt(key, Deadline.after(clock, SPLIT_TIME));
    } catch (KvException e) {
      cluster.detail(() -> "not split: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has two shards merged where a key lies between them, if that can be done now. */
  void mergeAt(byte[] key) {
    try {
      var _ = merger.mergeAt(key, Deadline.after(clock, SPLIT_TIME));
    } catch (KvException e) {
      cluster.detail(() -> "not merged: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has a shard's replicas moved, if that can be done now. */
  void move(long shardId, List<Integer> nodes) {
    for (ShardDescriptor shard : shards.all()) {
      if (shard.shardId() == shardId) {
        try {
          KvRequest request = new KvRequest.Move(nodes);
          KvResponse response =
              router.send(
                  shard, KvBatch.of(shard, null, Deadline.after(clock, SPLIT_TIME), request));
          cluster.detail(() -> "move asked for: " + brief(response));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return;
      }
    }
  }

  private @Nullable RaftGroup groupOf(ShardDescriptor shard) {
    Replica replica = replicas.get(shard.shardId());
    return replica == null ? null : replica.group();
  }

  /** Has another node lead a shard, if that can be done now. */
  void handOver(long shardId, int node) {
    Replica replica = replicas.get(shardId);
    if (replica != null) {
      var _ = replica.handOver(node);
    }
  }

  /** The node's replicas, as its router reaches them. */
  private final class Own implements LocalReplicas {
    @Override
    public boolean holds(long shardId) {
      return replicas.knows(shardId);
    }

    @Override
    public KvResponse serve(KvBatch batch) throws InterruptedException {
      KvResponse response = cluster.sabotage().serve(SimNode.this, batch);
      if (batch.isReadByAnybody()
          && response instanceof KvResponse.Done
          && !replicas.holdsLease(batch.shardId())) {
        cluster.servedByFollower();
      }
      if (response instanceof KvResponse.Done) {
        cluster.answered(batch.requests().getFirst());
      }
      cluster.detail(() -> process.name() + " asked " + brief(batch) + " says " + brief(response));
      return response;
    }
  }

  private static String brief(KvBatch batch) {
    TxnHeader txn = batch.txn();
    return "shard "
        + batch.shardId()
        + " by "
        + (txn == null ? "-" : txn.id())
        + brief(batch.requests());
  }

  private static String brief(KvResponse response) {
    return switch (response) {
      case KvResponse.Done done -> brief(done.results());
      case KvResponse.Failed failed -> brief(List.of(failed.error()));
    };
  }

  private static String brief(List<?> things) {
    StringBuilder text = new StringBuilder();
    for (Object thing : things) {
      // An array says nothing but where it happens to lie, which is another place in every run.
      String all = ARRAY.matcher(thing.toString()).replaceAll("bytes");
      text.append(' ').append(all, 0, Math.min(300, all.length()));
    }
    return text.toString();
  }

  /** Asks the replica that a batch is for. */
  KvResponse serve(KvBatch batch) throws InterruptedException {
    return replicas.serve(batch);
  }

  int id() {
    return id;
  }

  SimScheduler.SimProcess process() {
    return process;
  }

  SimClock clock() {
    return clock;
  }

  SimEngine engine() {
    return engine;
  }

  MemoryEngine store() {
    return engine.store();
  }

  TxnCoordinator transactions() {
    return transactions;
  }

  @Nullable Replica replica(long shardId) {
    return replicas.get(shardId);
  }

  List<Replica> replicas() {
    return List.copyOf(replicas.all());
  }

  private void openAndDrop() {
    replicas.openMissing(shards.all());
    replicas.dropGone(shards.all());
  }

  /** A node stops if one of its members has ended for so long and is not removed. */
  private void stopIfOver() {
    for (Replica replica : replicas.all()) {
      RaftGroup group = replica.group();
      if (group == null || group.hasLeft() || !cluster.log(group.shardId()).hasEnded(id)) {
        endedFor.remove(replica.shard().shardId());
      } else if (endedFor
              .computeIfAbsent(group.shardId(), _ -> MonotonicTimer.start(clock))
              .elapsed()
              .compareTo(ENDED_MAX)
          > 0) {
        cluster.restart(id);
        while (true) {
          // The node is dead: its threads are not run any more.
          LockSupport.park(this);
        }
      }
    }
  }

  /** What the node's server does every second or so. */
  private void tend() {
    try {
      while (true) {
        clock.sleep(TEND_PAUSE);
        transactions.heartbeat();
        replicas.maintain();
        shards.refresh();
        openAndDrop();
        balancer.balance(shards.all());
        stopIfOver();
        if (random.nextInt(3) == 0) {
          engine.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
