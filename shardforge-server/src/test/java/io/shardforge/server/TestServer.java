package io.shardforge.server;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.route.Peers;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.server.config.AlertConfig;
import io.shardforge.server.net.ClientTls;
import io.shardforge.server.pgwire.ConnectionRegistry;
import io.shardforge.server.rest.HttpFace;
import io.shardforge.server.security.AccessFile;
import io.shardforge.server.security.AccessRules;
import io.shardforge.server.telemetry.Metric;
import io.shardforge.sql.ddl.ScramSecret;
import io.shardforge.sql.exec.LeafScans;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.session.SqlLayer;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server in this process whose data is in memory: the whole way from the socket down, without
 * consensus.
 */
public final class TestServer implements AutoCloseable {
  private static final int DATA_SHARDS = 3;

  /** What the statements of a server have together if nothing else is said. */
  public static final long MEMORY_BYTES = 64L << 20;

  private final LocalCluster cluster;
  private final SqlLayer sql;
  private final ClientFaces faces;
  private final InetSocketAddress address;
  private final boolean trust;
  private final Path spill;

  private TestServer(
      LocalCluster cluster,
      SqlLayer sql,
      ClientFaces faces,
      InetSocketAddress address,
      boolean trust,
      Path spill) {
    this.spill = spill;
    this.cluster = cluster;
    this.sql = sql;
    this.faces = faces;
    this.address = address;
    this.trust = trust;
  }

  /** A server that trusts everybody. */
  public static TestServer start() {
    return start(MEMORY_BYTES);
  }

  /** A server that trusts everybody, and whose statements have so much memory together. */
  public static TestServer start(long memoryBytes) {
    return start(true, 100, memoryBytes);
  }

  /** A server on free ports; without trust the superusers' password is "secret". */
  public static TestServer start(boolean trust, int connectionsMax) {
    return start(trust, connectionsMax, MEMORY_BYTES);
  }

  private static TestServer start(boolean trust, int connectionsMax, long memoryBytes) {
    Clock clock = new SystemClock();
    LocalCluster cluster = LocalCluster.start(DATA_SHARDS, clock);
    return start(cluster, 1, alone(clock), clock, Access.of(trust), connectionsMax, memoryBytes);
  }

  /** A server that trusts everybody, on one of several nodes, which end with it. */
  public static TestServer onNode(LocalCluster cluster, int nodeId) {
    Clock clock = new SystemClock();
    return start(cluster, nodeId, alone(clock), clock, true, 100);
  }

  /** As {@link #onNode(LocalCluster, int)}, with so much memory for its statements together. */
  public static TestServer onNode(LocalCluster cluster, int nodeId, long memoryBytes) {
    Clock clock = new SystemClock();
    return start(cluster, nodeId, alone(clock), clock, Access.of(true), 100, memoryBytes);
  }

  /**
   * A server with certificates that lets in who its access rules let in; the superusers' password
   * is "secret".
   */
  public static TestServer secured(Path certificates, Path accessFile) {
    Clock clock = new SystemClock();
    return start(
        LocalCluster.start(DATA_SHARDS, clock),
        1,
        alone(clock),
        clock,
        new Access(
            false,
            AccessRules.passwords(),
            AccessFile.open(accessFile),
            ClientTls.load(certificates)),
        100,
        MEMORY_BYTES);
  }

  private record Access(
      boolean trust, AccessRules rules, @Nullable AccessFile file, @Nullable ClientTls tls) {
    static Access of(boolean trust) {
      return new Access(trust, trust ? AccessRules.trust() : AccessRules.passwords(), null, null);
    }
  }

  /** The way to other nodes of one that has none. */
  public static Peers alone(Clock clock) {
    return Peers.open(
        1,
        List::of,
        (_, _, _, _) -> CompletableFuture.failedFuture(new IOException("no other node")),
        new RpcServices(clock),
        Thread::startVirtualThread,
        clock,
        1);
  }

  /** The way in to one node of a cluster, which is closed with it. */
  static TestServer start(
      LocalCluster cluster,
      int nodeId,
      Peers peers,
      Clock clock,
      boolean trust,
      int connectionsMax) {
    return start(cluster, nodeId, peers, clock, Access.of(trust), connectionsMax, MEMORY_BYTES);
  }

  /** A server that trusts everybody and tells these of alerts. */
  public static TestServer telling(AlertConfig alerts) {
    Clock clock = new SystemClock();
    return start(
        LocalCluster.start(DATA_SHARDS, clock),
        1,
        alone(clock),
        clock,
        Access.of(true),
        100,
        MEMORY_BYTES,
        alerts);
  }

  private static TestServer start(
      LocalCluster cluster,
      int nodeId,
      Peers peers,
      Clock clock,
      Access access,
      int connectionsMax,
      long memoryBytes) {
    return start(
        cluster, nodeId, peers, clock, access, connectionsMax, memoryBytes, AlertConfig.NONE);
  }

  private static TestServer start(
      LocalCluster cluster,
      int nodeId,
      Peers peers,
      Clock clock,
      Access access,
      int connectionsMax,
      long memoryBytes,
      AlertConfig alerts) {
    Path spill;
    try {
      spill = Files.createTempDirectory("shardforge-spill");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ThreadFactory deep = task -> new Thread(null, task, "parser", SqlParser.STACK_BYTES);
    ClientFaces faces =
        ClientFaces.open(
            new ClientFaces.Options(
                any,
                any,
                connectionsMax,
                access.rules(),
                access.file(),
                access.tls(),
                memoryBytes,
                spill,
                1L << 30,
                Duration.ofHours(4),
                "test",
                "127.0.0.1",
                alerts),
            new ClientFaces.Threads(
                Thread.ofPlatform().daemon().name("loop-", 0).factory(),
                1,
                Thread.ofVirtual().name("session-", 0).factory(),
                new SqlLayer.Threads(
                    new ThreadPoolExecutor(
                        1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(256), deep),
                    ScanWorkers.start())),
            clock,
            new HttpFace.Health() {
              @Override
              public @Nullable String whyNotReady() {
                return null;
              }

              @Override
              public String describe() {
                return "{}";
              }
            });
    cluster.node(nodeId).workPages(new LeafScans());
    SqlLayer sql =
        faces.prepare(
            nodeId, cluster.node(nodeId).transactions(), cluster.control(), peers, () -> false);
    sql.catalog().bootstrap(access.trust() ? null : ScramSecret.of("secret", Randomness.secure()));
    return new TestServer(cluster, sql, faces, faces.serve(), access.trust(), spill);
  }

  public SqlLayer sql() {
    return sql;
  }

  /** What drops temporary tables, as a node that has no sessions has it. */
  public void dropLeftTemporaries(int nodeId, Set<Integer> members) {
    new LeftTemporaries(
            sql.catalog(),
            new ConnectionRegistry(nodeId, 1, new SecureRandom()),
            process -> members.stream().anyMatch(process::isOf),
            new SystemClock())
        .pass();
  }

  /** Makes a metric show a value. */
  public void show(Metric metric, double value) {
    faces.telemetry().show(metric, () -> value);
  }

  /** Looks at alerts as a node does every few seconds. */
  public void watchAlerts() throws InterruptedException {
    faces.alerts().look();
  }

  /** The same as this server has it. */
  public void dropLeftTemporaries() {
    faces.leftTemporaries(() -> Set.of(1)).pass();
  }

  public InetSocketAddress address() {
    return address;
  }

  public InetSocketAddress httpAddress() {
    return faces.httpAddress();
  }

  /** A connection as the superuser, with pairs of further connection properties. */
  public Connection connect(String... properties) throws SQLException {
    return connectTo("shardforge", properties);
  }

  /** The same to another database. */
  public Connection connectTo(String database, String... properties) throws SQLException {
    Properties info = new Properties();
    info.setProperty("user", "shardforge");
    if (!trust) {
      info.setProperty("password", "secret");
    }
    for (int i = 0; i < properties.length; i += 2) {
      info.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + address.getPort() + "/" + database, info);
  }

  /** Runs statements on a connection of their own. */
  public void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of a query on a connection of its own, as text. */
  public List<String> query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  @Override
  public void close() {
    faces.close();
    cluster.close();
    try {
      Directories.delete(spill);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
