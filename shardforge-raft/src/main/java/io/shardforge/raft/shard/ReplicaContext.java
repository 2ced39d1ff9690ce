package io.shardforge.raft.shard;

import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.LockReports;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.engine.Engine;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What all replicas of one node share.
 *
 * @param engine with all changes seen by the scan cache
 * @param scans pages of that engine
 * @param background runs what nobody waits for; its tasks may block
 * @param sender reaches every shard of the cluster
 * @param spaceLow whether the node has too little space to take new rows; asked often
 * @param abandoned spans of tables that are no more
 * @param map is told what becomes of shards
 * @param monitor counts what they do
 * @param lockReports what a new lease holder is told of the locks of its predecessor
 */
public record ReplicaContext(
    int nodeId,
    Engine engine,
    ScanCache scans,
    Clock clock,
    Executor background,
    TimestampClient timestamps,
    ShardLocator locator,
    KvSender sender,
    ReplicaSettings settings,
    BooleanSupplier spaceLow,
    AbandonedSpans abandoned,
    LockReports lockReports,
    ShardMap map,
    ReplicaMonitor monitor) {}
