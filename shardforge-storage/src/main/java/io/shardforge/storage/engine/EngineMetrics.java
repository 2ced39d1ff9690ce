package io.shardforge.storage.engine;

/**
 * Figures of an engine at one moment; totals count from its opening.
 *
 * @param memtableBytes written and not flushed
 * @param blockCacheBytes cached blocks
 * @param liveFileBytes files on the device
 * @param pendingCompactionBytes what compaction still has to rewrite
 * @param stalledWrites whether writes are being delayed or stopped now
 * @param openSnapshots snapshots and iterators not closed yet
 * @param levelZeroFiles files that were flushed and not compacted yet, of the family with the most
 * @param totals what has been done since the opening
 */
public record EngineMetrics(
    long memtableBytes,
    long blockCacheBytes,
    long liveFileBytes,
    long pendingCompactionBytes,
    boolean stalledWrites,
    long openSnapshots,
    long levelZeroFiles,
    Totals totals) {

  /**
   * What an engine has done since it was opened.
   *
   * @param stalledMicros how long writes have been delayed or stopped
   * @param cacheHits blocks found in the cache
   * @param cacheMisses blocks read from files
   * @param flushedBytes bytes written by flushes
   * @param compactedBytes bytes written by compactions
   */
  public record Totals(
      long stalledMicros,
      long cacheHits,
      long cacheMisses,
      long flushedBytes,
      long compactedBytes) {
    /** Of an engine that does none of that. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0);
  }
}
