package io.shardforge.server;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.Bootstrap;
import io.shardforge.raft.meta.Gossip;
import io.shardforge.raft.meta.Membership;
import io.shardforge.raft.meta.NodeFile;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.route.AddressBook;
import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.NodeIdentity;
import io.shardforge.raft.route.PeerDialer;
import io.shardforge.raft.route.RpcLoops;
import io.shardforge.raft.route.RpcServer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.RpcTls;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.server.config.NetworkConfig;
import io.shardforge.server.config.SecurityConfig;
import io.shardforge.server.config.ServerConfig;
import io.shardforge.server.net.ClientTls;
import io.shardforge.server.rest.HttpFace;
import io.shardforge.server.security.AccessFile;
import io.shardforge.server.security.AccessRules;
import io.shardforge.server.telemetry.LogSetup;
import io.shardforge.server.telemetry.Metric;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.ddl.ScramSecret;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.session.SqlLayer;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.engine.StoreDirectory;
import io.shardforge.storage.engine.rocks.RocksOptions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server process: starts its parts in the order of their needs, and stops them in reverse. */
final class Node implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  /** The node that gives a new cluster its first roles and databases. */
  private static final int FIRST_NODE = 1;

  private static final int NETWORK_THREADS = 2;
  private static final int RAFT_HANDLER_THREADS = 8;
  private static final int RAFT_HANDLERS_QUEUED_MAX = 4096;
  private static final Duration TEND_INTERVAL = Duration.ofSeconds(1);
  private static final Duration DISK_INTERVAL = Duration.ofMillis(250);
  private static final int CLIENT_LOOP_THREADS = 1;
  private static final int PARSER_THREADS = 2;
  private static final int PARSES_QUEUED_MAX = 1024;

  /** Bound on the temporary files of running statements. */
  private static final long SPILL_BYTES_MAX = 16L << 30;

  private static final Duration BOOTSTRAP_PAUSE = Duration.ofMillis(100);
  private static final int PASSWORD_BYTES = 15;

  private final ServerConfig config;
  private final PrintStream banner;
  private final SystemClock clock = new SystemClock();
  private final MonotonicTimer uptime = MonotonicTimer.start(clock);
  private final ExecutorService blocking;

  /** At most a thread for each shard and each copy that is served. */
  private final ExecutorService copying;

  private final ThreadPoolExecutor raftHandlers;
  private final StoreDirectory store;
  private final ClientFaces faces;
  private final RpcLoops loops;
  private final RpcServer server;
  private final Links links;
  private final Bootstrap bootstrap;
  private final List<Thread> loopsOfOurs = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CompletableFuture<String> fatal = new CompletableFuture<>();
  private volatile @Nullable Member member;
  private volatile boolean serving;
  private volatile boolean draining;

  private Node(ServerConfig config, PrintStream banner) throws IOException {
    this.config = config;
    this.banner = banner;
    this.blocking =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("task-", 0).factory());
    this.copying =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("state-copy-", 0).factory());
    this.raftHandlers =
        new ThreadPoolExecutor(
            RAFT_HANDLER_THREADS,
            RAFT_HANDLER_THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(RAFT_HANDLERS_QUEUED_MAX),
            Thread.ofPlatform().daemon().name("raft-handler-", 0).factory());
    raftHandlers.allowCoreThreadTimeOut(true);
    this.store = openStore(config.storage().directory());
    this.faces = openFaces();
    Optional<NodeFile> found = NodeFile.read(store.root());
    NetworkConfig network = config.network();
    AddressBook book = new AddressBook();
    NodeIdentity identity =
        new NodeIdentity(
            new NodeIdentity.Self(
                found.map(NodeFile::clusterId).orElse(""),
                announcement(found, network.advertise(), network)));
    RpcServices services = new RpcServices(clock);
    Path certs = config.security().certsDirectory();
    RpcTls tls = certs == null ? null : RpcTls.load(certs);
    this.loops =
        new RpcLoops(
            NETWORK_THREADS, Thread.ofPlatform().daemon().name("node-network-", 0).factory());
    PeerDialer dialer = new PeerDialer(loops, identity, book, services, tls, clock);
    this.links =
        new Links(identity, book, services, dialer, raftHandlers, blocking, copying, clock);
    List<HostPort> seeds = seeds(network, store, found);
    this.bootstrap = new Bootstrap(identity, seeds, dialer, clock, Randomness.secure());
    bootstrap.register(services, blocking);
    found.ifPresent(file -> book.learnAll(file.known()));
    this.server = RpcServer.listen(network.listen(), loops, identity, book, services, tls);
    if (network.advertise().port() == 0) {
      HostPort bound = network.advertise().withPort(server.port());
      identity.become(
          new NodeIdentity.Self(identity.self().clusterId(), announcement(found, bound, network)));
    }
    if (found.isPresent()) {
      NodeFile file = found.get().withSelf(identity.self().address());
      file.write(store.root());
      book.learn(file.self());
    }
    Gossip gossip = new Gossip(identity, book, seeds, dialer, clock);
    gossip.register(services, blocking);
    loop("clock", clock::endLongWaits);
    loop("gossip", gossip::run);
  }

  /** Opens a store; one that was found damaged is put aside if others can rebuild it. */
  private static StoreDirectory openStore(Path directory) {
    StoreDirectory store = StoreDirectory.open(directory);
    Optional<String> damage = store.damage();
    if (damage.isEmpty()) {
      return store;
    }
    String obstacle =
        store.hasSetAside()
            ? "Another one was put aside before, and may be the last copy of something: move the"
                + " directory damaged away."
            : NodeFile.read(directory).map(Node::onlyCopy).orElse("");
    if (!obstacle.isEmpty()) {
      store.close();
      throw new ShardForgeException(
              ErrorCode.DATA_CORRUPTED,
              "the store in %s is damaged: %s".formatted(directory, damage.get()))
          .withHint(
              obstacle + " Restore a backup; or remove the file DAMAGED to start on it as it is.");
    }
    store.setAside(NodeFile.FILE);
    log.warn("a damaged store was put aside store={} reason=\"{}\"", directory, damage.get());
    return store;
  }

  /** Whom a node asks for its cluster: those it is given, and those whom a store put aside knew. */
  private static List<HostPort> seeds(
      NetworkConfig network, StoreDirectory store, Optional<NodeFile> found) {
    Set<HostPort> seeds = new LinkedHashSet<>(network.join());
    if (found.isEmpty()) {
      NodeFile.read(store.asideDirectory())
          .ifPresent(file -> file.known().forEach(node -> seeds.add(node.rpc())));
    }
    return List.copyOf(seeds);
  }

  /** Says which shard cannot be had from others, a majority without this node; else nothing. */
  private static String onlyCopy(NodeFile file) {
    int self = file.self().nodeId();
    for (ShardDescriptor shard : file.shards()) {
      List<Integer> members = shard.settled();
      if (members.contains(self) && (members.size() - 1) * 2 <= members.size()) {
        return "Shard %d cannot be rebuilt from other nodes.".formatted(shard.shardId());
      }
    }
    return "";
  }

  private static NodeAddress announcement(
      Optional<NodeFile> found, HostPort rpc, NetworkConfig network) {
    return new NodeAddress(
        found.map(file -> file.self().nodeId()).orElse(0),
        found.map(file -> file.self().incarnation()).orElse(0),
        found.map(file -> file.self().announcement()).orElse(0L) + 1,
        rpc,
        network.pg().toString(),
        network.http().toString(),
        network.locality());
  }

  /** Starts a node; it becomes a member by itself, once there is a cluster to belong to. */
  static Node start(ServerConfig config, PrintStream banner) throws IOException {
    Node node = new Node(config, banner);
    node.loop("membership", node::becomeMember);
    return node;
  }

  /** Makes a cluster of this node and those that it reaches; for a node that is one of its own. */
  void initialize() throws IOException, InterruptedException {
    if (!links.identity().self().hasCluster()) {
      bootstrap.initialize();
    }
  }

  /** Something that runs on a thread of its own until it is interrupted. */
  @FunctionalInterface
  private interface Loop {
    void run() throws InterruptedException;
  }

  private void loop(String name, Loop body) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              try {
                body.run();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException | Error e) {
                fail("the loop " + name + " failed", e);
              }
            });
    synchronized (loopsOfOurs) {
      loopsOfOurs.add(thread);
    }
    thread.start();
  }

  private void becomeMember() throws InterruptedException {
    try {
      NodeFile file = NodeFile.read(store.root()).orElse(null);
      if (file == null) {
        log.info("no cluster yet: waiting for init, or for a member of the join list");
        loop("seek", bootstrap::seek);
        Membership membership = bootstrap.joined().get();
        file = Member.settle(store, membership);
        links
            .identity()
            .become(new NodeIdentity.Self(membership.plan().clusterId(), membership.self()));
        links.book().learnAll(membership.plan().nodes());
        links.book().learn(membership.self());
        // The next connections introduce this node by its id.
        links.dialer().hangUp();
      }
      Member opened =
          Member.open(
              links,
              store,
              file,
              RocksOptions.ofMemory(config.storage().cacheBytes()),
              config.storage().scanCacheBytes(),
              replicaSettings(),
              faces.telemetry(),
              this::fail);
      member = opened;
      LogSetup.isNode(opened.nodeId());
      bootstrap.openTo(opened::enroll);
      loop("tend", () -> tend(opened));
      loop("disk", () -> watchDisk(opened));
      opened.announce();
      serveClients(opened);
      serving = true;
      printBanner(opened);
    } catch (ExecutionException | IOException | RuntimeException e) {
      fail("the node cannot start", e);
    }
  }

  private ClientFaces openFaces() {
    Path certs = config.security().certsDirectory();
    Path accessFile = config.security().accessFile();
    ThreadPoolExecutor parsers =
        new ThreadPoolExecutor(
            PARSER_THREADS,
            PARSER_THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(PARSES_QUEUED_MAX),
            task -> {
              Thread thread = new Thread(null, task, "parser", SqlParser.STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
    ClientFaces opened =
        ClientFaces.open(
            new ClientFaces.Options(
                config.network().pg().resolve(),
                config.network().http().resolve(),
                config.sql().connectionsMax(),
                config.security().insecure() ? AccessRules.trust() : AccessRules.passwords(),
                accessFile == null ? null : AccessFile.open(accessFile),
                certs == null ? null : ClientTls.load(certs),
                config.sql().memoryBytes(),
                store.temporaryDirectory().resolve("spill"),
                SPILL_BYTES_MAX,
                config.storage().historyRetention(),
                Main.version(),
                config.network().http().toString(),
                config.alerts()),
            new ClientFaces.Threads(
                Thread.ofPlatform().daemon().name("client-network-", 0).factory(),
                CLIENT_LOOP_THREADS,
                Thread.ofVirtual().name("session-", 0).factory(),
                new SqlLayer.Threads(parsers, ScanWorkers.start())),
            clock,
            new HttpFace.Health() {
              @Override
              public @Nullable String whyNotReady() {
                return Node.this.whyNotReady().orElse(null);
              }

              @Override
              public String describe() {
                return Node.this.describe();
              }
            });
    showQueue(opened, "raft", raftHandlers, RAFT_HANDLERS_QUEUED_MAX);
    showQueue(opened, "parser", parsers, PARSES_QUEUED_MAX);
    return opened;
  }

  private static void showQueue(
      ClientFaces faces, String name, ThreadPoolExecutor executor, int max) {
    faces.telemetry().show(Metric.QUEUE_LENGTH, () -> executor.getQueue().size(), name);
    faces.telemetry().show(Metric.QUEUE_MAX, () -> max, name);
  }

  /** Lets SQL clients in once the cluster has its first roles and databases. */
  private void serveClients(Member opened) throws InterruptedException, IOException {
    SqlLayer sql =
        faces.prepare(
            opened.nodeId(),
            opened.transactions(),
            opened.control(),
            opened.peers(),
            opened::diskIsLow);
    Catalog catalog = sql.catalog();
    MemberMetrics metrics =
        new MemberMetrics(
            opened,
            Files.getFileStore(store.root()),
            faces.telemetry(),
            faces.alerts()::membersAre,
            clock);
    loop("metrics", metrics::run);
    while (!hasRoles(catalog, opened)) {
      clock.sleep(BOOTSTRAP_PAUSE);
    }
    TableGarbage garbage =
        new TableGarbage(
            catalog,
            opened.abandoned(),
            config.storage().historyRetention(),
            () -> opened.leads(ShardDescriptor.META_SHARD_ID),
            clock);
    faces.alerts().loops().forEach(alerts -> loop("alerts", alerts::run));
    loop("garbage", garbage::run);
    loop("analyze", sql.autoAnalyze()::run);
    loop("table-jobs", sql.leftTableJobs()::run);
    loop("backups", sql.leftBackups()::run);
    loop("backup-schedules", sql.scheduledBackups()::run);
    LeftTemporaries temporaries = faces.leftTemporaries(() -> memberIds(opened));
    loop("temporaries", temporaries::run);
    var _ = faces.serve();
  }

  /** The nodes that may come back. */
  private static Set<Integer> memberIds(Member member) {
    Map<Integer, NodeState> states = member.control().nodeStates();
    return member.control().nodes().stream()
        .filter(node -> node.isConnected() || states.get(node.nodeId()) != NodeState.DECOMMISSIONED)
        .map(ClusterControl.NodeStatus::nodeId)
        .collect(Collectors.toSet());
  }

  /** Whether the catalog has its first roles; the first node makes them. */
  private boolean hasRoles(Catalog catalog, Member opened) {
    try {
      if (catalog.newest(SystemOids.DATABASE_POSTGRES).role(SystemOids.ROLE_POSTGRES) != null) {
        return true;
      }
      if (opened.nodeId() == FIRST_NODE) {
        bootstrapCatalog(catalog);
        return true;
      }
    } catch (KvException | ShardForgeException e) {
      // A leader may be lost at any moment, also while a node starts.
      log.info("the catalog was not reached, trying again reason=\"{}\"", e.getMessage());
    }
    return false;
  }

  private void bootstrapCatalog(Catalog catalog) {
    SecurityConfig security = config.security();
    if (security.insecure()) {
      catalog.bootstrap(null);
      return;
    }
    Randomness randomness = Randomness.secure();
    String password = security.password();
    boolean generated = password == null;
    if (password == null) {
      byte[] bytes = new byte[PASSWORD_BYTES];
      randomness.nextBytes(bytes);
      password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
    catalog.bootstrap(ScramSecret.of(password, randomness));
    if (generated) {
      banner.printf(
          "The password of the superusers shardforge and postgres, shown only this once: %s%n",
          password);
    }
  }

  private ReplicaSettings replicaSettings() {
    ReplicaSettings defaults = ReplicaSettings.defaults();
    return new ReplicaSettings(
        defaults.lease(),
        defaults.txnExpiry(),
        config.storage().historyRetention(),
        defaults.outcomeRetention());
  }

  private void tend(Member opened) throws InterruptedException {
    while (true) {
      clock.sleep(TEND_INTERVAL);
      try {
        opened.tend();
      } catch (RuntimeException e) {
        log.warn("a round of upkeep failed", e);
      }
    }
  }

  private void watchDisk(Member opened) throws InterruptedException {
    while (true) {
      opened.watchDisk();
      opened.watchLeaders();
      clock.sleep(DISK_INTERVAL);
    }
  }

  InetSocketAddress httpAddress() {
    return faces.httpAddress();
  }

  /** Why this node cannot serve clients now, nothing if it can. */
  Optional<String> whyNotReady() {
    Member opened = member;
    if (draining) {
      return Optional.of("the node is stopping");
    }
    if (opened == null) {
      return Optional.of(
          links.identity().self().hasCluster()
              ? "the node is opening its replicas"
              : "the node belongs to no cluster yet; run init");
    }
    Optional<String> reason = opened.whyNotReady();
    return reason.isPresent() || serving ? reason : Optional.of("the node is opening its ports");
  }

  /** The node's facts as a JSON object. */
  String describe() {
    NodeIdentity.Self self = links.identity().self();
    Member opened = member;
    return "{\"node\":%d,\"incarnation\":%d,\"cluster\":\"%s\",\"listen\":\"%s\",\"leads\":%d}"
        .formatted(
            self.address().nodeId(),
            self.address().incarnation(),
            self.clusterId(),
            self.address().rpc(),
            opened == null ? 0 : opened.leaderCount());
  }

  private void printBanner(Member opened) {
    NetworkConfig network = config.network();
    banner.printf(
        """
        ShardForge %s: node %d of cluster %s, ready after %.1f s
          PostgreSQL  postgresql://shardforge@%s/shardforge
          HTTP        http://%s (health, metrics)
          nodes       %s
          store       %s
          shards      %d
        """,
        Main.version(),
        opened.nodeId(),
        opened.clusterId(),
        uptime.elapsed().toMillis() / 1000.0,
        network.pg(),
        network.http(),
        links.identity().self().address().rpc(),
        store.root(),
        opened.shards().size());
  }

  private void fail(String reason, Throwable cause) {
    log.error("this node stops: {}", reason, cause);
    if (fatal.complete(reason)) {
      stopped.countDown();
    }
  }

  /** Waits until the node was stopped; returns why, if it stopped by itself. */
  Optional<String> awaitStop() throws InterruptedException {
    stopped.await();
    return Optional.ofNullable(fatal.getNow(null));
  }

  /** Hands leaderships away and stops. */
  void drain() throws InterruptedException {
    draining = true;
    Member opened = member;
    if (opened != null && !fatal.isDone()) {
      faces.drain();
      opened.handOver();
    }
    close();
    log.info("stopped");
  }

  @Override
  public void close() {
    draining = true;
    synchronized (loopsOfOurs) {
      loopsOfOurs.forEach(Thread::interrupt);
    }
    faces.close();
    Member opened = member;
    if (opened != null) {
      opened.close();
    }
    links.dialer().close();
    server.close();
    loops.close();
    raftHandlers.shutdownNow();
    copying.shutdownNow();
    blocking.shutdownNow();
    store.close();
    stopped.countDown();
  }
}
