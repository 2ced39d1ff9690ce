package io.shardforge.server;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineMetrics;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule by which a node gives memory back: once, when it has become idle after work. While it
 * works the heap and the engine's buffers are worth what they hold; afterwards they are only held.
 * Used by one thread.
 *
 * <p>Work is told by what is allocated, as everything that a node does allocates: serving clients,
 * serving other nodes, applying what others have decided.
 */
final class IdleMemory {
  private static final Logger log = LoggerFactory.getLogger(IdleMemory.class);

  /** Buffered writes that are worth a flush. */
  private static final long FLUSH_BYTES_MIN = 16L << 20;

  /** A larger heap is not collected at once. */
  private static final long COLLECTION_BYTES_MAX = 256L << 20;

  /**
   * What is allocated between two looks, a second apart, by a node that does nothing for anyone.
   */
  static final long IDLE_BYTES_MAX = 8L << 20;

  /** Work that has allocated less than this has left nothing worth giving back. */
  static final long WORK_BYTES_MIN = 128L << 20;

  /**
   * Idle looks in a row after which the work is taken to be over. A node that is busy and gets no
   * processor looks idle for a few, and would then be stopped by the collection for longer still.
   */
  static final int IDLE_LOOKS = 10;

  private long seenBytes;
  private long workBytes;
  private int idleLooks;

  /**
   * Takes a look; true if memory should be given back now.
   *
   * @param allocatedBytes on the heap since the start of the process
   */
  boolean isDue(long allocatedBytes) {
    long bytes = allocatedBytes - seenBytes;
    seenBytes = allocatedBytes;
    if (bytes > IDLE_BYTES_MAX) {
      workBytes += bytes;
      idleLooks = 0;
      return false;
    }
    idleLooks++;
    if (idleLooks < IDLE_LOOKS || workBytes < WORK_BYTES_MIN) {
      return false;
    }
    workBytes = 0;
    return true;
  }

  /**
   * Empties the engine's buffers and lets the collector shrink the heap.
   *
   * @param flush flushes the engine, and lets go of what that makes dispensable
   */
  static void giveBack(Engine engine, Runnable flush) {
    EngineMetrics before = engine.metrics();
    long heap = usedHeap();
    if (before.memtableBytes() >= FLUSH_BYTES_MIN) {
      flush.run();
    }
    // All threads stand still for it: for so long as leases and elections do not notice.
    if (oldBytes() <= COLLECTION_BYTES_MAX) {
      System.gc();
    }
    log.info(
        "idle after work memtableBytes={} cacheBytes={} heapBytes={} heapBytesAfter={}",
        before.memtableBytes(),
        before.blockCacheBytes(),
        heap,
        usedHeap());
  }

  private static long usedHeap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** What a collection may have to look at: everything on the heap but its youngest part. */
  private static long oldBytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().endsWith("Old Gen"))
        .mapToLong(pool -> pool.getUsage().getUsed())
        .sum();
  }
}
