package io.shardforge.raft.txn;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's transactions: starts them, keeps them alive, and tells the oracle how far back they
 * read. For any thread.
 */
public final class TxnCoordinator implements TxnClient {
  /** Transactions alive at once. */
  static final int LIVE_MAX = 100_000;

  /** Records to be forgotten that wait for the next heartbeat; more than that go at once. */
  static final int SETTLED_MAX = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(TxnCoordinator.class);
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  private final int nodeId;
  private final TimestampClient timestamps;
  private final Clock clock;
  private final Executor executor;
  private final ShardCalls calls;
  private final long incarnation;
  private final AtomicLong counter = new AtomicLong();
  private final Map<TxnId, BufferedTxn> live = new ConcurrentHashMap<>();
  private List<RecordName> settled = new ArrayList<>();
  private final ProofPace proofPace = new ProofPace();
  private volatile boolean parallel = true;

  /**
   * Starts with no transactions.
   *
   * @param executor runs what several shards do at once and what nobody waits for; tasks may block,
   *     so it must not be bounded in threads
   */
  public TxnCoordinator(
      int nodeId,
      ShardLocator locator,
      KvSender sender,
      TimestampClient timestamps,
      Clock clock,
      Randomness randomness,
      Executor executor) {
    this.nodeId = nodeId;
    this.timestamps = timestamps;
    this.clock = clock;
    this.executor = executor;
    this.calls = new ShardCalls(locator, sender, clock, executor);
    this.incarnation = randomness.nextLong();
  }

  @Override
  public Txn begin(Isolation isolation, boolean readOnly) {
    return new BufferedTxn(this, isolation, readOnly, 0);
  }

  @Override
  public Txn beginAsOf(long readTimestamp) {
    if (readTimestamp > newest(readTimestamp)) {
      throw new KvException(new KvError.TimestampInFuture(readTimestamp));
    }
    return new BufferedTxn(this, Isolation.REPEATABLE_READ, true, readTimestamp);
  }

  @Override
  public Txn beginBefore(Duration age) {
    long then = Timestamp.of(Math.max(0, clock.wallMillis() - age.toMillis()), 1);
    return new BufferedTxn(this, Isolation.REPEATABLE_READ, true, Math.min(then, newest(then)));
  }

  /** The newest timestamp that this node knows to have been issued, 0 if none. */
  public long newestTimestamp() {
    return timestamps.newest();
  }

  /**
   * The newest timestamp that the oracle is known to have issued. It is asked only where that is
   * not enough: reads of the past go without it, which may be far away or not there.
   */
  private long newest(long wanted) {
    if (wanted > timestamps.newest() || timestamps.catalogVersion() == 0) {
      try {
        timestamps.fetch(Deadline.after(clock, START_TIMEOUT));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KvException(new KvError.Canceled());
      }
    }
    return timestamps.newest();
  }

  /**
   * Says to the shards where transactions hold something that they are alive; to be called about
   * once a second by one thread.
   */
  public void heartbeat() {
    long oldest = Long.MAX_VALUE;
    Map<ShardDescriptor, List<TxnId>> byShard = new LinkedHashMap<>();
    for (BufferedTxn txn : live.values()) {
      oldest = Math.min(oldest, txn.oldestReadTs());
      for (byte[] key : txn.contacted()) {
        List<TxnId> ids =
            byShard.computeIfAbsent(calls.locator().locate(key), _ -> new ArrayList<>());
        if (ids.isEmpty() || !ids.getLast().equals(txn.id())) {
          ids.add(txn.id());
        }
      }
    }
    timestamps.setOldestReadTs(oldest == Long.MAX_VALUE ? 0 : oldest);
    for (Map.Entry<ShardDescriptor, List<TxnId>> entry : byShard.entrySet()) {
      executor.execute(() -> heartbeat(entry.getKey(), entry.getValue()));
    }
    forgetSettled();
  }

  /**
   * Takes a record of which everything is resolved: many are removed by one command, some time
   * later.
   */
  void forget(RecordName record) {
    boolean full;
    synchronized (this) {
      settled.add(record);
      full = settled.size() >= SETTLED_MAX;
    }
    if (full) {
      forgetSettled();
    }
  }

  private void forgetSettled() {
    List<RecordName> records;
    synchronized (this) {
      records = settled;
      settled = new ArrayList<>();
    }
    calls
        .group(records, RecordName::primaryKey)
        .forEach((shard, here) -> executor.execute(() -> forget(shard, here)));
  }

  private void forget(ShardDescriptor shard, List<RecordName> records) {
    try {
      calls.call(
          shard,
          null,
          Deadline.after(clock, HEARTBEAT_TIMEOUT),
          new KvRequest.ForgetRecords(records));
    } catch (KvException e) {
      // The shard's upkeep removes them once they are below the threshold of history.
      LOG.debug("records not forgotten shard={}", shard.shardId(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void heartbeat(ShardDescriptor shard, List<TxnId> ids) {
    try {
      calls.call(
          shard, null, Deadline.after(clock, HEARTBEAT_TIMEOUT), new KvRequest.Heartbeat(ids));
    } catch (KvException e) {
      LOG.debug("heartbeat did not reach shard={}", shard.shardId(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Transactions that have begun and not ended. */
  public int liveCount() {
    return live.size();
  }

  int nodeId() {
    return nodeId;
  }

  /** Sets whether transactions in several shards commit in one round. */
  public void commitInParallel(boolean whether) {
    parallel = whether;
  }

  boolean commitsInParallel() {
    return parallel;
  }

  /** How often that is tried with commits that have something to prove. */
  ProofPace proofPace() {
    return proofPace;
  }

  TimestampClient timestamps() {
    return timestamps;
  }

  Clock clock() {
    return clock;
  }

  Executor executor() {
    return executor;
  }

  ShardCalls calls() {
    return calls;
  }

  TxnId newId(long startTs) {
    // Node and incarnation tell apart transactions that share a timestamp.
    return new TxnId(startTs, (long) nodeId << 48 ^ incarnation ^ counter.incrementAndGet());
  }

  void register(BufferedTxn txn) {
    if (live.size() >= LIVE_MAX) {
      throw new KvException(new KvError.TooLarge("live transactions", live.size(), LIVE_MAX));
    }
    live.put(txn.id(), txn);
  }

  void unregister(BufferedTxn txn) {
    live.remove(txn.id());
    // A provisional write is a lock until it is resolved: only then the row's lock may go.
    if (!txn.hasPrepared() && txn.locksReported()) {
      executor.execute(() -> releaseReported(txn));
    }
  }

  /**
   * Lets go of locks that a new lease holder may have heard of after its predecessor had let them
   * go already; for a transaction that has ended.
   */
  void releaseReported(BufferedTxn txn) {
    if (!txn.locksReported()) {
      return;
    }
    Deadline deadline = Deadline.after(clock, TxnCommit.ABANDON_TIMEOUT);
    try {
      for (byte[] key : txn.contacted()) {
        var _ = calls.callAt(key, txn.header(), deadline, new KvRequest.Release(List.of()));
      }
    } catch (KvException e) {
      LOG.debug("locks of {} are left to expire", txn.id(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The row locks on keys of a span that this node's transactions count on. */
  public List<ReportedLock> locksIn(KeySpan span) {
    List<ReportedLock> locks = new ArrayList<>();
    for (BufferedTxn txn : live.values()) {
      int before = locks.size();
      txn.reportLocks(span, locks);
      if (!live.containsKey(txn.id())) {
        // It ended meanwhile, perhaps without having seen that it was reported.
        locks.subList(before, locks.size()).clear();
      }
    }
    return locks;
  }
}
