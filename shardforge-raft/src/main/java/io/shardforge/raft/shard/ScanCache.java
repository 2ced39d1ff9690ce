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
import io.shardforge.storage.mvcc.ScanLimits;
import io.shardforge.storage.mvcc.WatchedEngine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
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

  /**
   * Rows read from the engine for want of a page, or what costs as much, after which the next read
   * brings the page that it wanted, as it had not been read by itself: so bringing pages that
   * nobody wants again costs a quarter of what is read without them at most, and wherever reads
   * keep coming there will be one.
   */
  private static final int MISSES_PER_LOAD = 4 * Reads.PAGE_ROWS_MAX;

  /** Rows of a scan that cost as much as the read of one key. */
  static final int ROWS_PER_GET = 8;

  /** Rows of a scan that cost as much as to begin and end one. */
  static final int ROWS_PER_SCAN = 32;

  /** Written so that what computes it is not left out. */
  @SuppressWarnings("unused")
  private int lastTouched;

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
  private final AtomicLong misses = new AtomicLong();

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
    return entry != null && entry.getValue().span.isBeforeEnd(key) && serves(entry, viewTs)
        ? entry.getValue()
        : null;
  }

  /** The page that tells what a view sees just below the end of a span, if there is one. */
  private @Nullable CachedPage lastPageOf(KeySpan span, long viewTs) {
    Map.Entry<byte[], CachedPage> entry =
        span.hasEnd() ? pages.lowerEntry(span.end()) : pages.lastEntry();
    if (entry == null || !serves(entry, viewTs)) {
      return null;
    }
    byte[] end = entry.getValue().span.end();
    return end.length == 0 || (span.hasEnd() && Bytes.compare(span.end(), end) <= 0)
        ? entry.getValue()
        : null;
  }

  private static boolean serves(Map.Entry<byte[], CachedPage> entry, long viewTs) {
    return entry.getValue().settled && viewTs >= entry.getValue().newestTs;
  }

  /**
   * The rows of keys as a view sees them; null where that is not known. Each step is done for all
   * keys before the next step: what they wait for is memory, and waits that follow each other at
   * once are one wait.
   */
  KvResult.@Nullable Value[] getAll(List<byte[]> keys, long viewTs) {
    int count = keys.size();
    @Nullable CachedPage[] found = new CachedPage[count];
    CachedPage last = null;
    for (int i = 0; i < count; i++) {
      byte[] key = keys.get(i);
      if (last == null || !last.settled || !last.span.contains(key)) {
        last = pageOf(key, viewTs);
      }
      found[i] = last;
    }
    int[] rows = new int[count];
    int touched = 0;
    for (int i = 0; i < count; i++) {
      CachedPage page = found[i];
      rows[i] = page == null ? 0 : page.find(keys.get(i));
    }
    for (int i = 0; i < count; i++) {
      CachedPage page = found[i];
      touched += page == null ? 0 : page.touch(rows[i]);
    }
    lastTouched = touched;
    KvResult.@Nullable Value[] values = new KvResult.Value[count];
    for (int i = 0; i < count; i++) {
      CachedPage page = found[i];
      values[i] = page == null ? null : page.get(keys.get(i), rows[i]);
    }
    return values;
  }

  /**
   * What is kept of the near end of a span, as a view sees it; null if that is not known.
   *
   * @param reverse whether the near end is the upper one
   */
  KvResult.@Nullable Page find(KeySpan span, boolean reverse, long viewTs, ScanLimits limits) {
    CachedPage found = reverse ? lastPageOf(span, viewTs) : pageOf(span.start(), viewTs);
    // Looking it up also tells the one who makes room that it is worth keeping.
    if (found == null || room.getIfPresent(found) == null) {
      return null;
    }
    hits.increment();
    return reverse ? found.backward(span, limits) : found.forward(span, limits);
  }

  /**
   * Counts rows that were read from the engine, and what cost as much; whether it is time to bring
   * a page to them.
   */
  boolean missed(int rows) {
    long before = misses.getAndAdd(rows);
    return before / MISSES_PER_LOAD != (before + rows) / MISSES_PER_LOAD;
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
    return announced(
        new Load(new KeySpan(span.start(), endOfGap(span.start(), span)), pageBytesMin));
  }

  /**
   * Announces a read of what is around a key, before its snapshot is taken.
   *
   * @param within where the read may go
   * @return null if there is a page or too many reads are under way
   */
  @Nullable Load loadAround(byte[] key, KeySpan within) {
    if (loads.size() >= LOADS_MAX) {
      return null;
    }
    Map.Entry<byte[], CachedPage> before = pages.floorEntry(key);
    byte[] start = within.start();
    if (before != null) {
      KeySpan span = before.getValue().span;
      if (span.isBeforeEnd(key)) {
        return null;
      }
      start = Bytes.compare(start, span.end()) < 0 ? span.end() : start;
    }
    // However small: there is no more of it between its neighbors.
    return announced(new Load(new KeySpan(start, endOfGap(key, within)), 0));
  }

  /** Where the first page after a key begins, or the span ends. */
  private byte[] endOfGap(byte[] key, KeySpan span) {
    Map.Entry<byte[], CachedPage> next = pages.higherEntry(key);
    return next != null && span.isBeforeEnd(next.getKey()) ? next.getKey() : span.end();
  }

  private Load announced(Load load) {
    loads.add(load);
    return load;
  }

  /** A read that may become a page of the cache. */
  final class Load implements AutoCloseable {
    private final KeySpan span;
    private final int bytesMin;
    private volatile boolean spoiled;

    private Load(KeySpan span, int bytesMin) {
      this.span = span;
      this.bytesMin = bytesMin;
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
      if (page.sizeBytes() < bytesMin || walked.isEmpty()) {
        return;
      }
      CachedPage kept = new CachedPage(walked, page, commitTs, newestTs);
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
