package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.engine.BulkLoad;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineMetrics;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.HistogramType;
import org.rocksdb.HyperClockCache;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * The engine on one RocksDB without a write-ahead log. All families are flushed together, so that
 * what a crash leaves is the state after some batch.
 */
public final class RocksEngine implements Engine {
  private static final double BLOOM_BITS_PER_KEY = 10;
  private static final long INFO_LOG_BYTES_MAX = 4L << 20;
  private static final int INFO_LOG_FILES_MAX = 4;
  private static final long BYTES_PER_SYNC = 1L << 20;

  private final Path directory;
  private final AtomicLong openViews = new AtomicLong();

  /** Native objects, the last opened first: the order in which they are closed. */
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  private final RocksDB db;
  private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
  private final Map<Family, Integer> familyIds = new EnumMap<>(Family.class);
  private final List<ColumnFamilyHandle> allFamilies = new ArrayList<>();
  private final Cache cache;
  private final Statistics counts;
  private final ReadOptions readNow;
  private final ReadOptions readDurable;
  private final WriteOptions withoutLog;
  private final FlushOptions flushAndWait;
  private final IngestExternalFileOptions ingestion;
  private final ReentrantLock flushing = new ReentrantLock();
  private final RocksOptions sizes;
  private final Consumer<ShardForgeException> damage;
  private final BloomFilter bloom;
  private final DBOptions databaseOptions;

  /** Where files of bulk loads are made. */
  private final Path loads;

  private final AtomicLong nextLoad = new AtomicLong(1);

  /** Shared by every use of the database, exclusive for its end: native code forgives nothing. */
  private final StampedLock lifetime = new StampedLock();

  private boolean closed;

  /** Opens the engine in a directory, which is made if it is missing. */
  public static RocksEngine open(Path directory, RocksOptions sizes) {
    return open(directory, sizes, _ -> {});
  }

  /**
   * Opens the engine in a directory, which is made if it is missing.
   *
   * @param damage told, on whatever thread found it, of files that are not what was written; the
   *     engine cannot be relied on any more
   */
  public static RocksEngine open(
      Path directory, RocksOptions sizes, Consumer<ShardForgeException> damage) {
    RocksLibrary.load();
    try {
      return new RocksEngine(directory, sizes, damage);
    } catch (RocksDBException e) {
      throw failed("cannot open the store in " + directory, e, damage);
    }
  }

  private static ShardForgeException failed(
      String doing, RocksDBException e, Consumer<ShardForgeException> damage) {
    ShardForgeException failure = RocksFailure.of(doing, e);
    if (failure.code() == ErrorCode.DATA_CORRUPTED) {
      damage.accept(failure);
    }
    return failure;
  }

  private ShardForgeException failed(String doing, RocksDBException e) {
    return failed(doing, e, damage);
  }

  private RocksEngine(Path directory, RocksOptions sizes, Consumer<ShardForgeException> damage)
      throws RocksDBException {
    this.directory = directory;
    this.sizes = sizes;
    this.damage = damage;
    boolean opened = false;
    try {
      loads = emptyDirectory(directory.resolve("loads"));
      cache = own(new HyperClockCache(sizes.blockCacheBytes(), 0, -1, false));
      bloom = own(new BloomFilter(BLOOM_BITS_PER_KEY, false));
      WriteBufferManager buffers = own(new WriteBufferManager(sizes.memtableBytes(), cache, false));
      // Counts only: each histogram would read the clock twice for each read.
      counts = own(new Statistics(EnumSet.allOf(HistogramType.class)));
      databaseOptions = own(databaseOptions(sizes, buffers).setStatistics(counts));
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      descriptors.add(
          new ColumnFamilyDescriptor(
              RocksDB.DEFAULT_COLUMN_FAMILY, own(new ColumnFamilyOptions())));
      for (Family family : Family.values()) {
        byte[] name = family.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        descriptors.add(
            new ColumnFamilyDescriptor(name, own(FamilyOptions.of(family, sizes, cache, bloom))));
      }
      readNow = own(new ReadOptions());
      readDurable = own(new ReadOptions().setReadTier(ReadTier.PERSISTED_TIER));
      withoutLog = own(new WriteOptions().setDisableWAL(true));
      flushAndWait = own(new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true));
      // Taken over without another copy; the number that orders them stays out of the files.
      ingestion =
          own(new IngestExternalFileOptions().setMoveFiles(true).setWriteGlobalSeqno(false));
      db = own(RocksDB.open(databaseOptions, directory.toString(), descriptors, allFamilies));
      Iterator<ColumnFamilyHandle> handles = allFamilies.iterator();
      handles.next(); // RocksDB's default family stays empty.
      for (Family family : Family.values()) {
        ColumnFamilyHandle handle = handles.next();
        families.put(family, handle);
        familyIds.put(family, handle.getID());
      }
      allFamilies.forEach(this::own);
      opened = true;
    } finally {
      if (!opened) {
        closeOwned();
      }
    }
  }

  /** Makes a directory if it is missing, and removes the files that a crash left there. */
  private static Path emptyDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
      try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
        for (Path file : left) {
          Files.delete(file);
        }
      }
      return directory;
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.IO_ERROR, "cannot prepare " + directory + ": " + e.getMessage(), e);
    }
  }

  private static DBOptions databaseOptions(RocksOptions sizes, WriteBufferManager buffers) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        .setParanoidChecks(true)
        .setWriteBufferManager(buffers)
        .setMaxBackgroundJobs(sizes.backgroundJobs())
        .setMaxOpenFiles(sizes.openFilesMax())
        .setBytesPerSync(BYTES_PER_SYNC)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
        .setKeepLogFileNum(INFO_LOG_FILES_MAX)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  @Override
  public byte @Nullable [] get(Family family, byte[] key) {
    return get(family, key, readNow);
  }

  @Override
  public byte @Nullable [] getDurable(Family family, byte[] key) {
    long use = use();
    try {
      return db.get(handle(family), readDurable, key);
    } catch (RocksDBException e) {
      throw failed("read of " + family, e);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  byte @Nullable [] get(Family family, byte[] key, ReadOptions options) {
    long use = use();
    try {
      ColumnFamilyHandle handle = handle(family);
      // Most locks asked for are not there, and the library tells that of a get by a C++ exception,
      // which takes twice as long as the search.
      if (family == Family.LOCK && !db.keyMayExist(handle, options, key, null)) {
        return null;
      }
      return db.get(handle, options, key);
    } catch (RocksDBException e) {
      throw failed("read of " + family, e);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  @Override
  public EngineIterator iterator(Family family, KeySpan span) {
    return iterator(family, span, null);
  }

  EngineIterator iterator(Family family, KeySpan span, @Nullable Snapshot snapshot) {
    long use = use();
    try {
      ReadOptions options = new ReadOptions();
      if (snapshot != null) {
        options.setSnapshot(snapshot);
      }
      Slice lower = span.start().length > 0 ? new Slice(span.start()) : null;
      Slice upper = span.hasEnd() ? new Slice(span.end()) : null;
      if (lower != null) {
        options.setIterateLowerBound(lower);
      }
      if (upper != null) {
        options.setIterateUpperBound(upper);
      }
      openViews.incrementAndGet();
      return new RocksSpanIterator(
          db.newIterator(handle(family), options),
          span,
          options,
          lower,
          upper,
          openViews,
          this::failed);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  @Override
  public EngineSnapshot snapshot() {
    long use = use();
    try {
      openViews.incrementAndGet();
      return new RocksSnapshot(this, db.getSnapshot());
    } finally {
      lifetime.unlockRead(use);
    }
  }

  void release(Snapshot snapshot) {
    db.releaseSnapshot(snapshot);
    openViews.decrementAndGet();
  }

  @Override
  public void write(WriteBatch batch) {
    if (batch.isEmpty()) {
      return;
    }
    byte[] serialized = BatchFormat.serialize(batch, familyIds);
    long use = use();
    try (org.rocksdb.WriteBatch nativeBatch = new org.rocksdb.WriteBatch(serialized)) {
      db.write(withoutLog, nativeBatch);
    } catch (RocksDBException e) {
      String doing = "write of " + batch.count() + " changes";
      // What is refused is the batch, or everything since a flush or compaction has found damage.
      throw hasFailedBehind() ? failed(doing, e) : RocksFailure.of(doing, e);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  /** Whether work in the background has failed, which writes are told afterwards. */
  private boolean hasFailedBehind() {
    try {
      return db.getLongProperty("rocksdb.background-errors") > 0;
    } catch (RocksDBException _) {
      return false;
    }
  }

  @Override
  public BulkLoad bulkLoad(Family family) {
    long use = use();
    try (ColumnFamilyOptions familyOptions = FamilyOptions.of(family, sizes, cache, bloom)) {
      // Fast to write: what stays at the bottom is packed tighter when it is compacted.
      familyOptions.setBottommostCompressionType(CompressionType.DISABLE_COMPRESSION_OPTION);
      return new RocksBulkLoad(
          this,
          files -> db.ingestExternalFile(handle(family), files, ingestion),
          loads,
          "load-" + nextLoad.getAndIncrement(),
          new Options(databaseOptions, familyOptions));
    } finally {
      lifetime.unlockRead(use);
    }
  }

  /** Work on native objects that needs the database to stay open. */
  @FunctionalInterface
  interface NativeWork {
    void run() throws RocksDBException;
  }

  void using(String doing, NativeWork work) {
    long use = use();
    try {
      work.run();
    } catch (RocksDBException e) {
      throw failed(doing, e);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  /**
   * One at a time: a flush of this database that overlaps another one may come back before what it
   * is to flush is in a file.
   */
  @Override
  public void flush() {
    flushing.lock();
    try {
      using("flush", () -> db.flush(flushAndWait, allFamilies));
    } finally {
      flushing.unlock();
    }
  }

  @Override
  public void dropSpan(Family family, KeySpan span) {
    WriteBatch rest = new WriteBatch().deleteRange(family, span);
    if (rest.isEmpty()) {
      return;
    }
    long use = use();
    try {
      db.deleteFilesInRanges(handle(family), List.of(span.start(), span.end()), false);
    } catch (RocksDBException e) {
      throw failed("drop of a span of " + family, e);
    } finally {
      lifetime.unlockRead(use);
    }
    write(rest);
  }

  @Override
  public long approximateSizeBytes(Family family, KeySpan span) {
    byte[] end = span.hasEnd() ? span.end() : new byte[] {-1, -1, -1, -1, -1, -1, -1, -1};
    long use = use();
    try (Slice from = new Slice(span.start());
        Slice to = new Slice(end)) {
      return db.getApproximateSizes(
              handle(family),
              List.of(new Range(from, to)),
              SizeApproximationFlag.INCLUDE_FILES,
              SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
    } finally {
      lifetime.unlockRead(use);
    }
  }

  @Override
  public void checkpoint(Path target) {
    flush();
    long use = use();
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw failed("checkpoint to " + target, e);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  @Override
  public EngineMetrics metrics() {
    long use = use();
    long memtables = 0;
    long files = 0;
    long pending = 0;
    long levelZero = 0;
    try {
      for (ColumnFamilyHandle family : allFamilies) {
        memtables += db.getLongProperty(family, "rocksdb.cur-size-all-mem-tables");
        files += db.getLongProperty(family, "rocksdb.live-sst-files-size");
        pending += db.getLongProperty(family, "rocksdb.estimate-pending-compaction-bytes");
        // A number that the library gives as a text only.
        levelZero =
            Math.max(
                levelZero,
                Long.parseLong(db.getProperty(family, "rocksdb.num-files-at-level0").strip()));
      }
      boolean stalled =
          db.getLongProperty("rocksdb.is-write-stopped") != 0
              || db.getLongProperty("rocksdb.actual-delayed-write-rate") != 0;
      return new EngineMetrics(
          memtables,
          cache.getUsage(),
          files,
          pending,
          stalled,
          openViews.get(),
          levelZero,
          new EngineMetrics.Totals(
              counts.getTickerCount(TickerType.STALL_MICROS),
              counts.getTickerCount(TickerType.BLOCK_CACHE_HIT),
              counts.getTickerCount(TickerType.BLOCK_CACHE_MISS),
              counts.getTickerCount(TickerType.FLUSH_WRITE_BYTES),
              counts.getTickerCount(TickerType.COMPACT_WRITE_BYTES)));
    } catch (RocksDBException e) {
      throw failed("reading of metrics", e);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  /** For tests: whether no flush and no compaction is running or due. */
  boolean isIdle() {
    long use = use();
    try {
      long work =
          db.getLongProperty("rocksdb.num-running-flushes")
              + db.getLongProperty("rocksdb.num-running-compactions");
      for (ColumnFamilyHandle family : allFamilies) {
        work +=
            db.getLongProperty(family, "rocksdb.mem-table-flush-pending")
                + db.getLongProperty(family, "rocksdb.compaction-pending");
      }
      return work == 0;
    } catch (RocksDBException e) {
      throw failed("reading of what is running", e);
    } finally {
      lifetime.unlockRead(use);
    }
  }

  @Override
  public void close() {
    long end = lifetime.writeLock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      db.flush(flushAndWait, allFamilies);
      // Freed memory under a live iterator would end the process: better to leak it.
      if (openViews.get() > 0) {
        throw new IllegalStateException(
            openViews.get() + " snapshots or iterators of " + directory + " were left open");
      }
    } catch (RocksDBException e) {
      throw failed("last flush", e);
    } finally {
      if (openViews.get() == 0) {
        closeOwned();
      }
      lifetime.unlockWrite(end);
    }
  }

  /** Keeps the database open until the stamp is given back. */
  private long use() {
    long stamp = lifetime.readLock();
    if (closed) {
      lifetime.unlockRead(stamp);
      throw new IllegalStateException("the engine in " + directory + " is closed");
    }
    return stamp;
  }

  private ColumnFamilyHandle handle(Family family) {
    ColumnFamilyHandle handle = families.get(family);
    if (handle == null) {
      throw new IllegalStateException("no family " + family);
    }
    return handle;
  }

  private <T extends AutoCloseable> T own(T object) {
    owned.push(object);
    return object;
  }

  private void closeOwned() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing the engine in " + directory, e);
      }
    }
  }
}
