package io.shardforge.server;

import com.sun.management.ThreadMXBean;
import io.shardforge.raft.group.FatalHandler;
import io.shardforge.raft.group.GroupsConfig;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.group.RatisGroups;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ReplicaSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.ClusterPlan;
import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.Membership;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.meta.NodeFile;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.raft.placement.AutomaticMerges;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.placement.FullNodes;
import io.shardforge.raft.placement.HashedTables;
import io.shardforge.raft.placement.LeaderBalancer;
import io.shardforge.raft.placement.LeaderRelief;
import io.shardforge.raft.placement.LoadReports;
import io.shardforge.raft.placement.LoadSplits;
import io.shardforge.raft.placement.PlacementLoop;
import io.shardforge.raft.placement.ReplicaComparison;
import io.shardforge.raft.placement.Scrub;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.placement.ShardNews;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.raft.placement.SizeSplits;
import io.shardforge.raft.placement.SpanSizes;
import io.shardforge.raft.placement.WaitReports;
import io.shardforge.raft.route.GatewayLocks;
import io.shardforge.raft.route.LocalReplicas;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.Peers;
import io.shardforge.raft.route.ShardCache;
import io.shardforge.raft.route.ShardRouter;
import io.shardforge.raft.shard.AbandonedSpans;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.shard.ReplicaContext;
import io.shardforge.raft.shard.ReplicaMonitor;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.raft.shard.Replicas;
import io.shardforge.raft.shard.ScanCache;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.raft.txn.TxnCoordinator;
import io.shardforge.sql.exec.LeafScans;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.DiskReserve;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.StoreDirectory;
import io.shardforge.storage.engine.StoreIdentity;
import io.shardforge.storage.engine.rocks.RocksEngine;
import io.shardforge.storage.engine.rocks.RocksLibrary;
import io.shardforge.storage.engine.rocks.RocksOptions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a node that exists once it belongs to a cluster: its replicas and transactions. */
final class Member implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Member.class);

  /** Entries that a restart would apply again before the engine is flushed for their sake. */
  private static final long REPLAY_ENTRIES_MAX = 50_000;

  /** The time after which even a few entries are flushed, so that no log grows old. */
  private static final Duration FLUSH_INTERVAL = Duration.ofMinutes(5);

  /** The same while space is low, because logs that are not needed any more give some back. */
  private static final Duration FLUSH_INTERVAL_LOW = Duration.ofSeconds(2);

  /** How often the map of shards is read even if nobody found it out of date. */
  private static final Duration MAP_INTERVAL = Duration.ofSeconds(10);

  private static final Duration ANNOUNCE_PAUSE = Duration.ofMillis(200);
  private static final long HANDOVER_SECONDS_MAX = 5;

  private final Links links;
  private final StoreDirectory store;
  private final DiskReserve disk;
  private final FatalHandler fatal;
  private final Engine engine;
  private final ScanCache scans;
  private final RatisGroups groups;
  private final Replicas replicas;
  private final AbandonedSpans abandoned;
  private final ShardCache shards;
  private final TxnCoordinator transactions;
  private final MetaTable metaTable;
  private final ClusterControl control;
  private final SizeSplits sizeSplits;
  private final LoadSplits loadSplits;
  private final AutomaticMerges automaticMerges;
  private final PlacementLoop placement;
  private final Scrub scrub;
  private final LeaderBalancer balancer;
  private final FullNodes full;
  private final LeaderRelief relief;
  private final Peers peers;
  private final Clock clock;
  private final AtomicReference<NodeFile> file;
  private final IdleMemory idle = new IdleMemory();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private MonotonicTimer sinceFlush;
  private MonotonicTimer sinceMapRead;
  private volatile long shardSizeMax = ClusterSetting.SHARD_SIZE_MAX.defaultNumber();
  private volatile long shardLoadMax = ClusterSetting.SHARD_LOAD_MAX.defaultNumber();
  private volatile boolean announced;

  private Member(
      Links links,
      StoreDirectory store,
      DiskReserve disk,
      FatalHandler fatal,
      Engine engine,
      ScanCache scans,
      RatisGroups groups,
      Replicas replicas,
      AbandonedSpans abandoned,
      ShardCache shards,
      TxnCoordinator transactions,
      MetaTable metaTable,
      KvSender sender,
      ReplicaSender replicaSender,
      NodeFile file) {
    this.links = links;
    this.store = store;
    this.disk = disk;
    this.fatal = fatal;
    this.engine = engine;
    this.scans = scans;
    this.groups = groups;
    this.replicas = replicas;
    this.abandoned = abandoned;
    this.shards = shards;
    this.transactions = transactions;
    this.metaTable = metaTable;
    this.clock = links.clock();
    ShardMerger merger = new ShardMerger(shards, sender, clock);
    ShardSplitter splitter = new ShardSplitter(shards, sender, metaTable::nextShardId, clock);
    ReplicaComparison comparison = new ReplicaComparison(shards, sender, replicaSender, clock);
    this.control =
        new ClusterControl(
            shards,
            sender,
            splitter,
            merger,
            () -> metaTable.nodes().stream().map(this::statusOf).toList(),
            node -> node == file.self().nodeId() || links.dialer().isConnected(node),
            metaTable,
            comparison,
            new SpanSizes(file.self().nodeId(), engine, links.dialer(), clock)
                .register(links.services(), links.blocking()),
            new WaitReports(file.self().nodeId(), replicas::waits, links.dialer(), clock)
                .register(links.services(), links.blocking()),
            clock);
    this.scrub =
        new Scrub(
            shards::all,
            metaTable,
            comparison,
            abandoned::overlaps,
            sender,
            transactions,
            links.copying(),
            clock);
    this.sizeSplits =
        new SizeSplits(
            splitter, metaTable::noteOwnBorder, () -> shardSizeMax, links.blocking(), clock);
    this.loadSplits =
        new LoadSplits(
            splitter::splitAt,
            metaTable::noteOwnBorder,
            () -> shardLoadMax,
            links.blocking(),
            clock);
    this.automaticMerges =
        new AutomaticMerges(
            new AutomaticMerges.Shards() {
              @Override
              public Set<Long> ownBorders() {
                return metaTable.ownBorders();
              }

              @Override
              public HashedTables hashedTables() {
                return new HashedTables(metaTable.tableArcs());
              }

              @Override
              public List<ClusterControl.ShardStatus> all() throws InterruptedException {
                return control.shards();
              }

              @Override
              public AutomaticMerges.Limits limits() {
                return new AutomaticMerges.Limits(
                    number(ClusterSetting.SHARD_SIZE_MIN),
                    number(ClusterSetting.SHARD_SIZE_MAX),
                    number(ClusterSetting.SHARD_LOAD_MAX));
              }
            },
            (key, deadline) -> {
              var _ = merger.mergeAt(key, deadline);
            },
            links.blocking(),
            clock);
    LoadReports loads =
        new LoadReports(file.self().nodeId(), replicas::loads, links.dialer(), clock);
    loads.register(links.services(), links.blocking());
    this.placement =
        new PlacementLoop(
            new PlacementLoop.Shards() {
              @Override
              public List<ShardDescriptor> read() {
                shards.refresh();
                return shards.all();
              }

              @Override
              public void stale(ShardDescriptor shard) {
                shards.stale(shard);
              }

              @Override
              public void splitAt(byte[] key, Deadline deadline) throws InterruptedException {
                var _ = splitter.splitAt(key, deadline);
              }
            },
            loads,
            metaTable,
            sender,
            node -> node == file.self().nodeId() || links.dialer().isConnected(node),
            links.blocking(),
            clock);
    this.peers =
        Peers.open(
            file.self().nodeId(),
            () -> links.book().all().stream().map(NodeAddress::nodeId).toList(),
            links.dialer(),
            links.services(),
            links.blocking(),
            clock,
            Randomness.secure().nextLong());
    this.full = new FullNodes(file.self().nodeId(), links.dialer(), clock);
    full.register(links.services(), links.blocking());
    this.file = new AtomicReference<>(file);
    this.sinceFlush = MonotonicTimer.start(clock);
    this.sinceMapRead = MonotonicTimer.start(clock);
    this.balancer =
        new LeaderBalancer(
            file.self().nodeId(),
            groups::follows,
            full::isFull,
            shard -> groupOf(shard),
            this::move,
            clock);
    this.relief =
        new LeaderRelief(
            file.self().nodeId(),
            links.dialer()::isConnected,
            full::isFull,
            new LeaderRelief.Handover() {
              @Override
              public void handOver(RaftGroup group, int toNode) {
                move(group, toNode);
              }

              @Override
              public void stepAside(RaftGroup group, int toNode) {
                move(group, toNode, Replica::stepAside);
              }
            },
            clock);
  }

  /** Writes down what this node became; from then on it is that after every start. */
  static NodeFile settle(StoreDirectory store, Membership membership) {
    ClusterPlan plan = membership.plan();
    NodeAddress self = membership.self();
    NodeFile file = new NodeFile(plan.clusterId(), self, plan.nodes(), plan.shards(), false);
    file.write(store.root());
    store.initialize(new StoreIdentity(clusterUuid(plan.clusterId()), self.nodeId()));
    return file;
  }

  private static UUID clusterUuid(String clusterId) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(clusterId));
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  /** Opens the engine and joins the logs of all shards that this node has a replica of. */
  static Member open(
      Links links,
      StoreDirectory store,
      NodeFile found,
      RocksOptions engineSizes,
      long scanCacheBytes,
      ReplicaSettings settings,
      ReplicaMonitor monitor,
      FatalHandler fatal)
      throws IOException {
    NodeAddress self = found.self();
    int nodeId = self.nodeId();
    Clock clock = links.clock();
    Randomness randomness = Randomness.secure();
    RocksLibrary.loadFrom(store.temporaryDirectory());
    Consumer<ShardForgeException> damage =
        failure -> {
          // First durably, so that nothing relies on it again.
          try {
            store.markDamaged(String.valueOf(failure.getMessage()));
          } finally {
            fatal.stopNode("the store is damaged; its next start rebuilds it from others", failure);
          }
        };
    ScanCache scans = new ScanCache(scanCacheBytes);
    Engine engine = scans.over(RocksEngine.open(store.engineDirectory(), engineSizes, damage));
    RatisGroups groups =
        new RatisGroups(
            GroupsConfig.of(store.raftDirectory(), nodeId, self.incarnation(), !found.groupsMade()),
            links.dialer(),
            links.services(),
            links.book(),
            links.raftHandlers(),
            links.blocking(),
            links.copying(),
            clock,
            fatal);
    DiskReserve disk = DiskReserve.open(store.root());
    OwnReplicas own = new OwnReplicas();
    AbandonedSpans abandoned = new AbandonedSpans();
    AtomicReference<@Nullable MetaTable> table = new AtomicReference<>();
    ShardCache shards =
        new ShardCache(
            found.shards(),
            () -> {
              MetaTable ready = table.get();
              return ready == null ? List.of() : ready.shards();
            },
            clock);
    ShardRouter router =
        new ShardRouter(() -> nodeId, own, links.dialer(), clock, randomness, new LeafScans());
    TimestampClient timestamps = new TimestampClient(nodeId, shards, router, clock);
    GatewayLocks gatewayLocks =
        new GatewayLocks(
            () -> nodeId, links.book(), links.dialer(), links.dialer()::isConnected, clock);
    ShardNews news = new ShardNews(nodeId, links.dialer(), clock);
    Replicas replicas =
        new Replicas(
            new ReplicaContext(
                nodeId,
                engine,
                scans,
                clock,
                links.blocking(),
                timestamps,
                shards,
                router,
                settings,
                () -> disk.level() != DiskReserve.Level.OK,
                abandoned,
                gatewayLocks,
                new MapKeeper(shards, table, news),
                monitor));
    own.replicas = replicas;
    timestamps.useLocal(replicas);
    TxnCoordinator transactions =
        new TxnCoordinator(nodeId, shards, router, timestamps, clock, randomness, links.blocking());
    transactions.commitInParallel(ClusterSetting.PARALLEL_COMMIT.defaultNumber() != 0);
    MetaTable metaTable = new MetaTable(transactions, clock);
    table.set(metaTable);
    router.register(links.services(), links.blocking());
    gatewayLocks.register(links.services(), links.blocking(), transactions::locksIn);
    try {
      replicas.openAll(found.shards(), groups);
    } catch (ShardForgeException e) {
      // Not what a decoder does not understand: that may have been written by a newer build.
      if (RatisGroups.isDamagedLog(e)) {
        damage.accept(e);
      }
      throw e;
    }
    news.register(
        links.services(),
        links.blocking(),
        shard -> {
          shards.learn(List.of(shard));
          replicas.openMissing(shards.all());
          replicas.dropGone(shards.all());
        });
    NodeFile file = found.groupsMade() ? found : found.withGroupsMade();
    file.write(store.root());
    return new Member(
        links,
        store,
        disk,
        fatal,
        engine,
        scans,
        groups,
        replicas,
        abandoned,
        shards,
        transactions,
        metaTable,
        router,
        router,
        file);
  }

  int nodeId() {
    return file.get().self().nodeId();
  }

  String clusterId() {
    return file.get().clusterId();
  }

  TxnClient transactions() {
    return transactions;
  }

  /** The way of its sessions to other nodes. */
  Peers peers() {
    return peers;
  }

  /** What operators may ask for through this node. */
  ClusterControl control() {
    return control;
  }

  private ClusterControl.NodeStatus statusOf(NodeAddress node) {
    return new ClusterControl.NodeStatus(
        node.nodeId(),
        node.incarnation(),
        node.rpc().toString(),
        node.pg(),
        node.http(),
        node.locality().toString(),
        reaches(node.nodeId()));
  }

  List<ShardDescriptor> shards() {
    return shards.all();
  }

  /** What tables that are no more have left behind, to be dropped when history allows it. */
  AbandonedSpans abandoned() {
    return abandoned;
  }

  /** Why this node cannot serve yet, nothing if it can. */
  Optional<String> whyNotReady() {
    if (!announced) {
      return Optional.of("the cluster's tables have not been reached yet");
    }
    for (Replica replica : replicas.all()) {
      RaftGroup group = replica.group();
      if (!isHere(replica.shard().shardId())) {
        continue;
      }
      if (group == null || group.leaderNode() == 0) {
        return Optional.of("shard " + replica.shard().shardId() + " has no leader");
      }
      if (!replica.shard().isChanging() && !groups.isMember(replica.shard().shardId())) {
        return Optional.of(
            "shard " + replica.shard().shardId() + " is being rebuilt from the other nodes");
      }
    }
    return Optional.empty();
  }

  /** Whether the map of shards, as known here, gives this node a replica to keep. */
  private boolean isHere(long shardId) {
    return shards.all().stream()
        .anyMatch(shard -> shard.shardId() == shardId && shard.settled().contains(nodeId()));
  }

  ScanCache scans() {
    return scans;
  }

  Engine engine() {
    return engine;
  }

  RatisGroups groups() {
    return groups;
  }

  /** This node's replicas. */
  Collection<Replica> replicas() {
    return replicas.all();
  }

  /** Whether this node has a connection to another one, or is it. */
  boolean reaches(int node) {
    return node == nodeId() || links.dialer().isConnected(node);
  }

  /** How far the newest timestamp known here is ahead of this node's clock. */
  Duration oracleAhead() {
    long newest = Timestamp.physicalMillis(transactions.newestTimestamp());
    return newest == 0
        ? Duration.ZERO
        : Duration.ofMillis(newest).minus(Duration.of(clock.wallMicros(), ChronoUnit.MICROS));
  }

  /** The number of shards that this node leads. */
  int leaderCount() {
    int count = 0;
    for (ShardDescriptor shard : ownShards()) {
      count += leads(shard.shardId()) ? 1 : 0;
    }
    return count;
  }

  /** The shards that this node has a replica of. */
  List<ShardDescriptor> ownShards() {
    return replicas.all().stream().map(Replica::shard).toList();
  }

  /**
   * Whether this node leads a shard. An idle leader lets its lease lapse and leads all the same.
   */
  boolean leads(long shardId) {
    Replica replica = replicas.get(shardId);
    RaftGroup group = replica == null ? null : replica.group();
    return group != null && group.isLeaderReady();
  }

  /** Writes the first map of shards and where this node is, trying until it succeeds. */
  void announce() throws InterruptedException {
    while (!announced) {
      try {
        NodeFile now = file.get();
        metaTable.writeFirstShards(now.shards());
        metaTable.announce(now.self());
        announced = true;
      } catch (RuntimeException e) {
        log.debug("announcing failed, trying again", e);
        clock.sleep(ANNOUNCE_PAUSE);
      }
    }
  }

  /** Lets a node without a place in: see {@link io.shardforge.raft.meta.Enrollment}. */
  Membership enroll(NodeAddress newcomer) {
    NodeAddress placed = metaTable.enroll(newcomer, links.book().all());
    List<NodeAddress> nodes = new ArrayList<>(links.book().all());
    nodes.removeIf(node -> node.nodeId() == placed.nodeId());
    nodes.add(placed);
    log.info(
        "node enrolled node={} incarnation={} address={}",
        placed.nodeId(),
        placed.incarnation(),
        placed.rpc());
    return new Membership(placed, new ClusterPlan(clusterId(), nodes, shards.all()));
  }

  /** One round of looking after groups, transactions and replicas; called every second or so. */
  void tend() throws InterruptedException {
    groups.tend();
    transactions.heartbeat();
    peers.broadcast().retry();
    replicas.maintain();
    balancer.balance(shards.all());
    tendShards();
    remember();
    flushWhenDue();
    if (idle.isDue(threads.getTotalThreadAllocatedBytes())) {
      IdleMemory.giveBack(engine, this::flush);
    }
  }

  /**
   * Opens replicas of shards that were split off elsewhere, and splits those that are too large.
   */
  private void tendShards() {
    if (sinceMapRead.elapsed().compareTo(MAP_INTERVAL) >= 0) {
      sinceMapRead = MonotonicTimer.start(clock);
      // It may take long: nothing else waits for it.
      links.blocking().execute(this::readMap);
    }
    boolean inCharge = leads(ShardDescriptor.META_SHARD_ID);
    placement.round(inCharge);
    scrub.round(inCharge);
    replicas.openMissing(shards.all());
    replicas.dropGone(shards.all());
    sizeSplits.round(replicas.all());
    Set<Integer> hosts = new HashSet<>();
    shards.all().forEach(shard -> hosts.addAll(shard.settled()));
    loadSplits.round(
        replicas.all().stream().map(LoadSplits.Served::of).toList(),
        shards.all().size(),
        hosts.size());
    automaticMerges.round(leads(ShardDescriptor.META_SHARD_ID));
  }

  private long number(ClusterSetting setting) {
    return setting.number(metaTable.setting(setting));
  }

  private void readMap() {
    try {
      shards.refresh();
      shardSizeMax = number(ClusterSetting.SHARD_SIZE_MAX);
      shardLoadMax = number(ClusterSetting.SHARD_LOAD_MAX);
      groups.limitCopies(number(ClusterSetting.COPY_RATE_MAX));
      transactions.commitInParallel(number(ClusterSetting.PARALLEL_COMMIT) != 0);
    } catch (KvException e) {
      log.debug("the map of shards was not read", e);
    }
  }

  /** Whether the disk has too little left for anything but what keeps the store alive. */
  boolean diskIsLow() {
    return disk.level() != DiskReserve.Level.OK;
  }

  /** Looks at the space that is left; called several times a second. */
  void watchDisk() {
    DiskReserve.Level before = disk.level();
    DiskReserve.Level now = disk.tick(engine.metrics().memtableBytes());
    if (now == DiskReserve.Level.EXHAUSTED && before != now) {
      fatal.stopNode(
          "the disk is full",
          new ShardForgeException(
              ErrorCode.DISK_FULL, "no space left for the store in " + store.root()));
    }
  }

  /** Lets others lead what this node is in no state to lead; called several times a second. */
  void watchLeaders() {
    boolean low = diskIsLow();
    full.round(low, links.book().all().stream().map(NodeAddress::nodeId).toList());
    relief.stalled(groups.stalledLeaders());
    relief.cutOff(groups.groups());
    relief.unheard(groups.unheardLeaders());
    if (low) {
      relief.full(groups.groups());
    }
  }

  /** Keeps addresses and the map of shards for the next start. */
  private void remember() {
    NodeFile old = file.get();
    List<NodeAddress> known = links.book().all();
    NodeFile now = old.withKnown(known);
    List<ShardDescriptor> all = shards.all();
    if (all.size() != now.shards().size()
        || all.stream().anyMatch(shard -> isNews(now.shards(), shard))) {
      now.withShards(all).write(store.root());
      file.set(now.withShards(all));
    } else if (!known.equals(old.known())) {
      now.write(store.root());
      file.set(now);
    }
  }

  private static boolean isNews(List<ShardDescriptor> known, ShardDescriptor shard) {
    return known.stream()
        .noneMatch(old -> old.shardId() == shard.shardId() && old.epoch() == shard.epoch());
  }

  private void flushWhenDue() {
    long behind = groups.entriesBehindDurable();
    Duration interval = disk.level() == DiskReserve.Level.OK ? FLUSH_INTERVAL : FLUSH_INTERVAL_LOW;
    boolean due =
        behind > REPLAY_ENTRIES_MAX || (behind > 0 && sinceFlush.elapsed().compareTo(interval) > 0);
    if (due) {
      flush();
    }
  }

  private void flush() {
    sinceFlush = MonotonicTimer.start(clock);
    engine.flush();
    groups.purgeLogs();
  }

  private @Nullable RaftGroup groupOf(ShardDescriptor shard) {
    Replica replica = replicas.get(shard.shardId());
    return replica == null ? null : replica.group();
  }

  private void move(RaftGroup group, int toNode) {
    move(group, toNode, Replica::handOver);
  }

  private void move(
      RaftGroup group, int toNode, BiFunction<Replica, Integer, CompletableFuture<Void>> way) {
    Replica replica = replicas.get(group.shardId());
    if (replica == null) {
      return;
    }
    var _ =
        way.apply(replica, toNode)
            .exceptionally(e -> {
              log.info(
                  "leadership stays shard={} to={} reason=\"{}\"",
                  group.shardId(),
                  toNode,
                  e.getMessage());
              return null;
            });
  }

  /** Hands all leaderships to other nodes, as far as there are any. */
  void handOver() throws InterruptedException {
    for (Replica replica : replicas.all()) {
      RaftGroup group = replica.group();
      if (group == null || !group.isLeaderReady()) {
        continue;
      }
      OptionalInt heir = relief.heirOf(group);
      if (heir.isEmpty()) {
        continue;
      }
      try {
        replica.handOver(heir.getAsInt()).get(HANDOVER_SECONDS_MAX, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        log.info("leadership not handed over shard={}", group.shardId(), e);
      }
    }
  }

  @Override
  public void close() {
    // The logs first: nothing may be applied while the engine closes.
    groups.close();
    engine.close();
  }

  /** Reaches the replicas that are opened after the router has been made. */
  private static final class OwnReplicas implements LocalReplicas {
    private volatile @Nullable Replicas replicas;

    @Override
    public boolean holds(long shardId) {
      Replicas opened = replicas;
      return opened != null && opened.knows(shardId);
    }

    @Override
    public KvResponse serve(KvBatch batch) throws InterruptedException {
      Replicas opened = replicas;
      return opened == null
          ? new KvResponse.Failed(new KvError.NotLeader(batch.shardId(), 0))
          : opened.serve(batch);
    }
  }
}
