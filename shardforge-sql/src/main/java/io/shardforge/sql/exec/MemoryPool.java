package io.shardforge.sql.exec;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all statements of a node may hold together. Thread-safe.
 *
 * <p>Most are charged and released by whoever holds them. Large single values, which pass through
 * expressions without an owner, are counted from when they are made until the collector finds that
 * nobody holds them any more.
 */
public final class MemoryPool {
  /** How long the collector may take to tell what it freed. */
  private static final long COLLECTED_WAIT_MILLIS = 50;

  private static final int COLLECTIONS_MAX = 3;

  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final Set<LargeValue> largeValues = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  /** Stands for a large value until it is collected. */
  private static final class LargeValue extends PhantomReference<Object> {
    private final long bytes;

    LargeValue(Object value, long bytes, ReferenceQueue<Object> queue) {
      super(value, queue);
      this.bytes = bytes;
    }
  }

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
    return tryAdd(bytes) || (releaseCollected(collected.poll()) && tryAdd(bytes));
  }

  private boolean tryAdd(long bytes) {
    long used = usedBytes.addAndGet(bytes);
    if (used > limitBytes) {
      usedBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Whether there is room for a large value, if need be after a look at what nobody holds. */
  boolean hasRoom(long bytes) {
    if (bytes > limitBytes) {
      return false;
    }
    for (int attempt = 0; usedBytes.get() + bytes > limitBytes; attempt++) {
      if (releaseCollected(collected.poll())) {
        continue;
      }
      if (attempt >= COLLECTIONS_MAX || largeValues.isEmpty()) {
        return false;
      }
      System.gc();
      try {
        releaseCollected(collected.remove(COLLECTED_WAIT_MILLIS));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** Counts a large value for as long as somebody holds it. */
  void countLarge(Object value, long bytes) {
    usedBytes.addAndGet(bytes);
    largeValues.add(new LargeValue(value, bytes, collected));
  }

  private boolean releaseCollected(@Nullable Reference<?> first) {
    boolean any = false;
    for (Reference<?> next = first; next != null; next = collected.poll()) {
      if (next instanceof LargeValue value && largeValues.remove(value)) {
        usedBytes.addAndGet(-value.bytes);
        any = true;
      }
    }
    return any;
  }

  void release(long bytes) {
    long used = usedBytes.addAndGet(-bytes);
    assert used >= 0 : "released more than was reserved: " + used;
  }
}
