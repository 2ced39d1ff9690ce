package io.shardforge.raft.placement;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.raft.meta.ScrubReport;
import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the replicas of all shards, slowly and again and again, and has one that is unlike the
 * majority made anew. Every node has one; only that of the meta shard's leader does anything.
 *
 * <pre>
 *   a piece of a shard → a fresh timestamp is closed → each replica sums up what it has there
 *     all alike                     → the next piece, after a pause for the bytes read
 *     one unlike most, twice        → the shard leaves that node; placement gives it one again
 *     no majority, or several odd   → reported, and nothing else is done
 *     odd where a table is dropped  → nothing: each replica lets go of its rows in its own time
 * </pre>
 */
public final class Scrub {
  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

  /** Between two looks whether a pass is due. */
  private static final Duration LOOK_PAUSE = Duration.ofSeconds(30);

  /** How often progress is written down. */
  private static final Duration REPORT_PAUSE = Duration.ofSeconds(10);

  private static final Duration PIECE_TIME = Duration.ofSeconds(60);
  private static final Duration REQUEST_TIME = Duration.ofSeconds(10);

  private final Supplier<Collection<ShardDescriptor>> shards;
  private final MetaTable metaTable;
  private final ReplicaComparison comparison;
  private final Predicate<KeySpan> isBeingDropped;
  private final KvSender sender;
  private final TxnClient transactions;
  private final Executor executor;
  private final Clock clock;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Whether this node leads the meta shard, as of the last round. */
  private volatile boolean inCharge;

  private @Nullable MonotonicTimer sinceLook;

  /**
   * A scrub that does nothing before its first round.
   *
   * @param isBeingDropped whether a span has rows of tables that are no more
   * @param executor runs passes, which may take long
   */
  public Scrub(
      Supplier<Collection<ShardDescriptor>> shards,
      MetaTable metaTable,
      ReplicaComparison comparison,
      Predicate<KeySpan> isBeingDropped,
      KvSender sender,
      TxnClient transactions,
      Executor executor,
      Clock clock) {
    this.shards = shards;
    this.metaTable = metaTable;
    this.comparison = comparison;
    this.isBeingDropped = isBeingDropped;
    this.sender = sender;
    this.transactions = transactions;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * One round, by one thread; called every second or so.
   *
   * @param leads whether this node leads the meta shard
   */
  public void round(boolean leads) {
    inCharge = leads;
    MonotonicTimer last = sinceLook;
    if (!leads || (last != null && last.elapsed().compareTo(LOOK_PAUSE) < 0)) {
      return;
    }
    sinceLook = MonotonicTimer.start(clock);
    if (busy.compareAndSet(false, true)) {
      executor.execute(() -> {
        try {
          if (isDue()) {
            pass();
          }
        } catch (KvException e) {
          LOG.info("replicas were not compared reason=\"{}\"", e.getMessage());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } finally {
          busy.set(false);
        }
      });
    }
  }

  private long number(ClusterSetting setting) {
    return setting.number(metaTable.setting(setting));
  }

  private boolean isDue() {
    long interval = number(ClusterSetting.SCRUB_INTERVAL);
    return number(ClusterSetting.SCRUB_RATE) > 0
        && clock.wallMillis() - metaTable.scrubReport().endedMillis() >= interval;
  }

  /** Compares all shards once. */
  void pass() throws InterruptedException {
    MonotonicTimer timer = MonotonicTimer.start(clock);
    Progress progress = new Progress(metaTable.scrubReport(), timer);
    for (ShardDescriptor shard : List.copyOf(shards.get())) {
      if (!inCharge) {
        return;
      }
      progress.begin(shard.shardId());
      if (!shard.isChanging()) {
        try {
          compare(shard, progress);
        } catch (KvException e) {
          // Without a majority, or split meanwhile: the next pass comes.
          LOG.info(
              "replicas were not compared shard={} reason=\"{}\"", shard.shardId(), e.getMessage());
        }
      }
      progress.end();
    }
    progress.ended();
  }

  private void compare(ShardDescriptor shard, Progress progress) throws InterruptedException {
    KeySpan rest = shard.span();
    while (!rest.isEmpty() && inCharge) {
      MonotonicTimer took = MonotonicTimer.start(clock);
      ReplicaComparison.Piece piece = piece(shard, rest);
      List<Integer> odd = oddOnes(shard, piece.sums());
      if (!odd.isEmpty() && !isBeingDropped.test(piece.span())) {
        // What is looked at a second time is another moment: it must be the same ones again.
        List<Integer> again = oddOnes(shard, piece(shard, piece.span()).sums());
        if (again.equals(odd)) {
          progress.found(judge(shard, piece, odd));
          return;
        }
      }
      progress.read(piece.bytes());
      byte[] next = piece.resumeKey();
      if (next == null) {
        return;
      }
      rest = new KeySpan(next, rest.end());
      pace(piece.bytes(), took.elapsedNanos());
    }
  }

  private ReplicaComparison.Piece piece(ShardDescriptor shard, KeySpan rest)
      throws InterruptedException {
    return comparison.piece(shard, rest, now(), Deadline.after(clock, PIECE_TIME));
  }

  /** A timestamp that the oracle has just issued. */
  private long now() {
    Txn txn = transactions.begin(Isolation.REPEATABLE_READ, true);
    try {
      txn.beginStatement(Deadline.after(clock, REQUEST_TIME), Duration.ZERO);
      return txn.readTimestamp();
    } finally {
      txn.rollback();
    }
  }

  /** Waits until the bytes of a piece are within what may be read in a second. */
  private void pace(long bytes, long spentNanos) throws InterruptedException {
    long rate = number(ClusterSetting.SCRUB_RATE);
    if (rate > 0) {
      clock.sleep(pauseOf(bytes, rate, spentNanos));
    }
  }

  static Duration pauseOf(long bytes, long bytesPerSecond, long spentNanos) {
    double nanos = 1e9 * bytes / bytesPerSecond - spentNanos;
    return Duration.ofNanos(Math.max(0, (long) nanos));
  }

  /**
   * The nodes whose replicas differ from those of the majority; all that answered if they differ
   * and none has a majority; none if all that answered are alike.
   */
  static List<Integer> oddOnes(ShardDescriptor shard, List<ReplicaComparison.ReplicaSum> sums) {
    record Content(long entries, long sum) {}
    Map<Content, List<Integer>> alike = new HashMap<>();
    for (ReplicaComparison.ReplicaSum sum : sums) {
      if (sum.unanswered() == null) {
        alike
            .computeIfAbsent(new Content(sum.entries(), sum.sum()), _ -> new ArrayList<>())
            .add(sum.nodeId());
      }
    }
    if (alike.size() < 2) {
      return List.of();
    }
    List<Integer> odd = new ArrayList<>();
    for (List<Integer> nodes : alike.values()) {
      if (nodes.size() <= shard.settled().size() / 2) {
        odd.addAll(nodes);
      }
    }
    odd.sort(null);
    return odd;
  }

  private ScrubReport.Finding judge(
      ShardDescriptor shard, ReplicaComparison.Piece piece, List<Integer> odd)
      throws InterruptedException {
    List<Integer> others = new ArrayList<>(shard.settled());
    others.removeAll(odd);
    String where = "from key %s on".formatted(Bytes.toHex(piece.span().start()));
    boolean isMinority = others.size() > shard.settled().size() / 2;
    boolean mayRebuild = isMinority && odd.size() == 1;
    boolean isRebuilt = mayRebuild && sendAway(shard, others);
    String words =
        !isMinority
            ? "no majority of the replicas is alike " + where
            : isRebuilt
                ? "unlike the majority " + where + "; it is made anew"
                : "unlike the majority " + where + "; it could not be made anew";
    LOG.error(
        "replicas differ shard={} odd={} sums={} what=\"{}\"",
        shard.shardId(),
        odd,
        piece.sums(),
        words);
    return new ScrubReport.Finding(shard.shardId(), odd, words, isRebuilt, clock.wallMillis());
  }

  /** Takes a shard from the odd node; placement gives it a replica there again, or elsewhere. */
  private boolean sendAway(ShardDescriptor shard, List<Integer> others)
      throws InterruptedException {
    KvResponse response =
        sender.send(
            shard,
            KvBatch.of(
                shard, null, Deadline.after(clock, REQUEST_TIME), new KvRequest.Move(others)));
    return response instanceof KvResponse.Done;
  }

  /** A pass under way, as it is written down now and then. */
  private final class Progress {
    private final MonotonicTimer timer;
    private MonotonicTimer sinceReport;
    private ScrubReport report;
    private long shardId;
    private long shardsDone;
    private long bytesDone;

    Progress(ScrubReport before, MonotonicTimer timer) {
      this.report = before;
      this.timer = timer;
      this.sinceReport = MonotonicTimer.start(clock);
    }

    void begin(long shard) {
      shardId = shard;
      read(0);
    }

    void read(long bytes) {
      bytesDone += bytes;
      if (sinceReport.elapsed().compareTo(REPORT_PAUSE) >= 0) {
        write(report.passes(), report.endedMillis());
      }
    }

    void end() {
      shardsDone++;
    }

    void found(ScrubReport.Finding finding) {
      report = report.with(finding);
      write(report.passes(), report.endedMillis());
    }

    void ended() {
      shardId = 0;
      write(report.passes() + 1, clock.wallMillis());
    }

    private void write(long passes, long endedMillis) {
      report =
          new ScrubReport(
              shardId,
              shardsDone,
              bytesDone,
              timer.elapsed().toMillis(),
              passes,
              endedMillis,
              report.findings());
      sinceReport = MonotonicTimer.start(clock);
      metaTable.setScrubReport(report);
    }
  }
}
