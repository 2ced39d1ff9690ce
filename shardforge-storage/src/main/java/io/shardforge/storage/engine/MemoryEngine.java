package io.shardforge.storage.engine;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An engine in memory, for simulations and for stores that need not outlive the process. It keeps
 * the state of the last flush, so that a crash can be played: {@link #crash()}.
 */
public final class MemoryEngine implements Engine {
  private final AtomicLong openViews = new AtomicLong();
  private volatile State current;
  private volatile State durable;
  private volatile boolean closed;

  public MemoryEngine() {
    this(State.EMPTY);
  }

  private MemoryEngine(State state) {
    this.current = state;
    this.durable = state;
  }

  /** One version of all families. */
  private record State(Map<Family, PersistentMap> families) {
    static final State EMPTY = new State(Map.of());

    PersistentMap family(Family family) {
      return families.getOrDefault(family, PersistentMap.EMPTY);
    }

    byte @Nullable [] get(Family family, byte[] key) {
      PersistentMap.Entry entry = family(family).get(key);
      return entry == null ? null : entry.value().clone();
    }
  }

  /** Ends this engine as a crash would and returns what a restart finds. */
  public synchronized MemoryEngine crash() {
    closed = true;
    return new MemoryEngine(durable);
  }

  @Override
  public byte @Nullable [] get(Family family, byte[] key) {
    return state().get(family, key);
  }

  @Override
  public EngineIterator iterator(Family family, KeySpan span) {
    openViews.incrementAndGet();
    return new MemoryIterator(state().family(family), span, openViews);
  }

  @Override
  public EngineSnapshot snapshot() {
    State seen = state();
    openViews.incrementAndGet();
    return new EngineSnapshot() {
      @Override
      public byte @Nullable [] get(Family family, byte[] key) {
        return seen.get(family, key);
      }

      @Override
      public EngineIterator iterator(Family family, KeySpan span) {
        openViews.incrementAndGet();
        return new MemoryIterator(seen.family(family), span, openViews);
      }

      @Override
      public void close() {
        openViews.decrementAndGet();
      }
    };
  }

  @Override
  public synchronized void write(WriteBatch batch) {
    Map<Family, PersistentMap> families = new EnumMap<>(Family.class);
    families.putAll(state().families);
    for (int i = 0; i < batch.count(); i++) {
      byte[] key = batch.key(i);
      byte[] value = batch.value(i);
      PersistentMap before = families.getOrDefault(batch.family(i), PersistentMap.EMPTY);
      PersistentMap after =
          switch (batch.kind(i)) {
            case PUT -> before.put(key.clone(), value.clone());
            case DELETE -> before.remove(key);
            case DELETE_RANGE -> without(before, new KeySpan(key, value));
          };
      families.put(batch.family(i), after);
    }
    current = new State(families);
  }

  @Override
  public BulkLoad bulkLoad(Family family) {
    WriteBatch batch = newBatch();
    return new BulkLoad() {
      @Override
      public void put(
          byte[] buffer, int keyOffset, int keyLength, int valueOffset, int valueLength) {
        byte[] key = Arrays.copyOfRange(buffer, keyOffset, keyOffset + keyLength);
        byte[] before = batch.isEmpty() ? null : batch.key(batch.count() - 1);
        if (before != null && Bytes.compare(before, key) >= 0) {
          throw new IllegalArgumentException("a loaded key does not lie behind the one before");
        }
        batch.put(family, key, Arrays.copyOfRange(buffer, valueOffset, valueOffset + valueLength));
      }

      @Override
      public void finish() {
        write(batch);
        flush();
      }

      @Override
      public void close() {
        batch.clear();
      }
    };
  }

  @Override
  public synchronized void flush() {
    durable = state();
  }

  @Override
  public byte @Nullable [] getDurable(Family family, byte[] key) {
    state();
    return durable.get(family, key);
  }

  @Override
  public synchronized void dropSpan(Family family, KeySpan span) {
    write(new WriteBatch().deleteRange(family, span));
    Map<Family, PersistentMap> families = new EnumMap<>(Family.class);
    families.putAll(durable.families);
    families.put(family, without(durable.family(family), span));
    durable = new State(families);
  }

  @Override
  public long approximateSizeBytes(Family family, KeySpan span) {
    long[] size = new long[1];
    SpanExport.stream(
        this,
        family,
        span,
        (key, value) -> {
          size[0] += key.length + value.length;
          return true;
        });
    return size[0];
  }

  @Override
  public void checkpoint(Path directory) {
    throw new ShardForgeException(
        ErrorCode.FEATURE_NOT_SUPPORTED, "a store in memory cannot be copied to a directory");
  }

  @Override
  public EngineMetrics metrics() {
    return new EngineMetrics(0, 0, 0, 0, false, openViews.get(), 0, EngineMetrics.Totals.NONE);
  }

  @Override
  public void close() {
    closed = true;
  }

  private State state() {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    return current;
  }

  private static PersistentMap without(PersistentMap map, KeySpan span) {
    PersistentMap result = map;
    PersistentMap.Entry entry = map.atOrAfter(span.start(), false);
    while (entry != null && span.isBeforeEnd(entry.key())) {
      result = result.remove(entry.key());
      entry = map.atOrAfter(entry.key(), true);
    }
    return result;
  }
}
