package io.shardforge.server;

import io.shardforge.raft.group.LogFigures;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.txn.Txn;
import io.shardforge.server.telemetry.Metric;
import io.shardforge.server.telemetry.Telemetry;
import io.shardforge.server.telemetry.Telemetry.Row;
import io.shardforge.sql.catalog.BackupJob;
import io.shardforge.sql.catalog.BackupJobs;
import io.shardforge.sql.catalog.BackupSchedule;
import io.shardforge.sql.catalog.BackupSchedules;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TableJobs;
import io.shardforge.sql.session.LogChannel;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.EngineMetrics;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of a member: its shards, logs, store and what it sees of the cluster. What may block
 * or is dear is looked at now and then by {@link #run}; a scrape shows what was seen last.
 */
final class MemberMetrics {
  private static final Logger log = LoggerFactory.getLogger(MemberMetrics.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** The log has a line about health once a minute. */
  private static final int LOOKS_PER_LINE = 12;

  /** Shards that are told one by one. */
  private static final int SHARDS_TOLD_MAX = 1000;

  private static final double MICROS = 1e6;
  private static final double NANOS = 1e9;

  private final Member member;
  private final FileStore disk;
  private final Telemetry telemetry;
  private final Consumer<Set<Integer>> members;
  private final Clock clock;
  private volatile EngineMetrics engine;
  private volatile LogFigures logs;
  private volatile Shards shards;
  private volatile Space space;

  /** How the shards with a replica here are doing. */
  private record Shards(
      int replicas,
      int led,
      int leaderless,
      int unavailable,
      int underReplicated,
      int moving,
      int waiting) {}

  /** The file system of the store. */
  private record Space(long total, long available) {
    static Space of(FileStore disk) throws IOException {
      return new Space(disk.getTotalSpace(), disk.getUsableSpace());
    }
  }

  /**
   * The metrics of a member.
   *
   * @param members hears which nodes belong to the cluster
   */
  MemberMetrics(
      Member member,
      FileStore disk,
      Telemetry telemetry,
      Consumer<Set<Integer>> members,
      Clock clock)
      throws IOException {
    this.member = member;
    this.disk = disk;
    this.telemetry = telemetry;
    this.members = members;
    this.clock = clock;
    this.engine = member.engine().metrics();
    this.logs = LogFigures.read();
    this.shards = countShards();
    this.space = Space.of(disk);
    showShards();
    showLogs();
    showStore();
    tellShards();
  }

  private void showShards() {
    telemetry.show(Metric.SHARDS, () -> shards.replicas);
    telemetry.show(Metric.SHARDS_LED, () -> shards.led);
    telemetry.show(Metric.SHARDS_LEADERLESS, () -> shards.leaderless);
    telemetry.show(Metric.SHARDS_UNAVAILABLE, () -> shards.unavailable);
    telemetry.show(Metric.SHARDS_UNDER_REPLICATED, () -> shards.underReplicated);
    telemetry.show(Metric.SHARDS_MOVING, () -> shards.moving);
    telemetry.show(Metric.RAFT_WAITING, () -> shards.waiting);
    telemetry.show(Metric.RAFT_WAITING_MAX, () -> Replica.WAITING_COMMANDS_MAX);
  }

  private void showLogs() {
    telemetry.show(Metric.LOG_SYNCS, () -> logs.syncs());
    telemetry.show(Metric.LOG_SYNC_SECONDS, () -> logs.syncSeconds());
    telemetry.show(Metric.LOG_APPEND_SECONDS, () -> logs.appendSeconds());
    telemetry.show(Metric.LOG_BEHIND, member.groups()::entriesBehindDurable);
    telemetry.show(Metric.COPIES, member.groups()::copiesBegun);
    telemetry.show(Metric.ORACLE_AHEAD, () -> member.oracleAhead().toNanos() / NANOS);
  }

  private void showStore() {
    telemetry.show(Metric.STORE_BYTES, () -> space.total(), "total");
    telemetry.show(Metric.STORE_BYTES, () -> space.available(), "available");
    telemetry.show(Metric.STORE_LOW, () -> member.diskIsLow() ? 1 : 0);
    showEngine(Metric.FILE_BYTES, EngineMetrics::liveFileBytes);
    showEngine(Metric.MEMTABLE_BYTES, EngineMetrics::memtableBytes);
    showEngine(Metric.LEVEL_ZERO_FILES, EngineMetrics::levelZeroFiles);
    showEngine(Metric.PENDING_COMPACTION, EngineMetrics::pendingCompactionBytes);
    showEngine(Metric.STALLED, now -> now.stalledWrites() ? 1 : 0);
    showEngine(Metric.STALL_SECONDS, now -> now.totals().stalledMicros() / MICROS);
    showEngine(Metric.FLUSHED_BYTES, now -> now.totals().flushedBytes());
    showEngine(Metric.COMPACTED_BYTES, now -> now.totals().compactedBytes());
    showEngine(Metric.SNAPSHOTS, EngineMetrics::openSnapshots);
    showEngine(Metric.CACHE_BYTES, EngineMetrics::blockCacheBytes);
    showEngine(Metric.CACHE_HITS, now -> now.totals().cacheHits());
    showEngine(Metric.CACHE_MISSES, now -> now.totals().cacheMisses());
    telemetry.show(Metric.SCAN_CACHE_BYTES, member.scans()::bytes);
    telemetry.show(Metric.SCAN_CACHE_HITS, member.scans()::hits);
  }

  private void showEngine(Metric metric, ToDoubleFunction<EngineMetrics> figure) {
    telemetry.show(metric, () -> figure.applyAsDouble(engine));
  }

  /** Looks again and again, until it is interrupted. */
  void run() throws InterruptedException {
    for (int looks = 1; ; looks++) {
      clock.sleep(INTERVAL);
      try {
        look();
        if (looks % LOOKS_PER_LINE == 0) {
          sayHealth();
        }
      } catch (KvException | ShardForgeException e) {
        // The cluster's tables cannot be reached: others tell.
        log.debug("the figures of the cluster were not read", e);
      } catch (RuntimeException | IOException e) {
        log.warn("the figures of this node were not read", e);
      }
    }
  }

  /** Says in the log how the node is doing. */
  private void sayHealth() {
    Shards now = shards;
    LogChannel.HEALTH
        .logger()
        .atInfo()
        .addKeyValue("shards.replicas", now.replicas)
        .addKeyValue("shards.led", now.led)
        .addKeyValue("shards.leaderless", now.leaderless)
        .addKeyValue("shards.unavailable", now.unavailable)
        .addKeyValue("shards.under_replicated", now.underReplicated)
        .addKeyValue("store.available_bytes", space.available())
        .addKeyValue("store.stalled", engine.stalledWrites())
        .log("health");
  }

  /** Looks once. */
  void look() throws IOException {
    engine = member.engine().metrics();
    logs = LogFigures.read();
    shards = countShards();
    space = Space.of(disk);
    tellShards();
    tellNodes();
    tellJobs();
  }

  private Shards countShards() {
    int replicas = 0;
    int led = 0;
    int leaderless = 0;
    int unavailable = 0;
    int underReplicated = 0;
    int moving = 0;
    int waiting = 0;
    for (Replica replica : member.replicas()) {
      ShardDescriptor shard = replica.shard();
      RaftGroup group = replica.group();
      replicas++;
      waiting = Math.max(waiting, replica.waitingCommands());
      List<Integer> away = shard.settled().stream().filter(node -> !member.reaches(node)).toList();
      unavailable += shard.hasMajorityWithout(away) ? 0 : 1;
      if (group == null || group.leaderNode() == 0) {
        leaderless++;
      } else if (group.isLeaderReady()) {
        led++;
        moving += shard.isChanging() ? 1 : 0;
        boolean whole =
            shard.settled().stream()
                .allMatch(node -> node == member.nodeId() || group.follows(node));
        underReplicated += whole ? 0 : 1;
      }
    }
    return new Shards(replicas, led, leaderless, unavailable, underReplicated, moving, waiting);
  }

  private void tellShards() {
    telemetry.show(
        Metric.SHARD_LEADER,
        member.ownShards().stream()
            .sorted(Comparator.comparingLong(ShardDescriptor::shardId))
            .limit(SHARDS_TOLD_MAX)
            .map(shard ->
                new Row(
                    List.of(Long.toString(shard.shardId()), shard.isMeta() ? "meta" : "data"),
                    () -> member.leads(shard.shardId()) ? 1 : 0))
            .toList());
    telemetry.show(
        Metric.SHARD_REQUESTS,
        member.replicas().stream()
            .filter(replica -> member.leads(replica.shard().shardId()))
            .sorted(Comparator.comparingLong(replica -> -replica.requestsPerSecond()))
            .limit(SHARDS_TOLD_MAX)
            .map(replica ->
                new Row(
                    List.of(Long.toString(replica.shard().shardId())),
                    () -> Math.max(0, replica.requestsPerSecond())))
            .toList());
  }

  private void tellNodes() {
    Map<Integer, NodeState> states = member.control().nodeStates();
    Map<String, Integer> counts = new TreeMap<>();
    for (String state : List.of("live", "dead", "draining", "decommissioning", "decommissioned")) {
      counts.put(state, 0);
    }
    List<Row> reachable = new ArrayList<>();
    Set<Integer> belonging = new TreeSet<>();
    for (ClusterControl.NodeStatus node : member.control().nodes()) {
      NodeState wanted = states.getOrDefault(node.nodeId(), NodeState.ACTIVE);
      String alive = node.isConnected() ? "live" : "dead";
      counts.merge(wanted == NodeState.ACTIVE ? alive : wanted.word(), 1, Integer::sum);
      if (wanted != NodeState.DECOMMISSIONED) {
        belonging.add(node.nodeId());
        reachable.add(
            new Row(
                List.of(Integer.toString(node.nodeId())),
                () -> member.reaches(node.nodeId()) ? 1 : 0));
      }
    }
    members.accept(belonging);
    telemetry.show(Metric.NODE_REACHABLE, reachable);
    telemetry.show(Metric.NODES, rows(counts));
  }

  private void tellJobs() {
    Map<String, Integer> counts = new TreeMap<>();
    for (TableJob.State state : TableJob.State.values()) {
      counts.put(state.name().toLowerCase(Locale.ROOT), 0);
    }
    Map<String, Integer> schedules = new TreeMap<>();
    for (BackupSchedule.State state : BackupSchedule.State.values()) {
      schedules.put(state.word(), 0);
    }
    Txn txn = member.transactions().begin(Isolation.REPEATABLE_READ, true);
    try {
      txn.beginStatement(Deadline.after(clock, INTERVAL), Duration.ZERO);
      Map<Integer, BackupJob> backups = new HashMap<>();
      BackupJobs.all(txn).forEach(job -> backups.put(job.id(), job));
      for (BackupSchedule schedule : BackupSchedules.all(txn)) {
        BackupSchedule.State state =
            schedule.state(backups.get(schedule.jobId()), clock.wallMillis());
        schedules.merge(state.word(), 1, Integer::sum);
      }
      for (TableJob job : TableJobs.all(txn)) {
        counts.merge(job.state().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
      }
    } finally {
      txn.rollback();
    }
    telemetry.show(Metric.JOBS, rows(counts));
    telemetry.show(Metric.BACKUP_SCHEDULES, rows(schedules));
  }

  private static List<Row> rows(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(count -> new Row(List.of(count.getKey()), count::getValue))
        .toList();
  }
}
