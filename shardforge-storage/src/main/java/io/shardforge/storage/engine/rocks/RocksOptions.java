package io.shardforge.storage.engine.rocks;

/**
 * The sizes of a RocksDB engine.
 *
 * @param blockCacheBytes memory for cached blocks, indexes and filters
 * @param memtableBytes memory for writes not flushed yet, all families together
 * @param backgroundJobs threads that flush and compact
 * @param openFilesMax table files held open
 */
public record RocksOptions(
    long blockCacheBytes, long memtableBytes, int backgroundJobs, int openFilesMax) {
  private static final long CACHE_MIN_BYTES = 1L << 20;
  private static final long MEMTABLE_MIN_BYTES = 1L << 20;

  /** More than this saves little compaction, and is held by every node that has been busy. */
  private static final long MEMTABLES_MAX_BYTES = 128L << 20;

  public RocksOptions {
    if (blockCacheBytes < CACHE_MIN_BYTES) {
      throw new IllegalArgumentException("block cache of " + blockCacheBytes + " bytes");
    }
    if (memtableBytes < MEMTABLE_MIN_BYTES) {
      throw new IllegalArgumentException("memtables of " + memtableBytes + " bytes");
    }
    if (backgroundJobs < 1 || openFilesMax < 16) {
      throw new IllegalArgumentException(
          backgroundJobs + " background jobs, " + openFilesMax + " open files");
    }
  }

  /** A share of memory for one node: up to a quarter of the given bytes buffers writes. */
  public static RocksOptions ofMemory(long bytes) {
    long memtables = Math.clamp(bytes / 4, 8L << 20, MEMTABLES_MAX_BYTES);
    long cache = Math.max(bytes - memtables, 8L << 20);
    return new RocksOptions(cache, memtables, 2, 1024);
  }
}
