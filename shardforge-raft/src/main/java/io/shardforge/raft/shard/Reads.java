package io.shardforge.raft.shard;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccScanner;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.ReadResult;
import io.shardforge.storage.mvcc.ReadView;
import io.shardforge.storage.mvcc.ScanLimits;
import io.shardforge.storage.mvcc.TxnId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a lease holder.
 *
 * <p>A read takes no latch and no engine snapshot. It raises max_read_ts, waits for the writes that
 * were under way then, and reads LOCK before CURRENT before HISTORY. That is as good as one
 * snapshot: every write judged later commits above the read's timestamp, so what can still change
 * meanwhile is (a) a provisional write being resolved: LOCK was read first, so it is seen there or,
 * if it was gone, its version is in CURRENT; (b) a version being overwritten above the timestamp:
 * the overwritten one enters HISTORY in the same batch, and stays there while the timestamp is not
 * below the threshold of collection, which is looked at again after reading.
 */
final class Reads {
  /** Bytes in one page of a scan, unless its only row is larger. */
  static final int PAGE_BYTES_MAX = 256 * 1024;

  static final int PAGE_ROWS_MAX = 8192;

  /** Entries looked at for one page: a scan over nothing but deleted rows pauses, too. */
  static final int PAGE_EXAMINED_MAX = 100_000;

  private static final int COMMIT_TS_FIRST = 64;

  static final ScanLimits PAGE_LIMITS =
      new ScanLimits(PAGE_ROWS_MAX, PAGE_BYTES_MAX, PAGE_EXAMINED_MAX);

  private static final ScanLimits HALF_PAGE_LIMITS =
      new ScanLimits(PAGE_ROWS_MAX / 2, PAGE_BYTES_MAX / 2, PAGE_EXAMINED_MAX);

  private final Replica replica;
  private final Decisions decisions;

  Reads(Replica replica, Decisions decisions) {
    this.replica = replica;
    this.decisions = decisions;
  }

  // Hot path: point reads on this node.
  KvResult get(LeaseTerm term, KvBatch batch, KvRequest.Get request) throws InterruptedException {
    prepare(term, request.readTs(), batch.deadline());
    TxnId own = own(batch.txn());
    for (byte[] key : request.keys()) {
      checkInside(key);
      if (term.latches().isWriting()) {
        awaitWrites(term, KeySpan.ofKey(key), batch.deadline());
      }
    }
    KvResult.@Nullable Value[] values = scans().getAll(request.keys(), request.readTs());
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        byte[] key = request.keys().get(i);
        values[i] = read(term, key, request.readTs(), own, batch.deadline());
        if (scans().missed(ScanCache.ROWS_PER_GET)) {
          keepAround(key, request.readTs());
        }
      }
    }
    checkThreshold(request.readTs());
    return new KvResult.Values(Arrays.asList(values));
  }

  KvResult scan(LeaseTerm term, KvBatch batch, KvRequest.Scan request) throws InterruptedException {
    if (!replica.span().contains(request.span())) {
      throw stale();
    }
    prepare(term, request.readTs(), batch.deadline());
    awaitWrites(term, request.span(), batch.deadline());
    ScanLimits limits = limitsOf(request);
    TxnId own = own(batch.txn());
    ReadView view =
        own == null
            ? ReadView.at(request.readTs())
            : new ReadView(request.readTs(), own, request.ownStatementLimit());
    KvResult.Page undisturbed = scanUndisturbed(request, view, limits);
    if (undisturbed != null) {
      return undisturbed;
    }
    KvPage.Builder page = new KvPage.Builder();
    KeySpan rest = request.span();
    while (true) {
      List<ProvisionalWrite> conflicts;
      KeySpan remaining;
      try (MvccScanner scanner = new MvccScanner(engine(), rest, view, limits, request.reverse())) {
        addRows(scanner, page);
        conflicts = List.copyOf(scanner.conflicts());
        remaining = scanner.remaining().orElse(null);
      }
      checkThreshold(request.readTs());
      if (remaining == null || conflicts.isEmpty() || page.rows() > 0) {
        return pageOf(page, remaining, request.reverse());
      }
      decisions.clearForRead(term, own, conflicts, remaining, request.readTs(), batch.deadline());
      rest = remaining;
    }
  }

  /** A page of a span where nothing provisional is, as in nearly all; else null. */
  private KvResult.@Nullable Page scanUndisturbed(
      KvRequest.Scan request, ReadView view, ScanLimits limits) {
    KvResult.Page page = scans().find(request.span(), request.reverse(), view.ts(), limits);
    if (page == null) {
      // Only reads of whole pages are alike enough for one to serve the next.
      boolean whole = !request.reverse() && limits.equals(PAGE_LIMITS);
      try (ScanCache.Load load = whole ? scans().load(request.span()) : null) {
        page = readUndisturbed(request, view, limits, load);
      }
      if (page != null && scans().missed(ScanCache.ROWS_PER_SCAN + page.page().rows())) {
        keepAround(page.page().isEmpty() ? request.span().start() : page.page().key(0), view.ts());
      }
    }
    if (page != null) {
      checkThreshold(request.readTs());
    }
    return page;
  }

  /** Has the cache keep a page with a key somewhere in its middle, if it is at rest. */
  private void keepAround(byte[] key, long viewTs) {
    try (ScanCache.Load load = scans().loadAround(key, replica.span())) {
      if (load == null) {
        return;
      }
      ReadView view = ReadView.at(viewTs);
      try (EngineSnapshot snapshot = engine().snapshot()) {
        byte[] start = load.span().start();
        KeySpan below = new KeySpan(start, key);
        if (!below.isEmpty()) {
          try (MvccScanner scanner =
              MvccScanner.committed(snapshot, below, view, HALF_PAGE_LIMITS, true)) {
            while (scanner.next()) {}
            start = scanner.remaining().map(KeySpan::end).orElse(start);
          }
        }
        KeySpan span = new KeySpan(start, load.span().end());
        try (MvccScanner scanner =
            MvccScanner.committed(snapshot, span, view, PAGE_LIMITS, false)) {
          CommittedRows rows = new CommittedRows();
          rows.addAll(scanner);
          KeySpan walked =
              scanner.remaining().map(rest -> new KeySpan(span.start(), rest.start())).orElse(span);
          if (scanner.newestTs() <= viewTs && !MvccStore.hasProvisional(snapshot, walked)) {
            load.keep(rows.page.build(), rows.commitTs, walked, scanner.newestTs());
          }
        }
      }
    }
  }

  /** Rows with the timestamps that a page of the cache needs. */
  private static final class CommittedRows {
    final KvPage.Builder page = new KvPage.Builder();
    long[] commitTs = new long[COMMIT_TS_FIRST];

    void addAll(MvccScanner scanner) {
      while (scanner.next()) {
        if (page.rows() == commitTs.length) {
          commitTs = Arrays.copyOf(commitTs, 2 * commitTs.length);
        }
        commitTs[page.rows()] = scanner.commitTs();
        addRow(scanner, page);
      }
    }
  }

  private KvResult.@Nullable Page readUndisturbed(
      KvRequest.Scan request, ReadView view, ScanLimits limits, ScanCache.@Nullable Load load) {
    KeySpan span = load == null ? request.span() : load.span();
    try (EngineSnapshot snapshot = engine().snapshot();
        MvccScanner scanner =
            MvccScanner.committed(snapshot, span, view, limits, request.reverse())) {
      CommittedRows rows = new CommittedRows();
      rows.addAll(scanner);
      KeySpan rest = scanner.remaining().orElse(null);
      if (rest == null && !span.equals(request.span())) {
        rest = new KeySpan(span.end(), request.span().end());
      }
      KvResult.Page page = pageOf(rows.page, rest, request.reverse());
      KeySpan walked = walked(request, page.resumeKey());
      if (MvccStore.hasProvisional(snapshot, walked)) {
        return null;
      }
      if (load != null && scanner.newestTs() <= view.ts()) {
        load.keep(page.page(), rows.commitTs, walked, scanner.newestTs());
      }
      return page;
    }
  }

  private static KeySpan walked(KvRequest.Scan request, byte @Nullable [] resume) {
    KeySpan span = request.span();
    if (resume == null) {
      return span;
    }
    return request.reverse() ? new KeySpan(resume, span.end()) : new KeySpan(span.start(), resume);
  }

  /** A page of what is committed, whatever else is there. */
  static KvResult.Page committed(
      EngineSnapshot reader, KvRequest.Scan request, ReadView view, ScanLimits limits) {
    KvPage.Builder page = new KvPage.Builder();
    try (MvccScanner scanner =
        MvccScanner.committed(reader, request.span(), view, limits, request.reverse())) {
      addRows(scanner, page);
      return pageOf(page, scanner.remaining().orElse(null), request.reverse());
    }
  }

  /** The most that one page may hold. */
  static ScanLimits limitsOf(KvRequest.Scan request) {
    int rowsMax =
        request.rowLimit() > 0 ? Math.min(request.rowLimit(), PAGE_ROWS_MAX) : PAGE_ROWS_MAX;
    int bytesMax =
        request.byteLimit() > 0 ? Math.min(request.byteLimit(), PAGE_BYTES_MAX) : PAGE_BYTES_MAX;
    return new ScanLimits(rowsMax, bytesMax, PAGE_EXAMINED_MAX);
  }

  private static void addRows(MvccScanner scanner, KvPage.Builder page) {
    while (scanner.next()) {
      addRow(scanner, page);
    }
  }

  private static void addRow(MvccScanner scanner, KvPage.Builder page) {
    page.add(
        scanner.keyBuffer(),
        0,
        scanner.keyLength(),
        scanner.valueBuffer(),
        scanner.valueOffset(),
        scanner.valueLength());
  }

  private static KvResult.Page pageOf(
      KvPage.Builder page, @Nullable KeySpan remaining, boolean reverse) {
    byte[] resume = remaining == null ? null : reverse ? remaining.end() : remaining.start();
    return new KvResult.Page(page.build(), resume);
  }

  /** Refuses reads that the oracle or the collection of history forbid, then raises max_read_ts. */
  void prepare(LeaseTerm term, long readTs, Deadline deadline) throws InterruptedException {
    if (readTs > replica.context().timestamps().newest()) {
      replica.context().timestamps().fetch(deadline);
      if (readTs > replica.context().timestamps().newest()) {
        throw new KvException(new KvError.TimestampInFuture(readTs));
      }
    }
    checkThreshold(readTs);
    term.raiseMaxReadTs(readTs);
  }

  /** Waits for the writes that are being judged or replicated now. */
  static void awaitWrites(LeaseTerm term, KeySpan span, Deadline deadline)
      throws InterruptedException {
    if (!term.latches().awaitWrites(span, deadline)) {
      throw new KvException(new KvError.DeadlineExceeded("a write under way"));
    }
    term.checkNotEnded();
  }

  private KvResult.Value read(
      LeaseTerm term, byte[] key, long readTs, @Nullable TxnId own, Deadline deadline)
      throws InterruptedException {
    ReadResult result = MvccStore.read(engine(), key, view(readTs, own));
    if (result instanceof ReadResult.Blocked blocked) {
      ProvisionalWrite write = blocked.write();
      KvResult.TxnOutcome outcome = decisions.askForRead(term, own, write, readTs, deadline);
      if (outcome.state() == KvResult.TxnOutcome.State.COMMITTED && outcome.commitTs() <= readTs) {
        byte[] value = write.last().valueOrNull();
        return value == null ? KvResult.Value.NONE : new KvResult.Value(value, outcome.commitTs());
      }
      // Aborted, or committed or to be committed above the timestamp: the version beneath counts.
      result = MvccStore.readCommitted(engine(), key, readTs);
    }
    return switch (result) {
      case ReadResult.Found found ->
          new KvResult.Value(found.version().value(), found.version().commitTs());
      case ReadResult.Absent _ -> KvResult.Value.NONE;
      case ReadResult.Blocked _ -> throw new IllegalStateException("committed reads do not block");
    };
  }

  private static ReadView view(long readTs, @Nullable TxnId own) {
    return own == null ? ReadView.at(readTs) : new ReadView(readTs, own, Integer.MAX_VALUE);
  }

  private static @Nullable TxnId own(@Nullable TxnHeader txn) {
    return txn == null ? null : txn.id();
  }

  void checkThreshold(long readTs) {
    long threshold = replica.state().gcThreshold();
    if (readTs < threshold) {
      throw new KvException(new KvError.SnapshotTooOld(readTs, threshold));
    }
  }

  private void checkInside(byte[] key) {
    if (!replica.span().contains(key)) {
      throw stale();
    }
  }

  KvException stale() {
    return new KvException(
        new KvError.StaleShard(replica.shard().shardId(), replica.state().epoch()));
  }

  private ScanCache scans() {
    return replica.context().scans();
  }

  private Engine engine() {
    return replica.context().engine();
  }
}
