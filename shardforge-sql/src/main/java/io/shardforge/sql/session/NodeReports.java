package io.shardforge.sql.session;

/** What a node tells of itself by SQL. */
public record NodeReports(NodeMetrics metrics, NodeAlerts alerts, NodeLog log) {}
