package io.shardforge.server;

import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.route.Peers;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.server.alert.Alerts;
import io.shardforge.server.config.AlertConfig;
import io.shardforge.server.net.BriefWatch;
import io.shardforge.server.net.ClientTls;
import io.shardforge.server.net.EventLoops;
import io.shardforge.server.net.Listener;
import io.shardforge.server.pgwire.ConnectionRegistry;
import io.shardforge.server.pgwire.PgFace;
import io.shardforge.server.rest.ConsoleApi;
import io.shardforge.server.rest.HttpFace;
import io.shardforge.server.security.AccessFile;
import io.shardforge.server.security.AccessRules;
import io.shardforge.server.security.Authenticator;
import io.shardforge.server.security.LoginThrottle;
import io.shardforge.server.telemetry.LogSetup;
import io.shardforge.server.telemetry.Metric;
import io.shardforge.server.telemetry.MetricHistory;
import io.shardforge.server.telemetry.Telemetry;
import io.shardforge.sql.session.NodeReports;
import io.shardforge.sql.session.SqlLayer;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients reach of a node: the PostgreSQL and HTTP ports and the SQL layer behind them. Both
 * ports open first, so that probes are answered while the node starts and a port that is taken
 * stops it at once; SQL clients are let in when {@link #serve} says that there is a cluster.
 */
final class ClientFaces implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClientFaces.class);

  /** How long a drain waits for running statements before it ends their connections. */
  private static final Duration DRAIN_MAX = Duration.ofSeconds(10);

  private static final Duration DRAIN_STEP = Duration.ofMillis(20);

  private final Options options;
  private final Clock clock;
  private final EventLoops loops;
  private final Telemetry telemetry;
  private final Listener http;
  private final ConsoleApi console;
  private final PgFace pgFace;
  private final Listener pg;
  private @Nullable Thread measuring;
  private @Nullable SqlLayer sql;
  private @Nullable Alerts alerts;
  private @Nullable ConnectionRegistry registry;

  /**
   * What the faces are told.
   *
   * @param access who may log in
   * @param accessFile where that is read again, or null if it stays
   * @param tls null for no TLS
   * @param memoryBytes bound on the memory of all running statements
   * @param spillBytes bound on their temporary files in {@code spillDirectory}
   * @param consoleAddress where people find the console
   * @param alerts who is told of alerts
   */
  record Options(
      InetSocketAddress pgAddress,
      InetSocketAddress httpAddress,
      int connectionsMax,
      AccessRules access,
      @Nullable AccessFile accessFile,
      @Nullable ClientTls tls,
      long memoryBytes,
      Path spillDirectory,
      long spillBytes,
      Duration historyRetention,
      String version,
      String consoleAddress,
      AlertConfig alerts) {}

  /** Where threads come from; only the node makes any. */
  record Threads(
      ThreadFactory loops, int loopCount, ThreadFactory sessions, SqlLayer.Threads sql) {}

  private final Threads threads;

  private final FileConfiguration configuration;
  private final Authenticator authenticator;

  private ClientFaces(
      Options options,
      FileConfiguration configuration,
      Threads threads,
      Clock clock,
      EventLoops loops,
      Telemetry telemetry,
      Listener http,
      ConsoleApi console,
      Authenticator authenticator,
      PgFace pgFace,
      Listener pg) {
    this.options = options;
    this.configuration = configuration;
    this.threads = threads;
    this.clock = clock;
    this.loops = loops;
    this.telemetry = telemetry;
    this.http = http;
    this.console = console;
    this.authenticator = authenticator;
    this.pgFace = pgFace;
    this.pg = pg;
  }

  /** Opens the ports. */
  static ClientFaces open(Options options, Threads threads, Clock clock, HttpFace.Health health) {
    BriefWatch watch = new BriefWatch(clock, Runtime.getRuntime().availableProcessors());
    EventLoops loops = new EventLoops(threads.loopCount(), threads.loops(), watch);
    Telemetry telemetry = new Telemetry(options.version());
    long started = clock.monotonicNanos();
    telemetry.show(Metric.UPTIME, () -> (clock.monotonicNanos() - started) / 1e9);
    telemetry.show(Metric.READY, () -> health.whyNotReady() == null ? 1 : 0);
    ClientTls tls = options.tls();
    if (tls != null) {
      for (String file : tls.expiries().keySet()) {
        telemetry.show(Metric.CERTIFICATE_EXPIRY, () -> expirySeconds(tls, file), file);
      }
    }
    FileConfiguration configuration =
        new FileConfiguration(options.accessFile(), options.access(), options.tls(), clock);
    Authenticator authenticator =
        new Authenticator(configuration::rules, new LoginThrottle(clock), new SecureRandom());
    RefusalLog refusals = new RefusalLog("HTTP", clock);
    ConsoleApi console =
        new ConsoleApi(authenticator, threads.sessions(), new SecureRandom(), clock, refusals);
    PgFace pgFace =
        new PgFace(
            authenticator,
            options.tls(),
            options.tls() != null && options.accessFile() == null,
            clock,
            watch,
            threads.sessions());
    try {
      Listener http =
          Listener.open(
              loops,
              options.httpAddress(),
              new HttpFace(health, telemetry, console, options.tls(), refusals));
      Listener pg = Listener.open(loops, options.pgAddress(), pgFace);
      return new ClientFaces(
          options,
          configuration,
          threads,
          clock,
          loops,
          telemetry,
          http,
          console,
          authenticator,
          pgFace,
          pg);
    } catch (RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  /** Not a number once the file is gone. */
  private static double expirySeconds(ClientTls tls, String file) {
    Instant expiry = tls.expiries().get(file);
    return expiry == null ? Double.NaN : expiry.getEpochSecond();
  }

  Telemetry telemetry() {
    return telemetry;
  }

  InetSocketAddress httpAddress() {
    return http.address();
  }

  /**
   * Builds the SQL layer over the cluster's transactions.
   *
   * @param diskIsLow whether the store's disk has little space left
   */
  SqlLayer prepare(
      int nodeId,
      TxnClient transactions,
      ClusterControl cluster,
      Peers peers,
      BooleanSupplier diskIsLow) {
    MetricHistory history = new MetricHistory(telemetry, clock);
    Alerts alertsHere =
        new Alerts(
            nodeId,
            options.alerts(),
            (options.tls() == null ? "http://" : "https://") + options.consoleAddress(),
            telemetry::scrape,
            peers.inquiries(),
            clock);
    ConnectionRegistry connections =
        new ConnectionRegistry(nodeId, options.connectionsMax(), new SecureRandom());
    SqlLayer layer =
        SqlLayer.open(
            nodeId,
            transactions,
            cluster,
            peers,
            clock,
            Randomness.secure(),
            threads.sql(),
            loops::schedule,
            telemetry,
            new NodeReports(history, alertsHere, LogSetup.tail()),
            connections,
            configuration,
            new SqlLayer.Limits(
                options.memoryBytes(),
                options.spillDirectory(),
                options.spillBytes(),
                diskIsLow,
                options.connectionsMax(),
                options.historyRetention()));
    sql = layer;
    alerts = alertsHere;
    registry = connections;
    measuring = threads.sessions().newThread(history);
    measuring.start();
    telemetry.show(Metric.SQL_CONNECTIONS, connections::size);
    telemetry.show(Metric.SQL_CONNECTIONS_MAX, connections::connectionsMax);
    telemetry.show(Metric.SQL_MEMORY, () -> layer.memory().usedBytes());
    telemetry.show(Metric.SQL_MEMORY_MAX, () -> layer.memory().limitBytes());
    return layer;
  }

  /** This node's part in the cluster's alerts; there once the SQL layer is. */
  Alerts alerts() {
    Alerts here = alerts;
    if (here == null) {
      throw new IllegalStateException("before prepare");
    }
    return here;
  }

  /**
   * What drops temporary tables that were left behind; there once the SQL layer is.
   *
   * @param nodeIds the nodes that belong to the cluster now
   */
  LeftTemporaries leftTemporaries(Supplier<Set<Integer>> nodeIds) {
    SqlLayer layer = sql;
    ConnectionRegistry connections = registry;
    if (layer == null || connections == null) {
      throw new IllegalStateException("before prepare");
    }
    return new LeftTemporaries(
        layer.catalog(),
        connections,
        process -> nodeIds.get().stream().anyMatch(process::isOf),
        clock);
  }

  /** Lets SQL clients in; returns where the PostgreSQL port listens. */
  InetSocketAddress serve() {
    SqlLayer layer = sql;
    ConnectionRegistry connections = registry;
    if (layer == null || connections == null) {
      throw new IllegalStateException("serve before prepare");
    }
    authenticator.pretendWith(layer.sessions()::firstSuperuserVerifier);
    pgFace.serve(layer.sessions(), connections);
    console.serve(layer.sessions(), connections);
    return pg.address();
  }

  /**
   * Admits no more connections, lets running statements and transactions end, then ends the rest.
   * The port stays open, so that who comes is told why not.
   */
  void drain() throws InterruptedException {
    ConnectionRegistry connections = registry;
    if (connections == null) {
      return;
    }
    log.info("stopping: no more connections are taken, open={}", connections.size());
    connections.drain();
    long waited = 0;
    while (connections.size() > 0 && waited < DRAIN_MAX.toMillis()) {
      clock.sleep(DRAIN_STEP);
      waited += DRAIN_STEP.toMillis();
    }
    int left = connections.size();
    connections.terminateAll();
    for (waited = 0; connections.size() > 0 && waited < 1_000; waited += DRAIN_STEP.toMillis()) {
      clock.sleep(DRAIN_STEP);
    }
    if (left > 0) {
      log.warn("connections ended within their transactions count={}", left);
    }
  }

  @Override
  public void close() {
    pg.close();
    http.close();
    loops.close();
    if (measuring != null) {
      measuring.interrupt();
    }
    telemetry.close();
    SqlLayer layer = sql;
    if (layer != null) {
      layer.close();
    }
  }
}
