package io.shardforge.raft.shard;

import io.shardforge.raft.command.AbortCommand;
import io.shardforge.raft.command.Command;
import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.CommitCommand;
import io.shardforge.raft.command.ForgetCommand;
import io.shardforge.raft.command.PushCommand;
import io.shardforge.raft.command.ResolveCommand;
import io.shardforge.raft.command.ResolveSpanCommand;
import io.shardforge.raft.group.ProposalUnknownException;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvResult.TxnOutcome;
import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.raft.oracle.TimestampClient;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccScanner;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.TxnRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The fate of transactions that wrote provisionally: their records, where this shard has the
 * primary key; and, for provisional writes met here, the question to whoever has it.
 *
 * <p>A push is remembered in memory only. It is noted first, then commits of the record that were
 * under way are waited for, then the record is read: a commit judged later finds the push. Under a
 * new lease every commit must be above a timestamp fetched at its start, which is above all pushes
 * of older leases.
 */
final class Decisions {
  /** Provisional writes in one command that resolves a span. */
  static final int RESOLVE_KEYS_MAX = 4_000;

  /** Keys from which on a span is resolved as a span, under a latch on all of it. */
  static final int RESOLVED_BY_SPAN_MIN = 64;

  /** Records in one command that forgets them; each may have the longest of keys. */
  static final int FORGOTTEN_MAX = 250;

  private static final Duration STALE_PAUSE = Duration.ofMillis(5);

  /**
   * Bytes of the keys in one command, which has to fit into an entry of the log; one key always
   * does.
   */
  private static final int COMMAND_KEY_BYTES_MAX = 128 * 1024;

  /** Resolutions that readers have set off and that are under way. */
  private static final int RESOLVING_MAX = 1_000;

  private final Replica replica;
  private final StagedTxns staged;
  private final AtomicInteger resolving = new AtomicInteger();

  Decisions(Replica replica) {
    this.replica = replica;
    this.staged = new StagedTxns(replica, this);
  }

  /** Those of the transactions that commit in one round. */
  StagedTxns staged() {
    return staged;
  }

  // ---- Requests to the shard of the record ----

  KvResult commit(LeaseTerm term, KvBatch batch, KvRequest.CommitRecord request)
      throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    checkInside(request.primaryKey());
    LatchManager.Latch latch = latchKeys(term, List.of(request.primaryKey()), batch.deadline());
    boolean handedOver = false;
    try {
      TxnRecord record = MvccStore.txnRecord(engine(), request.primaryKey(), id);
      if (record == null
          || record.state() == TxnRecord.State.ABORTED
          || record.state() == TxnRecord.State.STAGING) {
        throw new KvException(new KvError.TxnAborted(id));
      }
      if (record.state() == TxnRecord.State.COMMITTED) {
        return new KvResult.Committed(record.commitTs());
      }
      long commitTs = request.commitTs();
      long least = term.pushedTo(id) + 1;
      if (commitTs < least) {
        if (!request.mayRaise()) {
          throw new KvException(new KvError.CommitTsTooLow(least));
        }
        commitTs = notAheadOfOracle(least, batch.deadline());
      }
      handedOver = true;
      CommandResult result =
          applyLatched(
              term,
              latch,
              new CommitCommand(id, request.primaryKey(), commitTs, request.spans()),
              () -> term.forget(id),
              batch.deadline());
      if (result.status() == CommandResult.Status.REFUSED) {
        throw new KvException(new KvError.TxnAborted(id));
      }
      return new KvResult.Committed(result.value());
    } finally {
      if (!handedOver) {
        latch.release();
      }
    }
  }

  KvResult abort(LeaseTerm term, KvBatch batch, KvRequest.Abort request)
      throws InterruptedException {
    TxnId id = RowLocks.txn(batch).id();
    checkInside(request.primaryKey());
    LatchManager.Latch latch = latchKeys(term, List.of(request.primaryKey()), batch.deadline());
    TxnOutcome outcome =
        abort(term, latch, id, request.primaryKey(), request.spans(), batch.deadline());
    term.locks().releaseAll(id);
    return outcome;
  }

  /**
   * Aborts a transaction unless it has committed; either way its outcome is settled then.
   *
   * @param latch of the primary key, which goes with this
   */
  private TxnOutcome abort(
      LeaseTerm term,
      LatchManager.Latch latch,
      TxnId id,
      byte[] primaryKey,
      List<KeySpan> spans,
      Deadline deadline)
      throws InterruptedException {
    CommandResult result =
        applyLatched(
            term,
            latch,
            new AbortCommand(id, primaryKey, spans),
            () -> {
              term.forget(id);
              // One that has committed is found by its outcome or its record first.
              term.aborted(id);
            },
            deadline);
    return result.status() == CommandResult.Status.REFUSED
        ? new TxnOutcome(TxnOutcome.State.COMMITTED, result.value())
        : new TxnOutcome(TxnOutcome.State.ABORTED, 0);
  }

  /**
   * Whether a transaction that would commit by one command was aborted before; under the latch of
   * its first key. Only for one that this lease may not have seen aborted is its record looked up.
   */
  boolean wasAborted(LeaseTerm term, TxnId id, byte[] firstKey) {
    if (term.remembersAborts(id)) {
      return term.isAborted(id);
    }
    TxnRecord record = MvccStore.txnRecord(engine(), firstKey, id);
    return record != null && record.state() == TxnRecord.State.ABORTED;
  }

  KvResult forget(LeaseTerm term, KvBatch batch, KvRequest.ForgetRecords request)
      throws InterruptedException {
    for (RecordName record : request.records()) {
      checkInside(record.primaryKey());
    }
    forget(term, request.records(), batch.deadline());
    return KvResult.Done.INSTANCE;
  }

  /**
   * Removes records that can be removed. Without latches: what makes a record removable is never
   * undone, and nothing else under way touches such a one.
   */
  void forget(LeaseTerm term, List<RecordName> records, Deadline deadline)
      throws InterruptedException {
    for (int i = 0; i < records.size(); i += FORGOTTEN_MAX) {
      List<RecordName> some = records.subList(i, Math.min(records.size(), i + FORGOTTEN_MAX));
      replica.lease().await(replica.lease().propose(term, new ForgetCommand(some)), deadline);
      for (RecordName record : some) {
        term.forget(record.id());
      }
    }
  }

  KvResult push(LeaseTerm term, KvBatch batch, KvRequest.Push request) throws InterruptedException {
    checkInside(request.primaryKey());
    return push(
        term,
        request.id(),
        request.primaryKey(),
        request.pushTs(),
        request.abortExpired(),
        batch.deadline());
  }

  private TxnOutcome push(
      LeaseTerm term,
      TxnId id,
      byte[] primaryKey,
      long pushTs,
      boolean abortExpired,
      Deadline deadline)
      throws InterruptedException {
    if (pushTs > 0) {
      term.push(id, pushTs);
    }
    Reads.awaitWrites(term, KeySpan.ofKey(primaryKey), deadline);
    TxnRecord record = MvccStore.txnRecord(engine(), primaryKey, id);
    if (record != null && record.state() == TxnRecord.State.STAGING) {
      return staged.ask(term, record, pushTs, deadline);
    }
    if (record != null && record.state() != TxnRecord.State.PENDING) {
      term.forget(id);
      return record.state() == TxnRecord.State.COMMITTED
          ? new TxnOutcome(TxnOutcome.State.COMMITTED, record.commitTs())
          : new TxnOutcome(TxnOutcome.State.ABORTED, 0);
    }
    boolean tooOld = record == null && id.high() <= replica.state().gcThreshold();
    if (tooOld) {
      // No record, and none can be opened any more.
      return new TxnOutcome(TxnOutcome.State.ABORTED, 0);
    }
    // Without a record the transaction may be about to open one: only silence ends it, and then by
    // a replicated ABORTED record that keeps a late prepare out.
    if (abortExpired && term.silentNanos(id) > replica.context().settings().txnExpiry().toNanos()) {
      LatchManager.Latch latch = latchKeys(term, List.of(primaryKey), deadline);
      TxnRecord now = MvccStore.txnRecord(engine(), primaryKey, id);
      if (now != null && now.state() == TxnRecord.State.STAGING) {
        // It was staged meanwhile, and may be committed.
        latch.release();
        return staged.ask(term, now, pushTs, deadline);
      }
      return abort(term, latch, id, primaryKey, List.of(), deadline);
    }
    return new TxnOutcome(TxnOutcome.State.PENDING, 0);
  }

  // ---- Requests to the shards of the writes ----

  KvResult resolve(LeaseTerm term, KvBatch batch, KvRequest.Resolve request)
      throws InterruptedException {
    if (!replica.span().contains(request.span())) {
      throw stale();
    }
    if (request.keys().isEmpty()) {
      resolveSpan(term, request.id(), request.commitTs(), request.span(), batch.deadline());
    } else {
      for (byte[] key : request.keys()) {
        checkInside(key);
      }
      resolveKeys(term, request.id(), request.commitTs(), request.keys(), batch.deadline());
    }
    term.locks().releaseAll(request.id());
    return new KvResult.Resolved();
  }

  /** Resolves all provisional writes of a transaction in a span. */
  void resolveSpan(LeaseTerm term, TxnId id, long commitTs, KeySpan span, Deadline deadline)
      throws InterruptedException {
    KeySpan rest = span;
    while (rest != null && !rest.isEmpty()) {
      rest = resolvePart(term, id, commitTs, rest, deadline);
    }
  }

  /**
   * Resolves the first of a transaction's provisional writes in a span, as many as one command
   * takes, and returns the span in which there may be more, or null.
   */
  @Nullable KeySpan resolvePart(
      LeaseTerm term, TxnId id, long commitTs, KeySpan span, Deadline deadline)
      throws InterruptedException {
    List<byte[]> keys = new ArrayList<>();
    int[] bytes = new int[1];
    MvccStore.provisionalWrites(
        engine(),
        span,
        write -> {
          if (write.txn().equals(id)) {
            keys.add(write.key());
            bytes[0] += write.key().length;
          }
          return keys.size() < RESOLVE_KEYS_MAX && bytes[0] < COMMAND_KEY_BYTES_MAX;
        });
    if (keys.isEmpty()) {
      return null;
    }
    KeySpan rest = new KeySpan(Bytes.successor(keys.getLast()), span.end());
    if (keys.size() < RESOLVED_BY_SPAN_MIN) {
      resolveKeys(term, id, commitTs, keys, deadline);
    } else {
      KeySpan part = new KeySpan(span.start(), rest.start());
      LatchManager.Latch latch = latch(term, List.of(), List.of(part), List.of(), deadline);
      applyLatched(
          term,
          latch,
          new ResolveSpanCommand(id, commitTs, part),
          () -> term.locks().release(id, keys),
          deadline);
    }
    return rest;
  }

  /** Resolves some provisional writes of a decided transaction and waits for it. */
  void resolveKeys(LeaseTerm term, TxnId id, long commitTs, List<byte[]> keys, Deadline deadline)
      throws InterruptedException {
    for (List<byte[]> part : inCommands(keys)) {
      LatchManager.Latch latch = latchKeys(term, part, deadline);
      applyLatched(
          term,
          latch,
          new ResolveCommand(id, commitTs, part),
          () -> term.locks().release(id, part),
          deadline);
    }
  }

  /** Keys in order, cut so that each part fits into one command. */
  static List<List<byte[]>> inCommands(List<byte[]> keys) {
    List<List<byte[]>> parts = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < keys.size(); i++) {
      int length = keys.get(i).length;
      if (i > from && (bytes + length > COMMAND_KEY_BYTES_MAX || i - from == RESOLVE_KEYS_MAX)) {
        parts.add(keys.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += length;
    }
    if (from < keys.size()) {
      parts.add(keys.subList(from, keys.size()));
    }
    return parts;
  }

  // ---- Provisional writes met here ----

  /**
   * Asks what became of a transaction, so that a read at a timestamp knows whether to see its
   * write. PENDING means that it will not commit at or below the timestamp.
   */
  TxnOutcome askForRead(
      LeaseTerm term, @Nullable TxnId own, ProvisionalWrite write, long readTs, Deadline deadline)
      throws InterruptedException {
    TxnId id = write.txn();
    if (term.isPushedElsewhere(id, readTs)) {
      return new TxnOutcome(TxnOutcome.State.PENDING, 0);
    }
    TxnOutcome outcome = askPatiently(term, own, write, readTs, false, deadline);
    if (outcome.state() == TxnOutcome.State.PENDING) {
      term.pushedElsewhere(id, readTs);
    } else {
      resolveLater(term, id, outcome, List.of(write.key()));
    }
    return outcome;
  }

  /**
   * Gets provisional writes out of the way of a scan: resolved, or moved above the timestamp.
   *
   * @param own the transaction that waits meanwhile, null for none
   * @param ahead what the scan has still to read: where one decided transaction is in the way of
   *     all that a scan looks at once, there are likely many more of it; null for what is no scan
   */
  void clearForRead(
      LeaseTerm term,
      @Nullable TxnId own,
      List<ProvisionalWrite> writes,
      @Nullable KeySpan ahead,
      long readTs,
      Deadline deadline)
      throws InterruptedException {
    Map<TxnId, List<ProvisionalWrite>> byTxn = new LinkedHashMap<>();
    for (ProvisionalWrite write : writes) {
      byTxn.computeIfAbsent(write.txn(), _ -> new ArrayList<>()).add(write);
    }
    for (Map.Entry<TxnId, List<ProvisionalWrite>> entry : byTxn.entrySet()) {
      TxnOutcome outcome =
          askPatiently(term, own, entry.getValue().getFirst(), readTs, true, deadline);
      List<byte[]> keys = entry.getValue().stream().map(ProvisionalWrite::key).toList();
      if (outcome.state() == TxnOutcome.State.PENDING) {
        for (List<byte[]> part : inCommands(keys)) {
          LatchManager.Latch latch = latchKeys(term, part, deadline);
          applyLatched(
              term, latch, new PushCommand(entry.getKey(), readTs + 1, part), () -> {}, deadline);
        }
      } else {
        resolveKeys(term, entry.getKey(), outcome.commitTs(), keys, deadline);
        if (keys.size() == MvccScanner.CONFLICTS_MAX && ahead != null && !ahead.isEmpty()) {
          var _ = resolvePart(term, entry.getKey(), outcome.commitTs(), ahead, deadline);
        }
      }
    }
  }

  /** Asks what became of a transaction until that is known, or it is pushed. */
  TxnOutcome askPatiently(
      LeaseTerm term,
      @Nullable TxnId own,
      ProvisionalWrite write,
      long pushTs,
      boolean abortExpired,
      Deadline deadline)
      throws InterruptedException {
    TxnOutcome first = ask(term, write, pushTs, abortExpired, deadline);
    return first.state() == TxnOutcome.State.STAGED
        ? staged.await(
            term, own, write, deadline, () -> ask(term, write, pushTs, abortExpired, deadline))
        : first;
  }

  /**
   * Asks the shard of a transaction's record, maybe this one, for its state: not {@link
   * TxnOutcome.State#STAGED} if nothing is pushed.
   */
  TxnOutcome ask(
      LeaseTerm term, ProvisionalWrite write, long pushTs, boolean abortExpired, Deadline deadline)
      throws InterruptedException {
    return ask(term, write.txn(), write.primaryKey(), pushTs, abortExpired, deadline);
  }

  TxnOutcome ask(
      LeaseTerm term,
      TxnId id,
      byte[] primaryKey,
      long pushTs,
      boolean abortExpired,
      Deadline deadline)
      throws InterruptedException {
    if (replica.span().contains(primaryKey)) {
      return push(term, id, primaryKey, pushTs, abortExpired, deadline);
    }
    KvRequest.Push request = new KvRequest.Push(id, primaryKey, pushTs, abortExpired);
    while (true) {
      ShardDescriptor home = replica.context().locator().locate(primaryKey);
      KvResponse response =
          replica.context().sender().send(home, KvBatch.of(home, null, deadline, request));
      switch (response) {
        case KvResponse.Done done -> {
          return (TxnOutcome) done.results().getFirst();
        }
        case KvResponse.Failed failed -> {
          if (!(failed.error() instanceof KvError.StaleShard)
              || deadline.isExpired(replica.context().clock())) {
            throw new KvException(failed.error());
          }
          replica.context().locator().stale(home);
          // The map may not know of a split yet.
          replica.context().clock().sleep(STALE_PAUSE);
        }
      }
    }
  }

  /** Resolves in the background what a reader has found decided. */
  private void resolveLater(LeaseTerm term, TxnId id, TxnOutcome outcome, List<byte[]> keys) {
    if (resolving.incrementAndGet() > RESOLVING_MAX) {
      resolving.decrementAndGet();
      return;
    }
    replica
        .context()
        .background()
        .execute(() -> {
          try {
            resolveKeys(term, id, outcome.commitTs(), keys, shortDeadline());
          } catch (KvException e) {
            // Whoever meets it next tries again.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private Deadline shortDeadline() {
    return Deadline.after(replica.context().clock(), replica.context().settings().txnExpiry());
  }

  // ---- Shared ----

  /**
   * Has a command applied and waits for that. Lets its latch go when it was applied or certainly
   * never will be under this lease, however long the wait; if that is unknown the latch stays until
   * the lease ends.
   */
  CommandResult applyLatched(
      LeaseTerm term,
      LatchManager.Latch latch,
      Command command,
      Runnable whenApplied,
      Deadline deadline)
      throws InterruptedException {
    ShardLease lease = replica.lease();
    return lease.await(
        lease
            .propose(term, command)
            .whenComplete((result, failure) -> {
              if (failure == null && result.status() != CommandResult.Status.STALE) {
                whenApplied.run();
              }
              if (!(failure instanceof ProposalUnknownException)) {
                latch.release();
              }
            }),
        deadline);
  }

  LatchManager.Latch latchKeys(LeaseTerm term, List<byte[]> keys, Deadline deadline)
      throws InterruptedException {
    return latch(term, keys, List.of(), List.of(), deadline);
  }

  LatchManager.Latch latch(
      LeaseTerm term,
      List<byte[]> writes,
      List<KeySpan> writeSpans,
      List<KeySpan> reads,
      Deadline deadline)
      throws InterruptedException {
    LatchManager.@Nullable Latch latch =
        term.latches().acquire(writes, writeSpans, reads, deadline);
    if (latch == null) {
      throw new KvException(new KvError.DeadlineExceeded("a write under way"));
    }
    if (term.isEnded()) {
      latch.release();
      term.checkNotEnded();
    }
    return latch;
  }

  /**
   * A commit timestamp may be one above what the oracle has issued, for whoever asks after the
   * commit gets at least that. Further ahead, the oracle is asked first.
   */
  long notAheadOfOracle(long commitTs, Deadline deadline) throws InterruptedException {
    TimestampClient timestamps = replica.context().timestamps();
    while (commitTs > timestamps.newest() + 1) {
      timestamps.fetch(deadline);
    }
    return commitTs;
  }

  static boolean isOwn(@Nullable TxnHeader txn, ProvisionalWrite write) {
    return txn != null && write.txn().equals(txn.id());
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

  private Engine engine() {
    return replica.context().engine();
  }
}
