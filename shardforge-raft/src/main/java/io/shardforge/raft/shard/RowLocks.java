package io.shardforge.raft.shard;

import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvResult.TxnOutcome;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.AscendingReader;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.VersionedValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Row locks at the lease holder: locking reads, waiting, and what a waiter does meanwhile.
 *
 * <p>A provisional write is a lock, too, and stays one when the lease changes. It is entered into
 * the lock table when somebody else first meets it, so that the queue behind it is the same as
 * behind any other lock; its resolution lets go of it.
 *
 * <p>A waiter looks after whom it waits for: it reports the wait to the deadlock detector, asks for
 * the fate of prepared transactions, and takes the locks of those that have fallen silent.
 */
final class RowLocks {
  /** How long a wait lasts before it is reported as a possible part of a deadlock. */
  static final Duration REPORT_AFTER = Duration.ofMillis(100);

  /** How often it is reported again. */
  static final Duration REPORT_EVERY = Duration.ofMillis(250);

  /** How long a wait lasts before the holder's fate is looked into. */
  static final Duration PUSH_AFTER = Duration.ofMillis(20);

  static final Duration PUSH_EVERY = Duration.ofMillis(300);

  /** How long a helper request of a waiter may take. */
  static final Duration HELPER_TIMEOUT = Duration.ofSeconds(2);

  private final Replica replica;
  private final Decisions decisions;
  private final Clock clock;

  RowLocks(Replica replica, Decisions decisions) {
    this.replica = replica;
    this.decisions = decisions;
    this.clock = replica.context().clock();
  }

  /** The transaction of a batch that must have one. */
  static TxnHeader txn(KvBatch batch) {
    TxnHeader header = batch.txn();
    if (header == null) {
      throw new KvException(new KvError.Broken("a request needs a transaction", null));
    }
    return header;
  }

  KvResult lock(LeaseTerm term, KvBatch batch, KvRequest.Lock request) throws InterruptedException {
    TxnHeader txn = txn(batch);
    List<byte[]> keys = request.keys();
    // For all rows together: who must not wait does not wait for the end of each one's commit.
    Deadline settling = batch.deadline().earlier(Deadline.after(clock, HELPER_TIMEOUT));
    boolean[] taken = new boolean[keys.size()];
    for (int i = 0; i < taken.length; i++) {
      if (!replica.span().contains(keys.get(i))) {
        throw decisions.stale();
      }
      taken[i] = take(term, txn, keys.get(i), request, batch.deadline(), settling);
      if (!taken[i]) {
        requireSkipping(request, keys.get(i));
      }
    }
    // Whoever writes a key from now on finds the lock; whoever is writing it now is waited for, and
    // if that was a prepare then so is its end.
    for (int i = 0; i < taken.length; i++) {
      if (taken[i]) {
        Reads.awaitWrites(term, KeySpan.ofKey(keys.get(i)), batch.deadline());
      }
    }
    List<LockedRow> rows = new ArrayList<>(taken.length);
    try (AscendingReader ascending = isAscendingRun(keys) ? ascending(keys) : null) {
      EngineReader reader = ascending == null ? engine() : ascending;
      for (int i = 0; i < taken.length; i++) {
        byte[] key = keys.get(i);
        rows.add(
            taken[i]
                ? lockedRow(term, txn, reader, key, request, batch.deadline(), settling)
                : skipped(key));
      }
    }
    checkNotExpelled(term, txn.id());
    return new KvResult.Locked(rows, term.number());
  }

  private static boolean isAscendingRun(List<byte[]> keys) {
    if (keys.size() < AscendingReader.KEYS_MIN) {
      return false;
    }
    for (int i = 1; i < keys.size(); i++) {
      if (Bytes.compare(keys.get(i - 1), keys.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private AscendingReader ascending(List<byte[]> keys) {
    return MvccStore.ascending(
        engine(), new KeySpan(keys.getFirst(), Bytes.successor(keys.getLast())));
  }

  private static LockedRow skipped(byte[] key) {
    return new LockedRow(key, null, 0, false, true);
  }

  private static void requireSkipping(KvRequest.Lock request, byte[] key) {
    if (request.waiting() == LockWait.NOWAIT) {
      throw new KvException(new KvError.LockNotAvailable(key, false));
    }
  }

  /** Takes the lock of a row as the request wants it; false if another has it. */
  private boolean take(
      LeaseTerm term,
      TxnHeader txn,
      byte[] key,
      KvRequest.Lock request,
      Deadline deadline,
      Deadline settling)
      throws InterruptedException {
    checkNotExpelled(term, txn.id());
    return switch (request.waiting()) {
      case BLOCK -> {
        acquire(term, txn.id(), key, request.strength(), request.lockTimeoutNanos(), deadline);
        yield true;
      }
      case NOWAIT, SKIP_LOCKED ->
          tryAcquire(term, txn.id(), key, request.strength(), deadline, settling);
    };
  }

  /** What is in a row whose lock has been taken, once nobody else's write is there any more. */
  private LockedRow lockedRow(
      LeaseTerm term,
      TxnHeader txn,
      EngineReader reader,
      byte[] key,
      KvRequest.Lock request,
      Deadline deadline,
      Deadline settling)
      throws InterruptedException {
    EngineReader now = reader;
    ProvisionalWrite write = MvccStore.provisional(now, key);
    while (write != null
        && !Decisions.isOwn(txn, write)
        && strengthOf(write).conflictsWith(request.strength())) {
      if (!take(term, txn, key, request, deadline, settling)) {
        term.locks().release(txn.id(), List.of(key));
        requireSkipping(request, key);
        return skipped(key);
      }
      Reads.awaitWrites(term, KeySpan.ofKey(key), deadline);
      now = engine();
      write = MvccStore.provisional(now, key);
    }
    VersionedValue newest = MvccStore.newestVersion(now, key);
    boolean newer = newest != null && newest.commitTs() > request.readTs();
    if (newer && txn.isolation() != Isolation.READ_COMMITTED) {
      throw new KvException(new KvError.WriteConflict(key));
    }
    byte[] value = newest == null ? null : newest.valueOrNull();
    long commitTs = value == null || newest == null ? 0 : newest.commitTs();
    if (write != null && Decisions.isOwn(txn, write)) {
      value = write.last().valueOrNull();
    }
    return new LockedRow(key, value, commitTs, newer, false);
  }

  KvResult release(LeaseTerm term, KvBatch batch, KvRequest.Release request) {
    TxnId id = txn(batch).id();
    KvError lost = firstLost(term, id, request.mustHold());
    term.locks().releaseAll(id);
    if (lost != null) {
      throw new KvException(lost);
    }
    return KvResult.Done.INSTANCE;
  }

  /** The error for the first lock that is not held any more, or null. */
  @Nullable KvError firstLost(LeaseTerm term, TxnId id, List<HeldLock> locks) {
    if (locks.isEmpty()) {
      return null;
    }
    if (term.locks().isExpelled(id)) {
      return new KvError.TxnAborted(id);
    }
    for (HeldLock lock : locks) {
      if (!term.continues(lock.leaseNumber())
          || !term.locks().holds(id, lock.key(), lock.strength())) {
        return new KvError.LockLost(lock.key());
      }
    }
    return null;
  }

  void checkNotExpelled(LeaseTerm term, TxnId id) {
    if (term.locks().isExpelled(id)) {
      throw new KvException(new KvError.TxnAborted(id));
    }
  }

  /**
   * The first write whose row another transaction has locked or written to, which then is entered
   * there; null if there is none. The caller has the latches of the rows.
   *
   * @param writes in the order of their keys
   */
  @Nullable Mutation firstBlocked(LeaseTerm term, TxnId id, List<Mutation> writes) {
    if (writes.size() < AscendingReader.KEYS_MIN) {
      for (Mutation write : writes) {
        if (isBlocked(term, id, write, MvccStore.provisional(engine(), write.key()))) {
          return write;
        }
      }
      return null;
    }
    try (AscendingReader reader = MvccStore.ascending(engine(), Mutation.hull(writes))) {
      for (Mutation write : writes) {
        if (isBlocked(term, id, write, MvccStore.provisional(reader, write.key()))) {
          return write;
        }
      }
    }
    return null;
  }

  private boolean isBlocked(
      LeaseTerm term, TxnId id, Mutation wanted, @Nullable ProvisionalWrite there) {
    if (there != null && there.txn().equals(id)) {
      // The row is its own until the end, whoever was let in to wait for that.
      return false;
    }
    return term.locks().isBlocked(id, wanted.key(), wanted.strength())
        || (there != null && enterForeign(term, id, wanted.key()));
  }

  /** Locks a row, waiting as long as is allowed. */
  void acquire(
      LeaseTerm term,
      TxnId id,
      byte[] key,
      LockStrength strength,
      long lockTimeoutNanos,
      Deadline deadline)
      throws InterruptedException {
    if (term.locks().isFull()) {
      throw new KvException(
          new KvError.TooLarge("row locks on one shard", term.locks().size(), LockTable.ROWS_MAX));
    }
    Reads.awaitWrites(term, KeySpan.ofKey(key), deadline);
    enterForeign(term, id, key);
    LockTable.@Nullable Waiter waiter = term.locks().acquireOrQueue(id, key, strength);
    if (waiter != null) {
      waitFor(term, id, key, waiter, lockTimeoutNanos, deadline);
    }
    term.checkNotEnded();
  }

  private boolean tryAcquire(
      LeaseTerm term,
      TxnId id,
      byte[] key,
      LockStrength strength,
      Deadline deadline,
      Deadline settling)
      throws InterruptedException {
    Reads.awaitWrites(term, KeySpan.ofKey(key), deadline);
    if (enterForeign(term, id, key)) {
      // A transaction that has been decided is in nobody's way, even if it is not resolved yet.
      if (settling.isExpired(clock)) {
        settleHolder(term, key, id, 0, false, helperDeadline());
      } else {
        settleHolder(term, key, id, KvRequest.Push.AWAIT_STAGED, false, settling);
      }
    } else if (term.locks().tryAcquire(id, key, strength)) {
      return true;
    }
    // A resolution lets go of the row after it was applied, but before its latch.
    Reads.awaitWrites(term, KeySpan.ofKey(key), deadline);
    return !enterForeign(term, id, key) && term.locks().tryAcquire(id, key, strength);
  }

  /** Enters another transaction's provisional write of the key as a lock; whether there is one. */
  private boolean enterForeign(LeaseTerm term, TxnId id, byte[] key) {
    ProvisionalWrite write = MvccStore.provisional(engine(), key);
    if (write == null || write.txn().equals(id)) {
      return false;
    }
    term.locks().enter(write.txn(), key, strengthOf(write));
    // It may have been resolved, and its lock let go, just before it was entered.
    ProvisionalWrite now = MvccStore.provisional(engine(), key);
    if (now == null || !now.txn().equals(write.txn())) {
      term.locks().release(write.txn(), List.of(key));
      return enterForeign(term, id, key);
    }
    return true;
  }

  private static LockStrength strengthOf(ProvisionalWrite write) {
    for (ProvisionalWrite.Entry entry : write.entries()) {
      if (entry.isDelete() || entry.changesKey()) {
        return LockStrength.UPDATE;
      }
    }
    return LockStrength.NO_KEY_UPDATE;
  }

  private void waitFor(
      LeaseTerm term,
      TxnId id,
      byte[] key,
      LockTable.Waiter waiter,
      long lockTimeoutNanos,
      Deadline deadline)
      throws InterruptedException {
    Deadline lockDeadline =
        lockTimeoutNanos == 0 ? Deadline.never() : Deadline.afterNanos(clock, lockTimeoutNanos);
    long start = clock.monotonicNanos();
    long nextReport = start + REPORT_AFTER.toNanos();
    long nextPush = start + PUSH_AFTER.toNanos();
    boolean reported = false;
    boolean granted = false;
    try {
      while (true) {
        long now = clock.monotonicNanos();
        long wait = Math.min(nextReport - now, nextPush - now);
        wait = Math.min(wait, lockDeadline.remainingNanos(clock));
        wait = Math.min(wait, deadline.remainingNanos(clock));
        if (waiter.await(Math.max(wait, 0))) {
          granted = true;
          return;
        }
        if (lockDeadline.isExpired(clock)) {
          throw new KvException(new KvError.LockNotAvailable(key, true));
        }
        if (deadline.isExpired(clock)) {
          throw new KvException(new KvError.DeadlineExceeded("a row lock"));
        }
        now = clock.monotonicNanos();
        if (now - nextPush >= 0) {
          term.checkNotEnded();
          for (TxnId holder : waiter.blockers()) {
            look(term, key, holder);
          }
          nextPush = clock.monotonicNanos() + PUSH_EVERY.toNanos();
        }
        if (now - nextReport >= 0) {
          List<TxnId> blockers = waiter.blockers();
          if (!blockers.isEmpty()) {
            reported = true;
            TxnId with = report(term, id, blockers, HELPER_TIMEOUT);
            // It may have been granted while the detector was asked: then nobody has to give up.
            if (with != null && !waiter.await(0)) {
              deadlockFound();
              throw new KvException(new KvError.Deadlock(id, with, key));
            }
          }
          nextReport = clock.monotonicNanos() + REPORT_EVERY.toNanos();
        }
      }
    } finally {
      replica.context().monitor().lockAwaited(clock.monotonicNanos() - start);
      if (!granted) {
        waiter.cancel();
      }
      if (reported) {
        withdrawLater(term, id);
      }
    }
  }

  /** Looks after a holder: finishes it if it is decided, expels it if it has fallen silent. */
  private void look(LeaseTerm term, byte[] key, TxnId holder) throws InterruptedException {
    ProvisionalWrite write = MvccStore.provisional(engine(), key);
    if (write != null && write.txn().equals(holder)) {
      settleHolder(term, key, null, 0, true, helperDeadline());
      return;
    }
    if (term.locks().silentNanos(holder) > replica.context().settings().txnExpiry().toNanos()) {
      term.locks().expel(holder);
    }
  }

  /** Asks for the fate of the transaction that wrote the key provisionally; resolves if decided. */
  private void settleHolder(
      LeaseTerm term,
      byte[] key,
      @Nullable TxnId notOf,
      long pushTs,
      boolean abortExpired,
      Deadline deadline)
      throws InterruptedException {
    ProvisionalWrite write = MvccStore.provisional(engine(), key);
    if (write == null || write.txn().equals(notOf)) {
      return;
    }
    try {
      TxnOutcome outcome =
          decisions.askPatiently(term, notOf, write, pushTs, abortExpired, deadline);
      if (outcome.state() != TxnOutcome.State.PENDING) {
        decisions.resolveKeys(term, write.txn(), outcome.commitTs(), List.of(key), deadline);
      }
    } catch (KvException e) {
      // The shard of the record cannot be reached now: the waiter asks again.
      term.checkNotEnded();
    }
  }

  private Deadline helperDeadline() {
    return Deadline.after(clock, HELPER_TIMEOUT);
  }

  /**
   * Tells the deadlock detector of a wait, or of its end if there are no holders. Returns one of
   * them that waits for the waiter, or null.
   */
  @Nullable TxnId report(LeaseTerm term, TxnId waiter, List<TxnId> holders, Duration timeout)
      throws InterruptedException {
    KvRequest request =
        new KvRequest.ReportWait(waiter, holders, replica.shard().shardId(), term.number());
    Deadline deadline = Deadline.after(clock, timeout);
    ShardDescriptor meta = replica.context().locator().locate(KeySpace.oracleKey());
    KvResponse response =
        replica.context().sender().send(meta, KvBatch.of(meta, null, deadline, request));
    return switch (response) {
      case KvResponse.Done done ->
          ((KvResult.WaitVerdict) done.results().getFirst()).deadlockWith();
      // No verdict now: the wait is reported again.
      case KvResponse.Failed failed -> {
        if (failed.error() instanceof KvError.StaleShard) {
          replica.context().locator().stale(meta);
        }
        yield null;
      }
    };
  }

  /** A wait is ended because it is part of a cycle. */
  void deadlockFound() {
    replica.context().monitor().deadlockFound();
  }

  /** Tells the deadlock detector soon that a wait is over. */
  void withdrawLater(LeaseTerm term, TxnId waiter) {
    replica.context().background().execute(() -> withdraw(term, waiter));
  }

  private void withdraw(LeaseTerm term, TxnId waiter) {
    try {
      report(term, waiter, List.of(), HELPER_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Engine engine() {
    return replica.context().engine();
  }
}
