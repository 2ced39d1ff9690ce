package io.shardforge.storage.engine;

/**
 * Figures of an engine at one moment.
 *
 * @param memtableBytes written and not flushed
 * @param blockCacheBytes cached blocks
 * @param liveFileBytes files on the device
 * @param pendingCompactionBytes what compaction still has to rewrite
 * @param stalledWrites whether writes are being delayed or stopped now
 * @param openSnapshots snapshots and iterators not closed yet
 */
public record EngineMetrics(
    long memtableBytes,
    long blockCacheBytes,
    long liveFileBytes,
    long pendingCompactionBytes,
    boolean stalledWrites,
    long openSnapshots) {}
