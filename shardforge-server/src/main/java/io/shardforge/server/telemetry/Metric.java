package io.shardforge.server.telemetry;

/** Every metric of the server, with its kind and the sentence that /metrics shows. */
public enum Metric {
  UPTIME("shardforge_uptime_seconds", Kind.GAUGE, "Seconds since this process started."),
  BUILD_INFO("shardforge_build_info", Kind.GAUGE, "Always 1; the version is in the label."),
  SQL_CONNECTIONS("shardforge_sql_connections", Kind.GAUGE, "Open client connections."),
  SQL_CONNECTIONS_MAX(
      "shardforge_sql_connections_max", Kind.GAUGE, "Bound on open client connections."),
  SQL_ERRORS("shardforge_sql_errors_total", Kind.COUNTER, "Statements that failed, by SQLSTATE."),
  SQL_LATENCY(
      "shardforge_sql_statement_seconds",
      Kind.TIMER,
      "Time from a statement's start to its end, by kind."),
  SQL_RESTARTS(
      "shardforge_sql_restarts_total",
      Kind.COUNTER,
      "Statements the server ran again by itself after a conflict."),
  TRANSACTIONS_COMMITTED(
      "shardforge_transactions_committed_total", Kind.COUNTER, "Transactions committed."),
  TRANSACTIONS_ROLLED_BACK(
      "shardforge_transactions_rolled_back_total", Kind.COUNTER, "Transactions rolled back."),
  SQL_MEMORY(
      "shardforge_sql_memory_bytes", Kind.GAUGE, "Memory that running statements have reserved."),
  SQL_MEMORY_MAX(
      "shardforge_sql_memory_max_bytes", Kind.GAUGE, "Bound on the memory of running statements."),
  SHARDS("shardforge_shards", Kind.GAUGE, "Replicas of shards on this node."),
  SHARDS_LED("shardforge_shards_led", Kind.GAUGE, "Shards whose leader is this node."),
  SHARD_LEADER(
      "shardforge_shard_leader",
      Kind.GAUGE,
      "1 if this node leads the shard, 0 if another does, by shard and by what the shard holds."),
  STORE_BYTES(
      "shardforge_store_bytes",
      Kind.GAUGE,
      "Bytes of the store directory's file system, by state."),
  SCAN_CACHE_BYTES(
      "shardforge_scan_cache_bytes", Kind.GAUGE, "Bytes of rows kept as scans have read them."),
  SCAN_CACHE_HITS(
      "shardforge_scan_cache_hits",
      Kind.GAUGE,
      "Pages that scans found in memory since the start."),
  CACHE_BYTES("shardforge_cache_bytes", Kind.GAUGE, "Bytes in the block cache.");

  /** How a metric is recorded. */
  public enum Kind {
    GAUGE,
    COUNTER,
    TIMER
  }

  private final String metricName;
  private final Kind kind;
  private final String description;

  Metric(String metricName, Kind kind, String description) {
    this.metricName = metricName;
    this.kind = kind;
    this.description = description;
  }

  public String metricName() {
    return metricName;
  }

  public Kind kind() {
    return kind;
  }

  public String description() {
    return description;
  }
}
