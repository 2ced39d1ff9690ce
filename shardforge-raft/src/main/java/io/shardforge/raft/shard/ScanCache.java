package io.shardforge.raft.shard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.RowWatcher;
import io.shardforge.storage.mvcc.WatchedEngine;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Pages that scans read, kept in memory as they are sent to the reader until a row of theirs is
 * written. To walk RocksDB costs some 200 ns a row; to take a page from here costs a look-up for
 * thousands of rows.
 *
 * <p>A page says what the rows of its span are for every view from {@link CachedPage#newestTs} on:
 * nothing was provisional in the span when it was read, and no version was newer. That holds until
 * the engine changes there. So a read first does all that it does without the cache (it raises
 * max_read_ts and waits for writes under way) and only then looks here instead of into the engine;
 * a page is dropped before the engine hears of a change of its rows, and what was read from a
 * snapshot that is older than the end of a change is not kept ({@link Load}).
 *
 * <p>Pages do not overlap. Which of them stay when there is no more room is Caffeine's choice:
 * those read often and lately, so that one scan of a great table does not drive out the others.
 */
public final class ScanCache {
  /** Smaller pages are found as fast in the engine, and come in great numbers. */
  static final int PAGE_BYTES_MIN = 32 << 10;

  /** Reads under way that may bring a page; others read without. */
  private static final int LOADS_MAX = 64;

  private static final int PAGE_OVERHEAD_BYTES = 256;

  /** By their starts. */
  private final ConcurrentSkipListMap<byte[], CachedPage> pages =
      new ConcurrentSkipListMap<>(Bytes::compare);

  private final Set<Load> loads = ConcurrentHashMap.newKeySet();

  /** Those under way: nothing that they touch is kept, as nobody knows on which side it is. */
  private final Set<RowWatcher.RowChange> changes = ConcurrentHashMap.newKeySet();

  private final Cache<CachedPage, CachedPage> room;
  private final ReentrantLock adding = new ReentrantLock();
  private final int pageBytesMin;
  private final LongAdder hits = new LongAdder();

  /** The rows of a span, for views that are not below a timestamp. */
  private static final class CachedPage {
    final KeySpan span;
    final KvPage page;

    /** By row. */
    final long[] commitTs;

    final long newestTs;

    /** Whether no change that came before the page may make it untrue. */
    volatile boolean settled;

    CachedPage(KeySpan span, KvPage page, long[] commitTs, long newestTs) {
      this.span = span;
      this.page = page;
      this.commitTs = commitTs;
      this.newestTs = newestTs;
    }

    int bytes() {
      return page.sizeBytes()
          + (2 * Integer.BYTES + Long.BYTES) * page.rows()
          + PAGE_OVERHEAD_BYTES;
    }
  }

  /** A cache of at most so many bytes; 0 keeps nothing. */
  public ScanCache(long bytesMax) {
    this(bytesMax, PAGE_BYTES_MIN);
  }

  ScanCache(long bytesMax, int pageBytesMin) {
    this.pageBytesMin = pageBytesMin;
    this.room =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((CachedPage page, CachedPage _) -> page.bytes())
            .executor(Runnable::run)
            .evictionListener(
                (@Nullable CachedPage page, @Nullable CachedPage _, RemovalCause _) -> {
                  if (page != null) {
                    forget(page);
                  }
                })
            .build();
  }

  /** A cache that keeps every page, however small, for tests that want it to matter. */
  public static ScanCache ofEverything(long bytesMax) {
    return new ScanCache(bytesMax, 0);
  }

  /** Bytes that are taken of those allowed. */
  public long bytes() {
    return room.policy().eviction().map(room -> room.weightedSize().orElse(0)).orElse(0L);
  }

  /** How many pages were found by scans since the start. */
  public long hits() {
    return hits.sum();
  }

  /** The engine whose changes this cache follows; all of them have to go through it. */
  public Engine over(Engine engine) {
    return new WatchedEngine(engine, new Watcher());
  }

  /** The page that tells what a view sees at a key, if there is one. */
  private @Nullable CachedPage pageOf(byte[] key, long viewTs) {
    Map.Entry<byte[], CachedPage> entry = pages.floorEntry(key);
    if (entry == null) {
      return null;
    }
    CachedPage found = entry.getValue();
    return found.settled && found.span.isBeforeEnd(key) && viewTs >= found.newestTs ? found : null;
  }

  /** The row of a key as a view sees it; null if that is not known. */
  KvResult.@Nullable Value get(byte[] key, long viewTs) {
    CachedPage found = pageOf(key, viewTs);
    if (found == null) {
      return null;
    }
    int row = rowAt(found.page, key);
    return row < found.page.rows() && found.page.compareKey(row, key) == 0
        ? new KvResult.Value(found.page.value(row), found.commitTs[row])
        : KvResult.Value.NONE;
  }

  /** What is kept of the near end of a span, as a view sees it; null if that is not known. */
  KvResult.@Nullable Page find(KeySpan span, long viewTs) {
    CachedPage found = pageOf(span.start(), viewTs);
    // Looking it up also tells the one who makes room that it is worth keeping.
    if (found == null || room.getIfPresent(found) == null) {
      return null;
    }
    hits.increment();
    KvPage page = found.page;
    int from = Arrays.equals(found.span.start(), span.start()) ? 0 : rowAt(page, span.start());
    byte[] end = found.span.end();
    if (end.length > 0 && span.isBeforeEnd(end)) {
      return new KvResult.Page(page.rows(from, page.rows()), end);
    }
    int to = span.hasEnd() ? rowAt(page, span.end()) : page.rows();
    return new KvResult.Page(page.rows(from, to), null);
  }

  /** The first row whose key is not below the given one. */
  private static int rowAt(KvPage page, byte[] key) {
    int low = 0;
    int high = page.rows();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (page.compareKey(middle, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Announces a read of the near end of a span, before its snapshot is taken.
   *
   * @return null if too many are under way
   */
  @Nullable Load load(KeySpan span) {
    if (loads.size() >= LOADS_MAX) {
      return null;
    }
    Map.Entry<byte[], CachedPage> next = pages.higherEntry(span.start());
    byte[] end = span.end();
    if (next != null && span.isBeforeEnd(next.getKey())) {
      end = next.getKey();
    }
    Load load = new Load(new KeySpan(span.start(), end));
    loads.add(load);
    return load;
  }

  /** A read that may become a page of the cache. */
  final class Load implements AutoCloseable {
    private final KeySpan span;
    private volatile boolean spoiled;

    private Load(KeySpan span) {
      this.span = span;
    }

    /** What to read: up to where a page follows. */
    KeySpan span() {
      return span;
    }

    /**
     * Keeps what was read, unless a row was written meanwhile.
     *
     * @param commitTs of the rows, or more room for them
     * @param walked the part of the span that the page tells of
     * @param newestTs the newest version there, which the reader's view has seen
     */
    void keep(KvPage page, long[] commitTs, KeySpan walked, long newestTs) {
      if (page.sizeBytes() < pageBytesMin || walked.isEmpty()) {
        return;
      }
      CachedPage kept =
          new CachedPage(walked, page.compact(), Arrays.copyOf(commitTs, page.rows()), newestTs);
      adding.lock();
      try {
        if (spoiled || overlaps(walked)) {
          return;
        }
        pages.put(walked.start(), kept);
      } finally {
        adding.unlock();
      }
      room.put(kept, kept);
      // Only now: a change that begins later finds the page and drops it.
      if (spoiled || changes.stream().anyMatch(change -> change.touches(walked))) {
        drop(kept);
      } else {
        kept.settled = true;
      }
    }

    @Override
    public void close() {
      loads.remove(this);
    }
  }

  private boolean overlaps(KeySpan span) {
    Map.Entry<byte[], CachedPage> before = pages.floorEntry(span.start());
    if (before != null && before.getValue().span.isBeforeEnd(span.start())) {
      return true;
    }
    Map.Entry<byte[], CachedPage> next = pages.higherEntry(span.start());
    return next != null && span.isBeforeEnd(next.getKey());
  }

  private void drop(CachedPage page) {
    forget(page);
    room.invalidate(page);
  }

  private void forget(CachedPage page) {
    pages.remove(page.span.start(), page);
  }

  private final class Watcher implements RowWatcher {
    @Override
    public void begins(RowChange change) {
      changes.add(change);
      if (!pages.isEmpty()) {
        change.rows(this::drop);
      }
    }

    @Override
    public void ended(RowChange change) {
      for (Load load : loads) {
        if (change.touches(load.span)) {
          load.spoiled = true;
        }
      }
      changes.remove(change);
    }

    private void drop(KeySpan rows) {
      Map.Entry<byte[], CachedPage> first = pages.floorEntry(rows.start());
      if (first != null && first.getValue().span.overlaps(rows)) {
        ScanCache.this.drop(first.getValue());
      }
      if (rows.isSingleKey()) {
        return;
      }
      for (CachedPage page : pages.tailMap(rows.start(), true).values()) {
        if (!rows.isBeforeEnd(page.span.start())) {
          break;
        }
        ScanCache.this.drop(page);
      }
    }
  }
}
