package io.shardforge.server.telemetry;

import java.util.List;

/**
 * Every metric of the server: its name, kind, unit, labels and the sentence that /metrics shows.
 * The page docs/operations/metrics.md is made of them.
 */
public enum Metric {
  // ---- The process ----
  BUILD_INFO(
      "shardforge_build_info",
      Kind.GAUGE,
      Unit.NUMBER,
      "Always 1; the version is in the label.",
      "version"),
  UPTIME(
      "shardforge_uptime_seconds", Kind.GAUGE, Unit.SECONDS, "Seconds since this process started."),
  READY(
      "shardforge_ready",
      Kind.GAUGE,
      Unit.BOOLEAN,
      "1 if the node serves clients, as /health?ready=1 says."),
  START_TIME(
      "process_start_time_seconds",
      Kind.GAUGE,
      Unit.UNIX_TIME,
      "When the process started; it changes with every restart."),
  CPU_SECONDS(
      "process_cpu_seconds_total",
      Kind.COUNTER,
      Unit.SECONDS,
      "Processor time that the process has used."),
  CPUS("shardforge_cpus", Kind.GAUGE, Unit.NUMBER, "Processors that the process may use."),
  MACHINE_CPU(
      "shardforge_machine_cpu_ratio",
      Kind.GAUGE,
      Unit.RATIO,
      "Part of the machine's processor time that is in use, by anybody."),
  RESIDENT_BYTES(
      "process_resident_memory_bytes",
      Kind.GAUGE,
      Unit.BYTES,
      "Memory of the process that is in the machine's memory."),
  JVM_MEMORY(
      "shardforge_jvm_memory_bytes",
      Kind.GAUGE,
      Unit.BYTES,
      "Memory of the JVM in use: heap, direct buffers, or the rest (classes, code).",
      "area"),
  JVM_HEAP_MAX(
      "shardforge_jvm_heap_max_bytes", Kind.GAUGE, Unit.BYTES, "Bound on the heap of the JVM."),
  GC_SECONDS(
      "shardforge_gc_seconds_total",
      Kind.COUNTER,
      Unit.SECONDS,
      "Time that garbage collections took.",
      "collector"),
  GC_PAUSES(
      "jvm_gc_pause_seconds",
      Kind.SUMMARY,
      Unit.SECONDS,
      "Pauses for garbage collection, in which nothing runs; the longest lately is in _max.",
      "action",
      "cause",
      "gc"),
  THREADS(
      "shardforge_threads",
      Kind.GAUGE,
      Unit.NUMBER,
      "Threads of the operating system that the JVM has started and that are alive."),
  OPEN_FILES("process_open_fds", Kind.GAUGE, Unit.NUMBER, "Open file descriptors."),
  OPEN_FILES_MAX("process_max_fds", Kind.GAUGE, Unit.NUMBER, "Bound on the open file descriptors."),
  CERTIFICATE_EXPIRY(
      "shardforge_certificate_expiry_timestamp_seconds",
      Kind.GAUGE,
      Unit.UNIX_TIME,
      "When the first certificate of a file in certs-dir expires: ca, node, client-ca.",
      "file"),

  // ---- SQL ----
  SQL_CONNECTIONS(
      "shardforge_sql_connections", Kind.GAUGE, Unit.NUMBER, "Open client connections."),
  SQL_CONNECTIONS_MAX(
      "shardforge_sql_connections_max",
      Kind.GAUGE,
      Unit.NUMBER,
      "Bound on open client connections."),
  SQL_LATENCY(
      "shardforge_sql_statement_seconds",
      Kind.HISTOGRAM,
      Unit.SECONDS,
      "Time from a statement's start to its end, of those that ended well, by kind.",
      "kind"),
  SQL_ERRORS(
      "shardforge_sql_errors_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Statements that failed, by SQLSTATE.",
      "sqlstate"),
  SQL_RESTARTS(
      "shardforge_sql_restarts_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Statements that the server ran again by itself after a conflict, by what it was.",
      "cause"),
  SQL_MEMORY(
      "shardforge_sql_memory_bytes",
      Kind.GAUGE,
      Unit.BYTES,
      "Memory that running statements have reserved."),
  SQL_MEMORY_MAX(
      "shardforge_sql_memory_max_bytes",
      Kind.GAUGE,
      Unit.BYTES,
      "Bound on the memory of running statements."),
  TRANSACTIONS_COMMITTED(
      "shardforge_transactions_committed_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Transactions committed."),
  TRANSACTIONS_ROLLED_BACK(
      "shardforge_transactions_rolled_back_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Transactions rolled back."),
  LOCK_WAIT(
      "shardforge_lock_wait_seconds",
      Kind.HISTOGRAM,
      Unit.SECONDS,
      "Waits for row locks of the shards that this node leads, with and without success."),
  DEADLOCKS(
      "shardforge_deadlocks_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Waits for row locks that were ended because each waited for the other."),
  JOBS(
      "shardforge_jobs",
      Kind.GAUGE,
      Unit.NUMBER,
      "Work on tables in shardforge.jobs, that which ended not long ago too, by state.",
      "state"),

  BACKUP_SCHEDULES(
      "shardforge_backup_schedules",
      Kind.GAUGE,
      Unit.NUMBER,
      "Schedules of backups, by state: waiting, running, failed (the last one), overdue, paused.",
      "state"),

  // ---- Nodes and shards ----
  NODES(
      "shardforge_nodes",
      Kind.GAUGE,
      Unit.NUMBER,
      "Nodes of the cluster as this one sees them, by state: live, dead, draining,"
          + " decommissioning, decommissioned.",
      "state"),
  NODE_REACHABLE(
      "shardforge_node_reachable",
      Kind.GAUGE,
      Unit.BOOLEAN,
      "1 if this node has a connection to the other, 0 if not; not of those decommissioned.",
      "node"),
  SHARDS("shardforge_shards", Kind.GAUGE, Unit.NUMBER, "Replicas of shards on this node."),
  SHARDS_LED("shardforge_shards_led", Kind.GAUGE, Unit.NUMBER, "Shards whose leader is this node."),
  SHARD_LEADER(
      "shardforge_shard_leader",
      Kind.GAUGE,
      Unit.BOOLEAN,
      "1 if this node leads the shard, 0 if another does, by shard and by what the shard holds;"
          + " of the first 1000 shards here.",
      "shard",
      "holds"),
  SHARD_REQUESTS(
      "shardforge_shard_requests_per_second",
      Kind.GAUGE,
      Unit.NUMBER,
      "Requests a second that the shard was sent lately, of those that this node leads.",
      "shard"),
  SHARDS_LEADERLESS(
      "shardforge_shards_leaderless",
      Kind.GAUGE,
      Unit.NUMBER,
      "Shards with a replica on this node of which it knows no leader."),
  SHARDS_UNAVAILABLE(
      "shardforge_shards_unavailable",
      Kind.GAUGE,
      Unit.NUMBER,
      "Shards with a replica on this node most of whose replicas it cannot reach."),
  SHARDS_UNDER_REPLICATED(
      "shardforge_shards_under_replicated",
      Kind.GAUGE,
      Unit.NUMBER,
      "Shards that this node leads and of which a replica does not answer."),
  SHARDS_MOVING(
      "shardforge_shards_moving",
      Kind.GAUGE,
      Unit.NUMBER,
      "Shards that this node leads and whose replicas are being moved."),

  // ---- Logs of the shards ----
  RAFT_COMMIT(
      "shardforge_raft_commit_seconds",
      Kind.HISTOGRAM,
      Unit.SECONDS,
      "Time from the proposal of an entry by this node until it was applied here."),
  RAFT_WAITING(
      "shardforge_raft_commands_waiting",
      Kind.GAUGE,
      Unit.NUMBER,
      "Commands that wait for their way into a log, of the shard with the most."),
  RAFT_WAITING_MAX(
      "shardforge_raft_commands_waiting_max",
      Kind.GAUGE,
      Unit.NUMBER,
      "Bound on the commands of one shard that wait."),
  RAFT_REFUSED(
      "shardforge_raft_commands_refused_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Commands refused because too many were waiting."),
  LEADER_CHANGES(
      "shardforge_raft_leader_changes_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Times that this node began or ceased to lead a shard."),
  LOG_SYNCS(
      "shardforge_log_syncs_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Times that a log was made durable (fsync)."),
  LOG_SYNC_SECONDS(
      "shardforge_log_sync_seconds",
      Kind.GAUGE,
      Unit.SECONDS,
      "How long making a log durable takes: the 99th percentile of the slowest log, lately."),
  LOG_APPEND_SECONDS(
      "shardforge_log_append_seconds",
      Kind.GAUGE,
      Unit.SECONDS,
      "How long an entry takes into a log: the 99th percentile of the slowest log, lately."),
  LOG_BEHIND(
      "shardforge_log_entries_to_replay",
      Kind.GAUGE,
      Unit.NUMBER,
      "Entries that a restart would have to apply again."),
  COPIES(
      "shardforge_shard_copies_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Copies of whole shards that this node has begun to send to others."),
  ORACLE_AHEAD(
      "shardforge_oracle_ahead_seconds",
      Kind.GAUGE,
      Unit.SECONDS,
      "How far the newest timestamp known here is ahead of this node's clock. Negative where"
          + " none was needed lately; clocks differ where it is positive."),

  // ---- The store ----
  STORE_BYTES(
      "shardforge_store_bytes",
      Kind.GAUGE,
      Unit.BYTES,
      "The store directory's file system: total, and available to the node.",
      "state"),
  STORE_LOW(
      "shardforge_store_space_low",
      Kind.GAUGE,
      Unit.BOOLEAN,
      "1 while new rows are refused for lack of space."),
  FILE_BYTES(
      "shardforge_store_file_bytes", Kind.GAUGE, Unit.BYTES, "Files of the store with its rows."),
  MEMTABLE_BYTES(
      "shardforge_store_memtable_bytes", Kind.GAUGE, Unit.BYTES, "Rows written and not flushed."),
  LEVEL_ZERO_FILES(
      "shardforge_store_level0_files",
      Kind.GAUGE,
      Unit.NUMBER,
      "Files flushed and not compacted yet, of the family with the most; many slow reads down."),
  PENDING_COMPACTION(
      "shardforge_store_pending_compaction_bytes",
      Kind.GAUGE,
      Unit.BYTES,
      "What compaction still has to rewrite."),
  STALLED(
      "shardforge_store_stalled",
      Kind.GAUGE,
      Unit.BOOLEAN,
      "1 while writes are delayed or stopped until compaction gets on."),
  STALL_SECONDS(
      "shardforge_store_stall_seconds_total",
      Kind.COUNTER,
      Unit.SECONDS,
      "Time for which writes were delayed or stopped."),
  FLUSHED_BYTES(
      "shardforge_store_flushed_bytes_total", Kind.COUNTER, Unit.BYTES, "Written by flushes."),
  COMPACTED_BYTES(
      "shardforge_store_compacted_bytes_total",
      Kind.COUNTER,
      Unit.BYTES,
      "Written by compactions."),
  SNAPSHOTS(
      "shardforge_store_snapshots",
      Kind.GAUGE,
      Unit.NUMBER,
      "Snapshots and iterators that are open in the store."),
  CACHE_BYTES("shardforge_cache_bytes", Kind.GAUGE, Unit.BYTES, "Bytes in the block cache."),
  CACHE_HITS(
      "shardforge_cache_hits_total", Kind.COUNTER, Unit.NUMBER, "Blocks found in the block cache."),
  CACHE_MISSES(
      "shardforge_cache_misses_total",
      Kind.COUNTER,
      Unit.NUMBER,
      "Blocks not found there and read from files."),
  SCAN_CACHE_BYTES(
      "shardforge_scan_cache_bytes",
      Kind.GAUGE,
      Unit.BYTES,
      "Bytes of rows kept as scans have read them."),
  SCAN_CACHE_HITS(
      "shardforge_scan_cache_hits",
      Kind.GAUGE,
      Unit.NUMBER,
      "Pages that scans found in memory since the start."),

  // ---- Queues ----
  QUEUE_LENGTH(
      "shardforge_queue_length",
      Kind.GAUGE,
      Unit.NUMBER,
      "What waits in a queue of the node: raft (messages of other nodes), parser (statements).",
      "queue"),
  QUEUE_MAX(
      "shardforge_queue_max",
      Kind.GAUGE,
      Unit.NUMBER,
      "Bound on a queue of the node; what comes beyond it is refused.",
      "queue");

  /** How a metric is recorded. */
  public enum Kind {
    /** A value that goes up and down. */
    GAUGE,
    /** A sum since the start of the process. */
    COUNTER,
    /** Counts of durations up to bounds. */
    HISTOGRAM,
    /** Number, sum and greatest of durations. */
    SUMMARY
  }

  /** What a value is a number of. */
  public enum Unit {
    SECONDS("seconds"),
    BYTES("bytes"),
    NUMBER("number"),
    RATIO("0 to 1"),
    BOOLEAN("0 or 1"),
    UNIX_TIME("seconds since 1970");

    private final String words;

    Unit(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  private final String metricName;
  private final Kind kind;
  private final Unit unit;
  private final String description;

  // What List.of makes cannot be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> labels;

  Metric(String metricName, Kind kind, Unit unit, String description, String... labels) {
    this.metricName = metricName;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.labels = List.of(labels);
  }

  public String metricName() {
    return metricName;
  }

  public Kind kind() {
    return kind;
  }

  public Unit unit() {
    return unit;
  }

  public String description() {
    return description;
  }

  public List<String> labels() {
    return labels;
  }
}
