package io.shardforge.raft.shard;

import io.shardforge.raft.group.GroupsConfig;
import io.shardforge.raft.group.RatisGroups;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.raft.placement.LoadReports;
import io.shardforge.raft.placement.PlacementLoop;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.placement.ShardNews;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.route.GatewayLocks;
import io.shardforge.raft.route.LocalReplicas;
import io.shardforge.raft.route.RpcNode;
import io.shardforge.raft.route.ShardCache;
import io.shardforge.raft.route.ShardRouter;
import io.shardforge.raft.txn.TxnCoordinator;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.MemoryEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node on real logs and connections whose engine forgets in a crash what was not flushed. */
final class SplitNode implements AutoCloseable {
  private static final long UPKEEP_PAUSE_NANOS = 200_000_000;

  final RpcNode rpc;
  final MemoryEngine engine;
  final RatisGroups groups;
  final Replicas replicas;
  final ShardCache map;
  final TxnCoordinator transactions;
  final MetaTable metaTable;
  final ShardSplitter splitter;
  final ShardRouter router;
  final PlacementLoop placement;
  private final ShardNews news;
  volatile boolean places;
  final ShardMerger merger;
  private final Thread upkeep;
  private volatile boolean closed;

  SplitNode(
      RpcNode rpc,
      Path directory,
      MemoryEngine engine,
      boolean newStore,
      List<ShardDescriptor> known,
      ReplicaSettings settings,
      Consumer<Replicas.Step> steps,
      Consumer<String> fatal)
      throws IOException {
    this.rpc = rpc;
    this.engine = engine;
    int id = rpc.id();
    this.groups =
        new RatisGroups(
            GroupsConfig.of(directory, id, 1, newStore),
            rpc.dialer,
            rpc.services,
            rpc.book,
            rpc.handlers,
            rpc.blocking,
            rpc.blocking,
            rpc.clock,
            (reason, cause) -> fatal.accept(id + ": " + reason + " " + cause));
    AtomicReference<@Nullable MetaTable> table = new AtomicReference<>();
    AtomicReference<@Nullable Replicas> own = new AtomicReference<>();
    this.map =
        new ShardCache(
            known,
            () -> {
              MetaTable ready = table.get();
              return ready == null ? List.of() : ready.shards();
            },
            rpc.clock);
    LocalReplicas local =
        new LocalReplicas() {
          @Override
          public boolean holds(long shardId) {
            Replicas opened = own.get();
            return opened != null && opened.knows(shardId);
          }

          @Override
          public KvResponse serve(KvBatch batch) throws InterruptedException {
            Replicas opened = own.get();
            return opened == null
                ? new KvResponse.Failed(new KvError.NotLeader(batch.shardId(), 0))
                : opened.serve(batch);
          }
        };
    this.router =
        new ShardRouter(
            () -> id, local, rpc.dialer, rpc.clock, Randomness.seeded(id), PageWork.NONE);
    TimestampClient timestamps = new TimestampClient(id, map, router, rpc.clock);
    GatewayLocks locks =
        new GatewayLocks(() -> id, rpc.book, rpc.dialer, rpc.dialer::isConnected, rpc.clock);
    this.news = new ShardNews(id, rpc.dialer, rpc.clock);
    ScanCache scans = ScanCache.ofEverything(1L << 20);
    this.replicas =
        new Replicas(
            new ReplicaContext(
                id,
                scans.over(engine),
                scans,
                rpc.clock,
                rpc.blocking,
                timestamps,
                map,
                router,
                settings,
                () -> false,
                new AbandonedSpans(),
                locks,
                new ShardMap() {
                  @Override
                  public void learn(List<ShardDescriptor> shards) {
                    map.learn(shards);
                  }

                  @Override
                  public void recordSplit(ShardDescriptor parent, ShardDescriptor child) {
                    MetaTable ready = table.get();
                    if (ready == null) {
                      throw new KvException(new KvError.Unavailable(1, "starting"));
                    }
                    ready.recordSplit(parent, child);
                  }

                  @Override
                  public boolean recordMove(ShardDescriptor shard) {
                    MetaTable ready = table.get();
                    if (ready == null) {
                      throw new KvException(new KvError.Unavailable(1, "starting"));
                    }
                    return ready.recordMove(shard);
                  }

                  @Override
                  public void tell(ShardDescriptor shard, Collection<Integer> nodes) {
                    news.tell(shard, nodes);
                  }

                  @Override
                  public void recordMerge(ShardDescriptor merged, ShardDescriptor right) {
                    MetaTable ready = table.get();
                    if (ready == null) {
                      throw new KvException(new KvError.Unavailable(1, "starting"));
                    }
                    ready.recordMerge(merged, right);
                  }
                },
                ReplicaMonitor.NONE));
    replicas.onStep(steps);
    own.set(replicas);
    timestamps.useLocal(replicas);
    this.transactions =
        new TxnCoordinator(
            id, map, router, timestamps, rpc.clock, Randomness.secure(), rpc.blocking);
    this.metaTable = new MetaTable(transactions, rpc.clock);
    table.set(metaTable);
    this.splitter = new ShardSplitter(map, router, metaTable::nextShardId, rpc.clock);
    LoadReports loads = new LoadReports(id, replicas::loads, rpc.dialer, rpc.clock);
    loads.register(rpc.services, rpc.blocking);
    this.placement =
        new PlacementLoop(
            new PlacementLoop.Shards() {
              @Override
              public List<ShardDescriptor> read() {
                map.refresh();
                return map.all();
              }

              @Override
              public void stale(ShardDescriptor shard) {
                map.stale(shard);
              }

              @Override
              public void splitAt(byte[] key, Deadline deadline) throws InterruptedException {
                var _ = splitter.splitAt(key, deadline);
              }
            },
            loads,
            metaTable,
            router,
            rpc.dialer::isConnected,
            rpc.blocking,
            rpc.clock);
    this.merger = new ShardMerger(map, router, rpc.clock);
    router.register(rpc.services, rpc.blocking);
    locks.register(rpc.services, rpc.blocking, transactions::locksIn);
    replicas.openAll(known, groups);
    news.register(
        rpc.services,
        rpc.blocking,
        shard -> {
          map.learn(List.of(shard));
          replicas.openMissing(map.all());
          replicas.dropGone(map.all());
        });
    this.upkeep = Thread.ofPlatform().daemon().start(this::keepUp);
  }

  private void keepUp() {
    while (!closed) {
      try {
        groups.tend();
        placement.wake();
        Replica meta = replicas.get(ShardDescriptor.META_SHARD_ID);
        placement.round(places && meta != null && meta.holdsLease());
        transactions.heartbeat();
        replicas.maintain();
        map.refresh();
        replicas.openMissing(map.all());
        replicas.dropGone(map.all());
      } catch (KvException e) {
        // The cluster's tables cannot be reached now.
      } catch (InterruptedException e) {
        return;
      }
      rpc.clock.parkNanos(this, UPKEEP_PAUSE_NANOS);
    }
  }

  /** Makes connections to other nodes, so that it is known that they are there. */
  void greetAll(Collection<Integer> others) {
    for (int other : others) {
      if (other != rpc.id()) {
        news.tell(map.all().getFirst(), List.of(other));
      }
    }
  }

  /** Ends the node as a crash would; returns what its engine is found to hold. */
  MemoryEngine crash() {
    close();
    return engine.crash();
  }

  @Override
  public void close() {
    closed = true;
    upkeep.interrupt();
    try {
      upkeep.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    groups.close();
    rpc.close();
  }
}
