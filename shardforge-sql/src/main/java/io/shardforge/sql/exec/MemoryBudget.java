package io.shardforge.sql.exec;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/**
 * The bytes that one statement may hold: sorts, hash tables, CTEs and result buffers charge it. It
 * draws on the node's {@link MemoryPool} in larger steps. Used by the statement's thread only.
 */
public final class MemoryBudget implements AutoCloseable {
  /** What a statement takes from the node's pool at a time. */
  private static final long STEP_BYTES = 256 * 1024;

  private final MemoryPool pool;
  private final long limitBytes;
  private long usedBytes;
  private long drawnBytes;
  private boolean closed;

  public MemoryBudget(MemoryPool pool, long limitBytes) {
    this.pool = pool;
    this.limitBytes = limitBytes;
  }

  public long usedBytes() {
    return usedBytes;
  }

  /**
   * Charges bytes if statement and node have them left; callers that get false spill or give up.
   */
  public boolean tryReserve(long bytes) {
    long used = usedBytes + bytes;
    if (used > limitBytes) {
      return false;
    }
    if (used > drawnBytes) {
      long draw = Math.max(used - drawnBytes, STEP_BYTES);
      if (!pool.tryReserve(draw)) {
        draw = used - drawnBytes;
        if (!pool.tryReserve(draw)) {
          return false;
        }
      }
      drawnBytes += draw;
    }
    usedBytes = used;
    return true;
  }

  /** Charges bytes or fails with 53200. */
  public void reserve(long bytes) {
    if (!tryReserve(bytes)) {
      throw exceeded(bytes);
    }
  }

  /** Makes sure that a large value can be made, or fails with 53200. */
  public void admitLarge(long bytes) {
    if (!pool.hasRoom(bytes)) {
      throw exceeded(bytes);
    }
  }

  /** Counts a large value for as long as somebody holds it. */
  public void countLarge(Object value, long bytes) {
    pool.countLarge(value, bytes);
  }

  public void release(long bytes) {
    if (closed) {
      return;
    }
    usedBytes -= bytes;
    assert usedBytes >= 0 : "released more than was reserved: " + usedBytes;
    if (drawnBytes - usedBytes > 4 * STEP_BYTES) {
      long giveBack = drawnBytes - usedBytes - STEP_BYTES;
      drawnBytes -= giveBack;
      pool.release(giveBack);
    }
  }

  /** The error of a statement that cannot do with its memory. */
  ShardForgeException exceeded(long bytes) {
    return new ShardForgeException(ErrorCode.OUT_OF_MEMORY, "out of memory")
        .withDetail(
            "Failed on request of %d bytes: the statement holds %d of %d bytes, the node %d of %d."
                .formatted(bytes, usedBytes, limitBytes, pool.usedBytes(), pool.limitBytes()))
        .withHint(
            "Let the statement touch fewer rows, or start the server with more --sql-memory.");
  }

  /** Gives everything back; what is released later counts no more. */
  @Override
  public void close() {
    closed = true;
    pool.release(drawnBytes);
    drawnBytes = 0;
    usedBytes = 0;
  }
}
