package io.shardforge.raft.sim;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.raft.route.AddressBook;
import io.shardforge.raft.route.GatewayLocks;
import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.LocalReplicas;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.ShardCache;
import io.shardforge.raft.route.ShardRouter;
import io.shardforge.raft.shard.AbandonedSpans;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.shard.ReplicaContext;
import io.shardforge.raft.shard.Replicas;
import io.shardforge.raft.shard.ShardMap;
import io.shardforge.raft.txn.TxnCoordinator;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.MemoryEngine;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One start of one node of a simulation: the real layers on simulated clock, disk and network. */
final class SimNode {
  private static final Pattern ARRAY = Pattern.compile("\\[B@[0-9a-f]+");
  private static final Duration TEND_PAUSE = Duration.ofSeconds(1);

  private final int id;
  private final SimCluster cluster;
  private final SimScheduler.SimProcess process;
  private final SimClock clock;
  private final SimEngine engine;
  private final Replicas replicas;
  private final TxnCoordinator transactions;
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
    ShardCache shards = new ShardCache(cluster.shards(), cluster::shards, clock);
    Own own = new Own();
    ShardRouter router = new ShardRouter(() -> id, own, dialer, clock, randomness);
    TimestampClient timestamps = new TimestampClient(id, shards, router, clock);
    AddressBook book = new AddressBook();
    for (int node : cluster.nodeIds()) {
      var _ = book.learn(new NodeAddress(node, 1, 1, new HostPort("node" + node, 1), "", ""));
    }
    GatewayLocks locks =
        new GatewayLocks(
            () -> id,
            book,
            dialer,
            node -> cluster.network().isUp(id, node) && cluster.network().isUp(node, id),
            clock);
    this.replicas =
        new Replicas(
            new ReplicaContext(
                id,
                engine,
                clock,
                process,
                timestamps,
                shards,
                router,
                cluster.settings(),
                () -> false,
                new AbandonedSpans(),
                locks,
                new Map(shards)));
    timestamps.useLocal(replicas);
    this.transactions =
        new TxnCoordinator(id, shards, router, timestamps, clock, randomness, process);
    router.register(services, process);
    locks.register(services, process, transactions::locksIn);
    cluster.network().attach(id, process, services);
    for (ShardDescriptor shard : cluster.shards()) {
      var _ =
          replicas.open(
              shard,
              (joined, state) -> cluster.log(joined.shardId()).join(id, state, process, clock));
    }
    process.start("tend", this::tend);
  }

  /** The map of shards, of which all stay as they are. */
  private record Map(ShardCache cache) implements ShardMap {
    @Override
    public void learn(List<ShardDescriptor> shards) {
      cache.learn(shards);
    }

    @Override
    public void recordSplit(ShardDescriptor parent, ShardDescriptor child) {
      throw new AssertionError("nobody splits shard " + parent.shardId());
    }
  }

  /** The node's replicas, as its router reaches them. */
  private final class Own implements LocalReplicas {
    @Override
    public boolean holds(long shardId) {
      return replicas.get(shardId) != null;
    }

    @Override
    public KvResponse serve(KvBatch batch) throws InterruptedException {
      KvResponse response = cluster.sabotage().serve(SimNode.this, batch);
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
    return cluster.shards().stream().map(shard -> replicas.get(shard.shardId())).toList();
  }

  /** What the node's server does every second or so. */
  private void tend() {
    try {
      while (true) {
        clock.sleep(TEND_PAUSE);
        transactions.heartbeat();
        replicas.maintain();
        if (random.nextInt(3) == 0) {
          engine.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
