package io.shardforge.raft.shard;

import io.shardforge.raft.command.ShardState;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.oracle.TimestampOracle;
import io.shardforge.raft.txn.DeadlockDetector;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A lease that this node holds, with everything that lives and dies with it: latches, row locks,
 * the highest timestamp read, pushes. A new lease starts with none of them, and with a max_read_ts
 * that no read of an older lease can have exceeded.
 */
final class LeaseTerm {
  /** Pushed or watched transactions remembered at once. */
  static final int TXNS_MAX = 100_000;

  private final long shardId;
  private final long number;
  private final long firstNumber;
  private final long epoch;
  private final Clock clock;
  private final LatchManager latches;
  private final LockTable locks;
  private final AtomicReference<ReadMark> readMark;
  private final long freshTs;
  private final Map<TxnId, Long> pushes;
  private final Map<TxnId, Long> heardNanos;
  private final Map<TxnId, Long> pushedElsewhere;
  private final Map<TxnId, List<KvRequest.Range>> undone;
  private final Map<TxnId, Boolean> aborted;
  private final AtomicLong abortsKnownAfter;
  private final @Nullable TimestampOracle oracle;
  private final @Nullable DeadlockDetector deadlocks;
  private volatile long validUntilNanos;
  private volatile boolean ended;
  private volatile boolean succeeded;

  /**
   * The highest timestamp read.
   *
   * @param only whose commit it is, if nobody else has read at it
   */
  private record ReadMark(long timestamp, @Nullable TxnId only) {}

  /**
   * Starts a lease's work.
   *
   * @param firstNumber the lease since which the row locks have been kept without a gap
   * @param epoch of the shard: the term serves it as it was then, and no other
   * @param freshTs a timestamp issued after every older lease had run out
   * @param oracle on the meta shard
   */
  LeaseTerm(
      long shardId,
      long number,
      long firstNumber,
      long epoch,
      Clock clock,
      long freshTs,
      long validUntilNanos,
      @Nullable TimestampOracle oracle) {
    this.shardId = shardId;
    this.number = number;
    this.firstNumber = firstNumber;
    this.epoch = epoch;
    this.clock = clock;
    this.latches = new LatchManager(clock);
    this.locks = new LockTable(clock);
    this.readMark = new AtomicReference<>(new ReadMark(freshTs, null));
    this.freshTs = freshTs;
    this.pushes = new ConcurrentHashMap<>();
    this.heardNanos = new ConcurrentHashMap<>();
    this.pushedElsewhere = new ConcurrentHashMap<>();
    this.undone = new ConcurrentHashMap<>();
    this.aborted = new ConcurrentHashMap<>();
    this.abortsKnownAfter = new AtomicLong(freshTs);
    this.validUntilNanos = validUntilNanos;
    this.oracle = oracle;
    this.deadlocks = oracle == null ? null : new DeadlockDetector(clock);
  }

  private LeaseTerm(LeaseTerm before, long epoch, long number, long firstNumber, long freshTs) {
    this.shardId = before.shardId;
    this.number = number;
    this.firstNumber = firstNumber;
    this.epoch = epoch;
    this.clock = before.clock;
    // What was under way before the split has been applied or never will be.
    this.latches = new LatchManager(before.clock);
    this.locks = before.locks;
    this.readMark = before.readMark;
    this.freshTs = freshTs;
    this.pushes = before.pushes;
    this.heardNanos = before.heardNanos;
    this.pushedElsewhere = before.pushedElsewhere;
    this.undone = before.undone;
    this.aborted = before.aborted;
    this.abortsKnownAfter = before.abortsKnownAfter;
    this.oracle = before.oracle;
    this.deadlocks = before.deadlocks;
    this.validUntilNanos = before.validUntilNanos;
  }

  /**
   * Goes on under the same lease after the shard was split: nothing that was begun before may be
   * answered or proposed any more, but locks and timestamps are kept.
   *
   * @param lost the keys that are not the shard's any more: who waits for them is turned away
   */
  LeaseTerm afterSplit(long newEpoch, KeySpan lost) {
    LeaseTerm next = new LeaseTerm(this, newEpoch, number, firstNumber, freshTs);
    succeeded = true;
    ended = true;
    locks.turnAway(lost);
    return next;
  }

  /**
   * Goes on under a new lease after the shard has taken another one in: to the keys of that one it
   * is like any new lease.
   *
   * @param newFreshTs a timestamp issued after the other one's last lease was over
   */
  LeaseTerm afterMerge(long newEpoch, long newNumber, long newFreshTs, List<ReportedLock> more) {
    LeaseTerm next = new LeaseTerm(this, newEpoch, newNumber, newNumber, newFreshTs);
    next.raiseMaxReadTs(newFreshTs);
    next.abortsKnownAfter.accumulateAndGet(newFreshTs, Math::max);
    succeeded = true;
    ended = true;
    more.forEach(locks::inherit);
    return next;
  }

  long number() {
    return number;
  }

  /** The shard's epoch; see {@link ShardState}. */
  long epoch() {
    return epoch;
  }

  /** Whether a lock granted under a lease of this number has been kept up to now, if it is here. */
  boolean continues(long leaseNumber) {
    return leaseNumber >= firstNumber && leaseNumber <= number;
  }

  long firstNumber() {
    return firstNumber;
  }

  LatchManager latches() {
    return latches;
  }

  LockTable locks() {
    return locks;
  }

  @Nullable TimestampOracle oracle() {
    return oracle;
  }

  @Nullable DeadlockDetector deadlocks() {
    return deadlocks;
  }

  /** The least timestamp that a write judged now may commit at: above all reads. */
  long leastWriteTs() {
    return readMark.get().timestamp + 1;
  }

  /**
   * The least timestamp that a transaction's write may commit at which has proved its reads at the
   * commit's very timestamp: above all reads of others.
   */
  long leastWriteTs(TxnId reader) {
    ReadMark mark = readMark.get();
    return reader.equals(mark.only) ? mark.timestamp : mark.timestamp + 1;
  }

  /** Makes every later commit go above a timestamp that is about to be read at. */
  void raiseMaxReadTs(long timestamp) {
    raiseMaxReadTs(timestamp, null);
  }

  /**
   * Makes every later commit of others go above a timestamp at which a transaction is about to
   * prove its reads.
   */
  void raiseMaxReadTs(long timestamp, @Nullable TxnId reader) {
    while (true) {
      ReadMark mark = readMark.get();
      boolean shared = mark.only != null && !mark.only.equals(reader);
      if (mark.timestamp > timestamp || (mark.timestamp == timestamp && !shared)) {
        return;
      }
      TxnId only = mark.timestamp == timestamp ? null : reader;
      if (readMark.compareAndSet(mark, new ReadMark(timestamp, only))) {
        return;
      }
    }
  }

  boolean isValidAt(long nanos) {
    return !ended && nanos - validUntilNanos < 0;
  }

  /** How much of it is left. */
  long leftNanos(long nanos) {
    return validUntilNanos - nanos;
  }

  void prolong(long untilNanos) {
    if (untilNanos - validUntilNanos > 0) {
      validUntilNanos = untilNanos;
    }
  }

  boolean isEnded() {
    return ended;
  }

  /** Ends it for good: whoever waits for its locks is turned away. */
  void end() {
    ended = true;
    if (!succeeded) {
      locks.close();
    }
  }

  void checkNotEnded() {
    if (ended) {
      throw new KvException(new KvError.NotLeader(shardId, 0));
    }
  }

  /** Makes sure that a transaction with its record here commits above a timestamp, if at all. */
  void push(TxnId id, long timestamp) {
    if (pushes.size() >= TXNS_MAX) {
      throw new KvException(new KvError.Overloaded(shardId));
    }
    pushes.merge(id, timestamp, Math::max);
  }

  /** The commit timestamp of a transaction must be above this. */
  long pushedTo(TxnId id) {
    return Math.max(freshTs, pushes.getOrDefault(id, 0L));
  }

  /** Notes that a transaction was aborted: a late copy of its commit must not be let through. */
  void aborted(TxnId id) {
    if (aborted.size() < TXNS_MAX) {
      aborted.put(id, true);
    } else {
      abortsKnownAfter.accumulateAndGet(id.high(), Math::max);
    }
  }

  boolean isAborted(TxnId id) {
    return !aborted.isEmpty() && aborted.containsKey(id);
  }

  /** Whether {@link #isAborted} knows of this transaction: it began under this lease, lately. */
  boolean remembersAborts(TxnId id) {
    return id.high() > abortsKnownAfter.get();
  }

  /** Notes that statements of a transaction were rolled back: late copies of theirs are refused. */
  void undone(TxnId id, KvRequest.Range statements) {
    if (undone.size() >= TXNS_MAX) {
      throw new KvException(new KvError.Overloaded(shardId));
    }
    undone.merge(
        id,
        List.of(statements),
        (before, more) -> {
          List<KvRequest.Range> all = new ArrayList<>(before);
          all.addAll(more);
          return List.copyOf(all);
        });
  }

  /** Whether a statement of a transaction was rolled back. */
  boolean isUndone(TxnId id, int statement) {
    for (KvRequest.Range range : undone.getOrDefault(id, List.of())) {
      if (range.contains(statement)) {
        return true;
      }
    }
    return false;
  }

  /** Notes that the coordinator of a transaction with its record here is alive. */
  void heard(TxnId id) {
    if (heardNanos.size() < TXNS_MAX) {
      heardNanos.put(id, clock.monotonicNanos());
    }
  }

  /** For how long nothing was heard of a transaction: since the first question, if never. */
  long silentNanos(TxnId id) {
    long now = clock.monotonicNanos();
    if (heardNanos.size() >= TXNS_MAX && !heardNanos.containsKey(id)) {
      return 0;
    }
    Long heard = heardNanos.putIfAbsent(id, now);
    return heard == null ? 0 : now - heard;
  }

  /** Forgets a decided transaction. */
  void forget(TxnId id) {
    pushes.remove(id);
    heardNanos.remove(id);
  }

  /** Forgets aborted transactions that began up to a timestamp: their records must be read. */
  void forgetAborted(long upToTs) {
    abortsKnownAfter.accumulateAndGet(upToTs, Math::max);
    aborted.keySet().removeIf(id -> id.high() <= upToTs);
  }

  /** Forgets transactions of which nothing was heard for long. */
  void sweep(long olderThanNanos) {
    long now = clock.monotonicNanos();
    heardNanos.values().removeIf(heard -> now - heard > olderThanNanos);
    if (undone.size() > TXNS_MAX / 2) {
      undone.keySet().removeIf(id -> !heardNanos.containsKey(id));
    }
    if (pushedElsewhere.size() > TXNS_MAX / 2) {
      pushedElsewhere.clear();
    }
  }

  /** Remembers that a transaction with its record elsewhere was pushed above a timestamp. */
  void pushedElsewhere(TxnId id, long timestamp) {
    if (pushedElsewhere.size() < TXNS_MAX) {
      pushedElsewhere.merge(id, timestamp, Math::max);
    }
  }

  boolean isPushedElsewhere(TxnId id, long timestamp) {
    return !pushedElsewhere.isEmpty() && pushedElsewhere.getOrDefault(id, 0L) >= timestamp;
  }
}
