package io.shardforge.raft.shard;

import io.shardforge.raft.command.CloseCommand;
import io.shardforge.raft.command.ShardState;
import io.shardforge.raft.kv.EntrySum;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccScanner;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.ReadResult;
import io.shardforge.storage.mvcc.ReadView;
import io.shardforge.storage.mvcc.ScanLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads at a timestamp at or below which nothing will commit any more: any replica may serve them,
 * without lease and latches, also while nobody leads. Such a timestamp is closed by an entry of the
 * log, and only when somebody asks, so that a shard whose past nobody reads pays nothing.
 *
 * <pre>
 *   a replica cannot serve T ─► Close(T) ─► lease holder: raise max_read_ts to C ≥ T
 *                                           wait for the writes under way
 *                                           resolve provisional writes ≤ C, or push them above
 *   replicas apply CloseCommand(C) ◄──────  propose CloseCommand(C)
 * </pre>
 *
 * <p>What was judged before max_read_ts was raised is in the log before the entry, or pushed above
 * C; what is judged later commits above C. A pushed write is noted so beside it (PushCommand), so a
 * replica that has applied the entry meets nothing provisional at or below C.
 */
final class ClosedReads {
  /** How far behind the present timestamps are closed, if nobody asks for a later one. */
  static final Duration LAG = Duration.ofSeconds(1);

  /** How long before reads reach the end of what is closed the next is asked for. */
  private static final Duration AHEAD = Duration.ofSeconds(2);

  /** Between two questions of one replica. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Provisional writes that one question gets out of the way. */
  private static final int CLEARED_MAX = 10_000;

  private static final int CLEARED_AT_ONCE = 256;

  /** What one request sums up. */
  private static final ScanLimits SUMMED_UP = new ScanLimits(50_000, 64 << 20, 100_000);

  private static final Logger LOG = LoggerFactory.getLogger(ClosedReads.class);

  private final Replica replica;
  private final Decisions decisions;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final AtomicLong nextAskNanos;

  ClosedReads(Replica replica, Decisions decisions) {
    this.replica = replica;
    this.decisions = decisions;
    this.nextAskNanos = new AtomicLong(clock().monotonicNanos());
  }

  /** Serves a batch of reads from what this replica has applied; null if that is not enough. */
  @Nullable KvResponse serve(KvBatch batch) {
    ShardState state = replica.state();
    long copy = replica.copyNumber();
    long newest = newestOf(batch);
    long oldest = Long.MAX_VALUE;
    for (KvRequest request : batch.requests()) {
      oldest = Math.min(oldest, oldestOf(request));
    }
    if (copy < 0 || newest > state.closedTs() || oldest < state.gcThreshold()) {
      return null;
    }
    List<KvResult> results = new ArrayList<>(batch.requests().size());
    for (KvRequest request : batch.requests()) {
      KvResult result = read(request);
      if (result == null) {
        return null;
      }
      results.add(result);
    }
    if (state.closedTs() - newest < AHEAD.toMillis() << Timestamp.LOGICAL_BITS) {
      ask(newest);
    }
    // A copy that came meanwhile was not whole, and history that was collected is not there.
    return copy == replica.copyNumber() && oldest >= replica.state().gcThreshold()
        ? new KvResponse.Done(results)
        : null;
  }

  static long newestOf(KvBatch batch) {
    long newest = 0;
    for (KvRequest request : batch.requests()) {
      newest = Math.max(newest, readTsOf(request));
    }
    return newest;
  }

  private static long readTsOf(KvRequest request) {
    return switch (request) {
      case KvRequest.Get get -> get.readTs();
      case KvRequest.Scan scan -> scan.readTs();
      case KvRequest.Versions versions -> versions.walk().upToTs();
      case KvRequest.SumUp sum -> sum.readTs();
      default -> throw new IllegalArgumentException("not a read: " + request);
    };
  }

  /** The oldest timestamp whose versions must still be there. */
  private static long oldestOf(KvRequest request) {
    return request instanceof KvRequest.Versions versions
        ? versions.walk().sinceTs()
        : readTsOf(request);
  }

  private @Nullable KvResult read(KvRequest request) {
    if (request instanceof KvRequest.Get get) {
      List<KvResult.Value> values = new ArrayList<>(get.keys().size());
      for (byte[] key : get.keys()) {
        if (!replica.span().contains(key)) {
          return null;
        }
        values.add(
            MvccStore.readCommitted(engine(), key, get.readTs())
                    instanceof ReadResult.Found(var version)
                ? new KvResult.Value(version.value(), version.commitTs())
                : KvResult.Value.NONE);
      }
      return new KvResult.Values(values);
    }
    if (request instanceof KvRequest.SumUp sumUp) {
      return sumUp(sumUp);
    }
    if (request instanceof KvRequest.Versions versions) {
      return versions(versions);
    }
    KvRequest.Scan scan = (KvRequest.Scan) request;
    if (!replica.span().contains(scan.span())) {
      return null;
    }
    try (EngineSnapshot snapshot = engine().snapshot()) {
      return Reads.committed(snapshot, scan, ReadView.at(scan.readTs()), Reads.limitsOf(scan));
    }
  }

  private @Nullable KvResult versions(KvRequest.Versions request) {
    if (!replica.span().contains(request.walk().span())) {
      return null;
    }
    KvPage.Builder page = new KvPage.Builder();
    try (EngineSnapshot snapshot = engine().snapshot()) {
      byte[] resume = request.walk().run(snapshot, Reads.PAGE_LIMITS, page::add);
      return new KvResult.Page(page.build(), resume);
    }
  }

  /** The lease holder's part where the timestamp is not closed yet: closes it. */
  KvResult versions(LeaseTerm term, KvBatch batch, KvRequest.Versions request)
      throws InterruptedException {
    replica.reads().checkThreshold(request.walk().sinceTs());
    var _ = close(term, batch, new KvRequest.Close(request.walk().upToTs()));
    if (request.walk().upToTs() > replica.state().closedTs()) {
      throw new KvException(replica.lease().notLeader());
    }
    KvResult versions = versions(request);
    if (versions == null) {
      throw replica.reads().stale();
    }
    replica.reads().checkThreshold(request.walk().sinceTs());
    return versions;
  }

  private @Nullable KvResult sumUp(KvRequest.SumUp request) {
    if (!replica.span().contains(request.span())) {
      return null;
    }
    try (EngineSnapshot snapshot = engine().snapshot();
        MvccScanner scanner =
            MvccScanner.committed(
                snapshot, request.span(), ReadView.at(request.readTs()), SUMMED_UP, false)) {
      EntrySum sum = new EntrySum();
      long bytes = 0;
      while (scanner.next()) {
        bytes += (long) scanner.keyLength() + scanner.valueLength();
        sum.add(
            scanner.keyBuffer(),
            0,
            scanner.keyLength(),
            scanner.valueBuffer(),
            scanner.valueOffset(),
            scanner.valueLength());
      }
      KeySpan remaining = scanner.remaining().orElse(null);
      return new KvResult.Sum(
          sum.entries(), sum.sum(), bytes, remaining == null ? null : remaining.start());
    }
  }

  /** Asks the lease holder to close a timestamp, and what it can beyond. */
  void ask(long wanted) {
    long now = clock().monotonicNanos();
    long due = nextAskNanos.get();
    if (now - due < 0 || !asking.compareAndSet(false, true)) {
      return;
    }
    nextAskNanos.set(now + PAUSE.toNanos());
    KvRequest.Close close = new KvRequest.Close(wanted);
    replica
        .context()
        .background()
        .execute(() -> {
          try {
            var _ =
                replica
                    .context()
                    .sender()
                    .send(
                        replica.shard(),
                        KvBatch.of(
                            replica.shard(), null, Deadline.after(clock(), CLOSE_TIMEOUT), close));
          } catch (KvException e) {
            LOG.debug("nothing closed shard={}", replica.shard().shardId(), e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            asking.set(false);
          }
        });
  }

  /** The lease holder's part: closes at least the timestamp asked for. */
  KvResult close(LeaseTerm term, KvBatch batch, KvRequest.Close request)
      throws InterruptedException {
    if (request.timestamp() <= replica.state().closedTs()) {
      return KvResult.Done.INSTANCE;
    }
    long lag = LAG.toMillis() << Timestamp.LOGICAL_BITS;
    long closed = Math.max(request.timestamp(), replica.context().timestamps().newest() - lag);
    replica.reads().prepare(term, closed, batch.deadline());
    Reads.awaitWrites(term, replica.span(), batch.deadline());
    for (int cleared = 0; ; cleared += CLEARED_AT_ONCE) {
      List<ProvisionalWrite> below =
          MvccStore.conflictsIn(engine(), replica.span(), closed, null, CLEARED_AT_ONCE);
      if (below.isEmpty()) {
        break;
      }
      if (cleared >= CLEARED_MAX) {
        return KvResult.Done.INSTANCE;
      }
      decisions.clearForRead(term, null, below, null, closed, batch.deadline());
    }
    var _ =
        replica
            .lease()
            .await(replica.lease().propose(term, new CloseCommand(closed)), batch.deadline());
    return KvResult.Done.INSTANCE;
  }

  private Clock clock() {
    return replica.context().clock();
  }

  private Engine engine() {
    return replica.context().engine();
  }
}
