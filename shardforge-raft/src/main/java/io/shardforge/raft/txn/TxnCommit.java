package io.shardforge.raft.txn;

import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.ValidatedRead;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one transaction.
 *
 * <pre>
 *   one shard:       commit (judged, written, outcome kept) → answered
 *   several shards:  prepare all but one ─→ commit in that one, record included ─→ answered
 *                                                          └→ resolve the others, forget
 *                    the same in one round: {@link ParallelCommit}
 *   with reads to be proved, or shipped writes:
 *                    prepare all ─→ commit_ts ─→ validate all ─→ record: COMMITTED ─→ answered
 *                                       ↑ too low: again ────────┘       └→ resolve all, forget
 * </pre>
 *
 * <p>The record's change is the commit point. Whatever fails before it is undone; an answer lost at
 * it is asked for again, under the same name, until it is known or the time is over.
 */
final class TxnCommit {
  /** How long a commit may take to learn its outcome. */
  static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);

  /** How long a rollback tries to clean up; what is left others find and finish. */
  static final Duration ABANDON_TIMEOUT = Duration.ofSeconds(5);

  /** How often a commit timestamp is chosen anew before the transaction fails. */
  static final int TIMESTAMPS_MAX = 8;

  /** A timestamp of the oracle older than this is no proof that a commit is new. */
  private static final Duration STALE_AFTER = Duration.ofSeconds(20);

  private static final Duration RESEND_PAUSE = Duration.ofMillis(20);
  private static final Duration PROBE_TIMEOUT = Duration.ofMillis(100);
  private static final int BACKGROUND_ATTEMPTS_MAX = 5;
  private static final Logger LOG = LoggerFactory.getLogger(TxnCommit.class);

  private final BufferedTxn txn;
  private final TxnCoordinator coordinator;
  private final ShardCalls calls;
  private final Clock clock;
  private final SentWrites sent;
  private final ReadProof proof;
  private final List<KeySpan> floorSpans = new ArrayList<>();

  TxnCommit(BufferedTxn txn, SentWrites sent, TxnCoordinator coordinator) {
    this.txn = txn;
    this.coordinator = coordinator;
    this.calls = coordinator.calls();
    this.clock = coordinator.clock();
    this.sent = sent;
    this.proof = new ReadProof(txn, sent, coordinator);
  }

  // ---- While the transaction runs ----

  void raiseSchemaFloor(TableVersion floor, KeySpan span) throws InterruptedException {
    sent.awaitShipment();
    floorSpans.add(span);
    if (sent.primaryKey() == null) {
      // Schema changes write the catalog; their record lies beside it, whatever else was written.
      sent.choosePrimary(
          txn.buffer().all().stream().filter(write -> SentWrites.isMeta(write.key())).toList());
    }
    byte[] primary = sent.primaryKey();
    if (primary == null) {
      primary = KeySpace.tablePrefix(floor.tableId());
      if (!SentWrites.isMeta(primary)) {
        primary = KeySpace.namedStateKey("schema-change");
      }
      sent.setPrimaryKey(primary);
    }
    for (int i = 0; ; i++) {
      List<ShardDescriptor> shards = calls.locator().locate(span);
      byte[] record = primary;
      try {
        var _ =
            calls.all(
                shards,
                shard -> {
                  KeySpan part = shard.span().intersect(span).orElse(span);
                  txn.contact(shard, part.start());
                  return calls.call(
                      shard,
                      txn.header(),
                      txn.deadline(),
                      new KvRequest.RaiseSchemaFloor(floor, record, part));
                });
        return;
      } catch (KvException e) {
        if (!calls.mayRegroup(e, i, txn.deadline())) {
          throw e;
        }
      }
    }
  }

  // ---- Commit ----

  /** Commits, or undoes everything and throws. */
  long run() {
    boolean committed = false;
    try {
      long commitTs = commit();
      committed = true;
      return commitTs;
    } catch (KvException e) {
      // The transaction may be committed: nothing of it may be undone.
      committed = e.error() instanceof KvError.OutcomeUnknown;
      throw e;
    } finally {
      if (!committed) {
        abandon();
      }
    }
  }

  private long commit() {
    if (txn.buffer().isEmpty() && !sent.hasShipped() && floorSpans.isEmpty()) {
      releaseLocks();
      return txn.readTimestamp();
    }
    txn.reads().dropThoseProvedBy(txn.buffer());
    boolean mayBlock = hasUnjudged();
    Deadline overall = Deadline.after(clock, COMMIT_TIMEOUT);
    Deadline patience = mayBlock ? overall.earlier(txn.deadline()) : overall;
    try {
      sent.awaitShipment();
      if (!sent.hasShipped() && floorSpans.isEmpty()) {
        for (int i = 0; ; i++) {
          ShardDescriptor only = onlyShard();
          if (only == null) {
            break;
          }
          try {
            List<Mutation> writes = List.copyOf(txn.buffer().all());
            return commitWrites(
                only,
                commitRequest(writes, List.copyOf(txn.locks()), List.of(), overall),
                patience,
                overall,
                mayBlock);
          } catch (KvException e) {
            if (!calls.mayRegroup(e, i, overall)) {
              throw e;
            }
          }
        }
      }
      if (mayStage()) {
        return commitStaged(patience, overall);
      }
      if (mayDecideByWriting()) {
        return commitAtHome(patience, overall, mayBlock);
      }
      List<List<Mutation>> layers = txn.buffer().takeLayers(List.of());
      return commitShards(layers.isEmpty() ? List.of() : layers.getFirst(), patience, overall);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KvException(new KvError.Canceled());
    }
  }

  private boolean hasUnjudged() {
    for (Mutation write : txn.buffer().all()) {
      if (write.replacesTs() == Mutation.BLIND) {
        return true;
      }
    }
    return false;
  }

  /** The one shard that everything to be written or proved lies in; null if there are several. */
  private @Nullable ShardDescriptor onlyShard() {
    ShardDescriptor only = null;
    long bytes = 0;
    for (Mutation write : txn.buffer().all()) {
      if (only == null) {
        only = calls.locator().locate(write.key());
      } else if (!only.span().contains(write.key())) {
        return null;
      }
      bytes += write.sizeBytes() + 32;
    }
    if (only == null || bytes > SentWrites.BATCH_BYTES_MAX) {
      return null;
    }
    for (ValidatedRead read : txn.reads().all()) {
      if (!only.span().contains(read.span())) {
        return null;
      }
    }
    for (HeldLock lock : txn.locks()) {
      if (!only.span().contains(lock.key())) {
        return null;
      }
    }
    return only;
  }

  private KvRequest.CommitWrites commitRequest(
      List<Mutation> writes, List<HeldLock> locks, List<KeySpan> elsewhere, Deadline deadline)
      throws InterruptedException {
    long minCommitTs = txn.minCommitTs();
    for (SentWrites.AtShard shard : sent.all()) {
      minCommitTs = Math.max(minCommitTs, shard.minCommitTs);
    }
    return new KvRequest.CommitWrites(
        writes,
        txn.reads().all(),
        locks,
        txn.snapshotTs(),
        minCommitTs,
        provablyRecent(deadline),
        elsewhere,
        txn.lockTimeoutNanos());
  }

  /** Sends the commit again until it is known what became of it. */
  private long commitWrites(
      ShardDescriptor first,
      KvRequest.CommitWrites request,
      Deadline patience,
      Deadline overall,
      boolean mayBlock)
      throws InterruptedException {
    byte[] outcomeKey = request.writes().getFirst().key();
    ShardDescriptor shard = first;
    txn.contact(shard, outcomeKey);
    boolean interrupted = false;
    boolean mayBeDone = false;
    try {
      while (true) {
        Deadline deadline =
            interrupted && mayBlock
                ? Deadline.after(clock, PROBE_TIMEOUT)
                : mayBeDone ? overall : patience;
        try {
          KvResult result = calls.call(shard, txn.header(), deadline, request);
          return ((KvResult.Committed) result).commitTs();
        } catch (InterruptedException e) {
          // It may have been put into the log: only an answer ends this.
          interrupted = true;
          mayBeDone = true;
        } catch (KvException e) {
          if (e.error() instanceof KvError.StaleShard stale) {
            if (stale.epoch() == shard.epoch()) {
              // Not done, and no copy can be: all were sent under older epochs.
              throw e;
            }
            // An attempt may have been applied before the shard was split: whoever has the first
            // key now knows, even if not all keys are there any more.
            giveUpIfLate(mayBeDone ? overall : patience, mayBeDone, e);
            ShardDescriptor now = calls.locator().locate(outcomeKey);
            if (now.epoch() == shard.epoch()) {
              interrupted |= pause();
            }
            shard = now;
            txn.contact(shard, outcomeKey);
            continue;
          }
          boolean again =
              switch (e.error()) {
                case KvError.Ambiguous _, KvError.NotLeader _, KvError.Unavailable _ -> true;
                case KvError.Overloaded _ -> mayBeDone;
                // Waiting for a lock means that it was judged, and not done before.
                case KvError.DeadlineExceeded waited ->
                    mayBeDone && !waited.waitingFor().equals("a row lock");
                default -> false;
              };
          if (!again) {
            giveUpIfLost(e, mayBeDone);
            // Another copy may wait still where this one was refused.
            long commitTs =
                mayBeDone || e.error().endsWait() ? abortUnlessDone(outcomeKey, overall) : 0;
            if (commitTs != 0) {
              return commitTs;
            }
            throw interrupted && e.error() instanceof KvError.DeadlineExceeded
                ? new KvException(new KvError.Canceled())
                : e;
          }
          mayBeDone |= e.error() instanceof KvError.Ambiguous;
          giveUpIfLate(mayBeDone ? overall : patience, mayBeDone, e);
          if (!(e.error() instanceof KvError.DeadlineExceeded)) {
            interrupted |= pause();
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Keeps copies of a commit from being done; returns its timestamp if one was done before. */
  private long abortUnlessDone(byte[] primary, Deadline overall) {
    List<KeySpan> spans = new ArrayList<>();
    for (SentWrites.AtShard shard : sent.all()) {
      spans.add(shard.span());
    }
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          KvResult.TxnOutcome outcome =
              (KvResult.TxnOutcome)
                  calls.callAt(primary, txn.header(), overall, new KvRequest.Abort(primary, spans));
          return outcome.commitTs();
        } catch (KvException e) {
          LOG.debug("abort of {} to be sent again", txn.id(), e);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        if (overall.isExpired(clock)) {
          throw unknown();
        }
        interrupted |= pause();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void giveUpIfLate(Deadline overall, boolean mayBeDone, KvException last) {
    if (overall.isExpired(clock)) {
      throw mayBeDone ? unknown() : last;
    }
  }

  private KvException unknown() {
    return new KvException(new KvError.OutcomeUnknown(txn.id()));
  }

  /** Nobody can say before most replicas are back, if they ever are. */
  private void giveUpIfLost(KvException e, boolean mayBeDone) {
    if (mayBeDone && e.error() instanceof KvError.QuorumLost) {
      throw unknown();
    }
  }

  private boolean pause() {
    try {
      clock.sleep(RESEND_PAUSE);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** A timestamp of the oracle that this commit was certainly not sent before. */
  private long provablyRecent(Deadline deadline) throws InterruptedException {
    if (clock.monotonicNanos() - txn.fetchedNanos() > STALE_AFTER.toNanos()) {
      return coordinator.timestamps().fetch(deadline).timestamp();
    }
    return coordinator.timestamps().newest();
  }

  /**
   * Whether the writes of one shard can be the commit point. Not with reads to be proved: they
   * would have to be proved again for each later commit timestamp. Not with a catalog: its version
   * counts commits of records. Not with more than fits into one command.
   */
  private boolean mayDecideByWriting() {
    return txn.reads().isEmpty() && isOneCommandOfRows();
  }

  private boolean isOneCommandOfRows() {
    if (sent.hasShipped() || !floorSpans.isEmpty()) {
      return false;
    }
    long bytes = 0;
    for (Mutation write : txn.buffer().all()) {
      bytes += write.sizeBytes() + 32;
      if (SentWrites.isMeta(write.key()) || bytes > SentWrites.BATCH_BYTES_MAX) {
        return false;
      }
    }
    return bytes > 0;
  }

  /** Whether to commit in one round; see {@link ParallelCommit}. */
  private boolean mayStage() {
    Collection<Mutation> writes = txn.buffer().all();
    return coordinator.commitsInParallel()
        && isOneCommandOfRows()
        && ParallelCommit.canName(writes)
        && (!ParallelCommit.mustProve(txn, writes) || coordinator.proofPace().mayTry());
  }

  private long commitStaged(Deadline patience, Deadline overall) throws InterruptedException {
    ParallelCommit parallel =
        new ParallelCommit(
            txn,
            sent,
            proof,
            coordinator,
            List.copyOf(txn.buffer().all()),
            provablyRecent(overall));
    byte[] primary = parallel.primaryKey();
    sent.setPrimaryKey(primary);
    try {
      return switch (parallel.run(patience)) {
        case ParallelCommit.End.InPlace(long commitTs) -> {
          coordinator
              .executor()
              .execute(() -> {
                if (parallel.finish(commitTs)) {
                  resolveAll(primary, commitTs);
                }
              });
          yield commitTs;
        }
        case ParallelCommit.End.Finished(long commitTs) -> {
          parallel.noteHome();
          coordinator.executor().execute(() -> resolveAll(primary, commitTs));
          yield commitTs;
        }
        case ParallelCommit.End.InPart(List<Mutation> left) -> {
          // Before anything more is placed: what was proved was not proved for it.
          parallel.unstage(patience);
          yield commitShards(left, patience, overall);
        }
      };
    } catch (RuntimeException | InterruptedException e) {
      boolean unknown =
          e instanceof KvException known && known.error() instanceof KvError.OutcomeUnknown;
      if (unknown || !parallel.hasBegun()) {
        throw e;
      }
      // All may be in place: then others may have found that, or may do so yet. What has failed for
      // want of time must still be ended: home is free as soon as it is.
      parallel.noteHome();
      Deadline end = Deadline.after(clock, ABANDON_TIMEOUT);
      long commitTs = abortUnlessDone(primary, overall.earlier(end).equals(end) ? overall : end);
      if (commitTs == 0) {
        throw e;
      }
      coordinator.executor().execute(() -> resolveAll(primary, commitTs));
      return commitTs;
    }
  }

  /**
   * Prepares everywhere but at home, where the primary key is, and commits by writing there: one
   * command is the home shard's prepare, the record and its resolution.
   */
  private long commitAtHome(Deadline patience, Deadline overall, boolean mayBlock)
      throws InterruptedException {
    Map<ShardDescriptor, List<Mutation>> groups = calls.group(txn.buffer().all(), Mutation::key);
    ShardDescriptor home = ParallelCommit.homeOf(groups);
    List<Mutation> writes = groups.getOrDefault(home, List.of());
    byte[] primary = writes.getFirst().key();
    sent.setPrimaryKey(primary);
    // Whoever meets a provisional write asks there whether this coordinator is alive.
    txn.contact(home, primary);
    List<Mutation> others = new ArrayList<>();
    for (Map.Entry<ShardDescriptor, List<Mutation>> group : groups.entrySet()) {
      if (!group.getKey().equals(home)) {
        others.addAll(group.getValue());
      }
    }
    sent.prepareAll(others, patience);
    for (int i = 0; ; i++) {
      List<HeldLock> homeLocks = new ArrayList<>();
      List<HeldLock> otherLocks = new ArrayList<>();
      for (HeldLock lock : txn.locks()) {
        (home.span().contains(lock.key()) ? homeLocks : otherLocks).add(lock);
      }
      proof.validate(otherLocks, txn.minCommitTs(), patience);
      List<KeySpan> elsewhere = new ArrayList<>();
      for (SentWrites.AtShard shard : sent.all()) {
        elsewhere.add(shard.span());
      }
      KvRequest.CommitWrites request = commitRequest(writes, homeLocks, elsewhere, overall);
      try {
        long commitTs = commitWrites(home, request, patience, overall, mayBlock);
        coordinator.executor().execute(() -> resolveAll(primary, commitTs));
        return commitTs;
      } catch (KvException e) {
        if (!calls.mayRegroup(e, i, overall)) {
          throw e;
        }
        // The home shard was split: what went with the other part is prepared like the rest.
        home = calls.locator().locate(primary);
        List<Mutation> gone = new ArrayList<>();
        List<Mutation> left = new ArrayList<>();
        for (Mutation write : writes) {
          (home.span().contains(write.key()) ? left : gone).add(write);
        }
        writes = left;
        if (!gone.isEmpty()) {
          sent.prepareAll(gone, patience);
        }
      }
    }
  }

  private long commitShards(List<Mutation> writes, Deadline patience, Deadline overall)
      throws InterruptedException {
    sent.choosePrimary(writes);
    byte[] primary = sent.primaryKey();
    if (primary == null) {
      throw new KvException(new KvError.Broken("a commit without a key", null));
    }
    sent.sealAll(writes, primary, patience);
    long commitTs = txn.minCommitTs();
    for (SentWrites.AtShard shard : sent.all()) {
      commitTs = Math.max(commitTs, shard.minCommitTs);
    }
    commitTs = decide(primary, commitTs, patience, overall);
    finish(primary, commitTs);
    return commitTs;
  }

  /** Validates at a timestamp and commits the record there, at a higher one if that is too low. */
  private long decide(byte[] primary, long first, Deadline patience, Deadline overall)
      throws InterruptedException {
    long commitTs = first;
    boolean mayRaise = txn.reads().isEmpty();
    List<KeySpan> spans = new ArrayList<>();
    for (SentWrites.AtShard shard : sent.all()) {
      spans.add(shard.span());
    }
    spans.addAll(floorSpans);
    for (int i = 0; i < TIMESTAMPS_MAX; i++) {
      proof.validate(txn.locks(), commitTs, patience);
      try {
        return commitRecord(
            primary, new KvRequest.CommitRecord(primary, commitTs, mayRaise, spans), overall);
      } catch (KvException e) {
        if (!(e.error() instanceof KvError.CommitTsTooLow low)) {
          throw e;
        }
        // Somebody read what is about to change, at a later time: this commit must be later still.
        long fresh = coordinator.timestamps().fetch(patience).timestamp();
        commitTs = Math.max(low.minCommitTs(), fresh);
      }
    }
    throw new KvException(new KvError.ReadChanged(primary));
  }

  /** The commit point. Not interrupted: once sent, only its answer tells what happened. */
  private long commitRecord(byte[] primary, KvRequest.CommitRecord request, Deadline overall) {
    boolean interrupted = false;
    boolean mayBeDone = false;
    try {
      while (true) {
        try {
          KvResult result = calls.callAt(primary, txn.header(), overall, request);
          return ((KvResult.Committed) result).commitTs();
        } catch (InterruptedException e) {
          interrupted = true;
          mayBeDone = true;
        } catch (KvException e) {
          boolean again =
              switch (e.error()) {
                case KvError.Ambiguous _, KvError.NotLeader _, KvError.Unavailable _ -> true;
                // That of a shard split since says nothing of copies sent before.
                case KvError.StaleShard _, KvError.DeadlineExceeded _, KvError.Overloaded _ ->
                    mayBeDone;
                default -> false;
              };
          if (!again) {
            giveUpIfLost(e, mayBeDone);
            throw e;
          }
          mayBeDone |= e.error() instanceof KvError.Ambiguous;
          giveUpIfLate(overall, mayBeDone, e);
          interrupted |= pause();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Resolves everything in the background; first the catalog, if its change is decided elsewhere.
   */
  private void finish(byte[] primary, long commitTs) {
    boolean catalogElsewhere =
        !SentWrites.isMeta(primary) && sent.hasSentTo(ShardDescriptor.META_SHARD_ID);
    if (catalogElsewhere) {
      resolveAll(primary, commitTs);
    } else {
      coordinator.executor().execute(() -> resolveAll(primary, commitTs));
    }
  }

  private void resolveAll(byte[] primary, long commitTs) {
    if (resolvePatiently(commitTs)) {
      coordinator.forget(new RecordName(txn.id(), primary));
      coordinator.releaseReported(txn);
    }
  }

  /** Resolves where nobody waits for it; whether it came to an end. */
  private boolean resolvePatiently(long commitTs) {
    for (int i = 0; i < BACKGROUND_ATTEMPTS_MAX; i++) {
      try {
        // Each attempt has its time: what the one before resolved of millions stays resolved.
        resolveSent(commitTs, Deadline.after(clock, COMMIT_TIMEOUT));
        return true;
      } catch (KvException e) {
        LOG.debug("resolution of {} put off", txn.id(), e);
        if (pause()) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private void resolveSent(long commitTs, Deadline deadline) throws InterruptedException {
    Map<ShardDescriptor, SentWrites.AtShard> byShard = new LinkedHashMap<>();
    for (SentWrites.AtShard shard : sent.all()) {
      byShard.put(shard.shard, shard);
    }
    var _ =
        calls.all(
            byShard.keySet(),
            shard -> {
              SentWrites.AtShard what = byShard.get(shard);
              if (what != null) {
                resolveAt(shard, what, commitTs, deadline);
              }
              return true;
            });
    for (KeySpan span : floorSpans) {
      calls.callParts(
          span,
          null,
          deadline,
          (_, part) -> new KvRequest.Resolve(txn.id(), commitTs, part, List.of()));
    }
    // Shards where only rows were locked.
    for (byte[] key : txn.contacted()) {
      if (!isIn(byShard.keySet(), key)) {
        var _ = calls.callAt(key, txn.header(), deadline, new KvRequest.Release(List.of()));
      }
    }
  }

  private void resolveAt(
      ShardDescriptor shard, SentWrites.AtShard what, long commitTs, Deadline deadline)
      throws InterruptedException {
    List<byte[]> keys = what.keysIfFew();
    if (shard.span().contains(what.span())) {
      try {
        var _ =
            calls.call(
                shard,
                null,
                deadline,
                new KvRequest.Resolve(txn.id(), commitTs, what.span(), keys));
        return;
      } catch (KvException e) {
        if (!calls.mayRegroup(e, 0, deadline)) {
          throw e;
        }
      }
    }
    // It was split since.
    calls.callParts(
        what.span(),
        null,
        deadline,
        (_, part) -> {
          List<byte[]> here = keys.stream().filter(part::contains).toList();
          // No key here would ask for all of the part: that is as right.
          return new KvRequest.Resolve(txn.id(), commitTs, part, here);
        });
  }

  private static boolean isIn(Collection<ShardDescriptor> shards, byte[] key) {
    for (ShardDescriptor shard : shards) {
      if (shard.span().contains(key)) {
        return true;
      }
    }
    return false;
  }

  /** The end of a transaction that wrote nothing: its locks must have held until now. */
  private void releaseLocks() {
    if (txn.contacted().isEmpty()) {
      return;
    }
    Deadline deadline = Deadline.after(clock, COMMIT_TIMEOUT);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Map<ShardDescriptor, List<HeldLock>> locks = calls.group(txn.locks(), HeldLock::key);
          Map<ShardDescriptor, List<HeldLock>> all = new LinkedHashMap<>(locks);
          for (byte[] key : txn.contacted()) {
            all.putIfAbsent(calls.locator().locate(key), List.of());
          }
          var _ =
              calls.all(
                  all.keySet(),
                  shard ->
                      proof.insist(
                          shard,
                          new KvRequest.Release(all.getOrDefault(shard, List.of())),
                          deadline));
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // ---- Rollback ----

  /** Undoes everything that shards know of; what cannot be reached is left to whoever meets it. */
  void abandon() {
    boolean interrupted = Thread.interrupted();
    boolean decided = false;
    long commitTs = 0;
    Deadline deadline = Deadline.after(clock, ABANDON_TIMEOUT);
    sent.cancelShipment();
    try {
      byte[] primary = sent.primaryKey();
      if (primary != null && (!sent.isEmpty() || !floorSpans.isEmpty())) {
        List<KeySpan> spans = new ArrayList<>();
        for (SentWrites.AtShard shard : sent.all()) {
          spans.add(shard.span());
        }
        KvResult.TxnOutcome outcome =
            (KvResult.TxnOutcome)
                calls.callAt(primary, txn.header(), deadline, new KvRequest.Abort(primary, spans));
        decided = true;
        // Others may have found it committed.
        commitTs = outcome.commitTs();
        resolveSent(commitTs, deadline);
      } else {
        for (byte[] key : List.copyOf(txn.contacted())) {
          var _ = calls.callAt(key, txn.header(), deadline, new KvRequest.Release(List.of()));
        }
      }
    } catch (KvException e) {
      LOG.debug("rollback of {} goes on behind the client's back", txn.id(), e);
      if (decided) {
        // So that no reader has to remove what is left.
        long decidedTs = commitTs;
        coordinator
            .executor()
            .execute(() -> {
              var _ = resolvePatiently(decidedTs);
            });
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
