package io.shardforge.sql.session;

import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.route.Peers;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.sql.backup.BackupAttempt;
import io.shardforge.sql.backup.BackupServices;
import io.shardforge.sql.backup.BackupSteps;
import io.shardforge.sql.backup.LeftBackups;
import io.shardforge.sql.backup.ScheduledBackups;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.RelationUses;
import io.shardforge.sql.catalog.Sequences;
import io.shardforge.sql.catalog.system.SystemTables;
import io.shardforge.sql.ddl.DdlExecutor;
import io.shardforge.sql.exec.MemoryPool;
import io.shardforge.sql.exec.SpillSpace;
import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.plan.Planner;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;

/** The SQL layer of one node, put together in the order in which its parts need each other. */
public final class SqlLayer implements AutoCloseable {
  private final Threads threads;
  private final MemoryPool memory;
  private final Catalog catalog;
  private final SessionFactory sessions;

  /**
   * Bounds that the configuration and the machine set.
   *
   * @param diskIsLow whether the disk of {@code spillDirectory} has too little left for it
   */
  public record Limits(
      long memoryBytes,
      Path spillDirectory,
      long spillBytes,
      BooleanSupplier diskIsLow,
      int connectionsMax,
      Duration historyRetention) {}

  /**
   * Threads that the node makes.
   *
   * @param scanWorkers read pages of long scans, with a bounded queue
   * @param parser platform threads with stacks of {@link SqlParser#STACK_BYTES} and a bounded queue
   */
  public record Threads(ExecutorService parser, ExecutorService scanWorkers) {}

  private SqlLayer(Threads threads, MemoryPool memory, Catalog catalog, SessionFactory sessions) {
    this.threads = threads;
    this.memory = memory;
    this.catalog = catalog;
    this.sessions = sessions;
  }

  /** Loads the parser library and builds the layer over the cluster's transactions. */
  public static SqlLayer open(
      int nodeId,
      TxnClient transactions,
      ClusterControl cluster,
      Peers peers,
      Clock clock,
      Randomness randomness,
      Threads threads,
      SessionFactory.Timer timer,
      SessionMonitor monitor,
      NodeReports reports,
      SessionFactory.Directory directory,
      NodeConfiguration configuration,
      Limits limits) {
    SqlParser parser = new SqlParser(NativeParser.locate(), threads.parser());
    Planner planner = new Planner(parser, clock::monotonicNanos);
    Catalog catalog = new Catalog(transactions, clock, SystemTables.all());
    MemoryPool memory = new MemoryPool(limits.memoryBytes());
    SpillSpace spillSpace =
        new SpillSpace(limits.spillDirectory(), limits.spillBytes(), limits.diskIsLow());
    Channels channels = new Channels(peers.broadcast());
    peers.broadcast().deliverTo(channels);
    ClusterSessions clusterSessions =
        new ClusterSessions(nodeId, directory, peers.inquiries(), cluster);
    peers.inquiries().answerBy(ClusterSessions.TOPIC, clusterSessions);
    ClusterMetrics metrics = new ClusterMetrics(nodeId, reports.metrics(), peers.inquiries());
    peers.inquiries().answerBy(ClusterMetrics.TOPIC, metrics);
    ClusterLog log = new ClusterLog(nodeId, reports.log(), peers.inquiries());
    peers.inquiries().answerBy(ClusterLog.TOPIC, log);
    SessionFactory sessions =
        new SessionFactory(
            new SessionFactory.Services(
                nodeId,
                transactions,
                cluster,
                catalog,
                new Sequences(transactions, clock),
                parser,
                planner,
                new DdlExecutor(),
                new DefinitionBinder(planner, parser),
                memory,
                spillSpace,
                threads.scanWorkers(),
                clock,
                randomness,
                timer,
                monitor,
                directory,
                clusterSessions,
                metrics,
                reports.alerts(),
                log,
                new ChangedRows(),
                new RelationUses(),
                channels,
                new JobSteps(),
                new BackupServices(
                    nodeId,
                    transactions,
                    catalog,
                    clock,
                    randomness,
                    new BackupSteps(),
                    BackupServices.CHUNK_BYTES,
                    limits.historyRetention()),
                new StatementStatistics(
                    parser, () -> clock.wallMicros() - TransactionBlock.EPOCH_MICROS),
                configuration,
                limits.connectionsMax(),
                clock.wallMicros() - TransactionBlock.EPOCH_MICROS));
    return new SqlLayer(threads, memory, catalog, sessions);
  }

  public Catalog catalog() {
    return catalog;
  }

  public MemoryPool memory() {
    return memory;
  }

  public SessionFactory sessions() {
    return sessions;
  }

  /** What analyzes tables by itself; it needs a thread of its own. */
  public AutoAnalyze autoAnalyze() {
    return new AutoAnalyze(sessions);
  }

  /** What goes on with work on tables that was left; it needs a thread of its own. */
  public LeftTableJobs leftTableJobs() {
    return leftTableJobs(TableJobAttempt.SILENCE_MAX);
  }

  /**
   * The same with a patience of its own.
   *
   * @param silenceMax after how long without a sign of life a job counts as left
   */
  public LeftTableJobs leftTableJobs(Duration silenceMax) {
    return new LeftTableJobs(sessions, silenceMax);
  }

  /** The steps of work on tables on this node. */
  public JobSteps jobSteps() {
    return sessions.services().jobSteps();
  }

  /** What goes on with backups that were left; it needs a thread of its own. */
  public LeftBackups leftBackups() {
    return leftBackups(BackupAttempt.SILENCE_MAX);
  }

  /**
   * The same with a patience of its own.
   *
   * @param silenceMax after how long without a sign of life a job counts as left
   */
  public LeftBackups leftBackups(Duration silenceMax) {
    return new LeftBackups(sessions.services().backups(), silenceMax);
  }

  /** What makes the backups that schedules ask for; it needs a thread of its own. */
  public ScheduledBackups scheduledBackups() {
    return new ScheduledBackups(sessions.services().backups());
  }

  /** The steps of backups and restores on this node. */
  public BackupSteps backupSteps() {
    return sessions.services().backups().steps();
  }

  @Override
  public void close() {
    threads.parser().shutdownNow();
    threads.scanWorkers().shutdownNow();
  }
}
