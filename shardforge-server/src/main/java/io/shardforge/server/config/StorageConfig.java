package io.shardforge.server.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how a node keeps data.
 *
 * @param cacheBytes memory for cached blocks
 * @param scanCacheBytes memory, of the heap, for pages that scans read
 * @param historyRetention how long versions that were overwritten stay readable
 */
public record StorageConfig(
    Path directory, long cacheBytes, long scanCacheBytes, Duration historyRetention) {}
