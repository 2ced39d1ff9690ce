package io.shardforge.sql.exec;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all statements of a node may hold together. Thread-safe. */
public final class MemoryPool {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  public MemoryPool(long limitBytes) {
    if (limitBytes <= 0) {
      throw new IllegalArgumentException("memory limit " + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return usedBytes.get();
  }

  boolean tryReserve(long bytes) {
    long used = usedBytes.addAndGet(bytes);
    if (used > limitBytes) {
      usedBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void release(long bytes) {
    long used = usedBytes.addAndGet(-bytes);
    assert used >= 0 : "released more than was reserved: " + used;
  }
}
