package io.shardforge.raft.txn;

import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit of one transaction in several shards at once, in one round.
 *
 * <pre>
 *   reads to be proved?  a fresh timestamp C ─→ prove them at C: no shard may go above it
 *   all shards at once:  store the writes, at home with the record: STAGING, and all keys
 *     all in place ─→ committed, at the greatest timestamp answered ─→ answered
 *                                                  └→ record: COMMITTED ─→ resolve the others
 *     a shard would have to go above C ─→ record: PENDING; the rest goes its usual way
 * </pre>
 *
 * <p>Used once, by the thread that commits.
 */
final class ParallelCommit {
  /** Keys that a record names. */
  static final int NAMES_MAX = 128;

  /** Bytes of keys that a record names. */
  static final int NAME_BYTES_MAX = 16 * 1024;

  /**
   * How long a shard waits for a row lock. Whoever reads at home waits meanwhile, which nobody may
   * do for somebody's row lock; the commit goes on in two rounds then, where nobody has to.
   */
  static final Duration LOCK_PATIENCE = Duration.ofMillis(20);

  private static final Duration RESEND_PAUSE = Duration.ofMillis(20);
  private static final int FINISH_ATTEMPTS_MAX = 5;
  private static final Logger LOG = LoggerFactory.getLogger(ParallelCommit.class);

  private final BufferedTxn txn;
  private final SentWrites sent;
  private final ReadProof proof;
  private final TxnCoordinator coordinator;
  private final ShardCalls calls;
  private final Clock clock;
  private final List<Mutation> writes;
  private final long recentTs;
  private final Map<ShardDescriptor, List<Mutation>> groups;
  private final ShardDescriptor home;
  private final List<Mutation> homeWrites;
  private volatile @Nullable Placed homePlaced;
  private boolean homeNoted;
  private boolean begun;

  /**
   * Prepares for the commit.
   *
   * @param recentTs a timestamp of the oracle that this commit was certainly not sent before
   */
  ParallelCommit(
      BufferedTxn txn,
      SentWrites sent,
      ReadProof proof,
      TxnCoordinator coordinator,
      List<Mutation> writes,
      long recentTs) {
    this.txn = txn;
    this.sent = sent;
    this.proof = proof;
    this.coordinator = coordinator;
    this.calls = coordinator.calls();
    this.clock = coordinator.clock();
    this.writes = writes;
    this.recentTs = recentTs;
    this.groups = calls.group(writes, Mutation::key);
    this.home = homeOf(groups);
    this.homeWrites = groups.getOrDefault(home, List.of());
  }

  /** How the round ended. */
  sealed interface End {
    /** Everything is in place: it is committed, and nobody else knows yet. */
    record InPlace(long commitTs) implements End {}

    /** Others have found that everything is in place, and the record says so. */
    record Finished(long commitTs) implements End {}

    /** Some shards did not take their part. */
    record InPart(List<Mutation> left) implements End {}
  }

  /** What became of one shard's part. */
  private sealed interface Leg {}

  /** It is in place. */
  private record Placed(int batch, long minCommitTs) implements Leg {}

  /** The record says that all is. */
  private record Known(long commitTs) implements Leg {}

  /** It is not, and no copy of it will be. */
  private record Refused(List<Mutation> writes, boolean tooLow) implements Leg {}

  /** Whether a record can name these writes. */
  static boolean canName(Collection<Mutation> writes) {
    int bytes = 0;
    for (Mutation write : writes) {
      bytes += write.key().length;
    }
    return writes.size() <= NAMES_MAX && bytes <= NAME_BYTES_MAX;
  }

  /**
   * The shard of the row that was changed last. Its locks go first, and applications touch the rows
   * that everybody wants, such as sums, late.
   */
  static ShardDescriptor homeOf(Map<ShardDescriptor, List<Mutation>> groups) {
    ShardDescriptor home = groups.keySet().iterator().next();
    int last = -1;
    for (Map.Entry<ShardDescriptor, List<Mutation>> group : groups.entrySet()) {
      for (Mutation write : group.getValue()) {
        if (write.kind() != Mutation.Kind.INSERT && write.statement() > last) {
          last = write.statement();
          home = group.getKey();
        }
      }
    }
    return home;
  }

  /** The key beside which the record lies. */
  byte[] primaryKey() {
    return homeWrites.getFirst().key();
  }

  /** Whether anything was sent: then all of it may be in place. */
  boolean hasBegun() {
    return begun;
  }

  /** Sends everything to everybody. */
  End run(Deadline patience) throws InterruptedException {
    // Whoever meets a provisional write asks there whether this coordinator is alive.
    txn.contact(home, primaryKey());
    long ceilingTs = proveReads(patience);
    begun = true;
    List<Leg> legs =
        calls.all(
            groups.keySet(),
            shard -> place(shard, groups.getOrDefault(shard, List.of()), ceilingTs, patience));
    long commitTs = 0;
    boolean tooLow = false;
    List<Mutation> left = new ArrayList<>();
    for (Leg leg : legs) {
      switch (leg) {
        case Placed placed -> commitTs = Math.max(commitTs, placed.minCommitTs);
        case Known known -> {
          return new End.Finished(known.commitTs);
        }
        case Refused refused -> {
          left.addAll(refused.writes);
          tooLow |= refused.tooLow;
        }
      }
    }
    if (tooLow) {
      coordinator.proofPace().refused();
    } else if (ceilingTs != Long.MAX_VALUE && left.isEmpty()) {
      coordinator.proofPace().succeeded();
    }
    return left.isEmpty() ? new End.InPlace(commitTs) : new End.InPart(left);
  }

  /** Whether reads or locks must be proved at the commit's timestamp. */
  static boolean mustProve(BufferedTxn txn, Collection<Mutation> writes) {
    return !txn.reads().isEmpty() || !locksToProve(txn, writes).isEmpty();
  }

  /** Not those of rows that are written: a write says itself which version it replaces. */
  private static List<HeldLock> locksToProve(BufferedTxn txn, Collection<Mutation> writes) {
    Set<byte[]> written = new TreeSet<>(Bytes::compare);
    for (Mutation write : writes) {
      written.add(write.key());
    }
    List<HeldLock> locks = new ArrayList<>();
    for (HeldLock lock : txn.locks()) {
      if (!written.contains(lock.key())) {
        locks.add(lock);
      }
    }
    return locks;
  }

  /** Proves what is to be proved, and returns up to which timestamp it is. */
  private long proveReads(Deadline patience) throws InterruptedException {
    List<HeldLock> locks = locksToProve(txn, writes);
    if (txn.reads().isEmpty() && locks.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long fresh = coordinator.timestamps().fetch(patience).timestamp();
    long ceilingTs = Math.max(fresh, txn.minCommitTs());
    proof.validate(locks, ceilingTs, patience);
    return ceilingTs;
  }

  private Leg place(ShardDescriptor shard, List<Mutation> part, long ceilingTs, Deadline patience)
      throws InterruptedException {
    boolean atHome = shard.equals(home);
    // What home has is resolved with the record.
    int batch = atHome ? sent.nextBatch() : sent.begin(shard, part);
    List<byte[]> names = atHome ? writes.stream().map(Mutation::key).toList() : List.of();
    KvRequest.Stage request =
        new KvRequest.Stage(
            primaryKey(),
            part,
            txn.snapshotTs(),
            txn.minCommitTs(),
            ceilingTs,
            batch,
            recentTs,
            names,
            waitsForLocks() ? LOCK_PATIENCE.toNanos() : txn.lockTimeoutNanos());
    boolean mayBeThere = false;
    while (true) {
      try {
        KvResult result = calls.call(shard, txn.header(), patience, request);
        if (result instanceof KvResult.Committed committed) {
          return new Known(committed.commitTs());
        }
        Placed placed = new Placed(batch, ((KvResult.Prepared) result).minCommitTs());
        if (atHome) {
          homePlaced = placed;
        } else {
          sent.end(shard, batch, part, placed.minCommitTs);
        }
        return placed;
      } catch (KvException e) {
        if (e.error() instanceof KvError.CommitTsTooLow) {
          // What is too low for one copy is so for all.
          return new Refused(part, true);
        }
        if (e.error() instanceof KvError.StaleShard) {
          if (mayBeThere) {
            // It may have been placed before a split, and under another number would meet itself.
            throw new KvException(new KvError.TxnAborted(txn.id()));
          }
          return new Refused(part, false);
        }
        boolean locked = e.error() instanceof KvError.LockNotAvailable && waitsForLocks();
        if (locked && !mayBeThere) {
          return new Refused(part, false);
        }
        boolean again =
            locked
                || e.error() instanceof KvError.Ambiguous
                || e.error() instanceof KvError.NotLeader;
        if (!again || patience.isExpired(clock)) {
          throw e.error() instanceof KvError.Ambiguous
              ? new KvException(
                  new KvError.Unavailable(shard.shardId(), "a write was not answered"))
              : e;
        }
        mayBeThere |= e.error() instanceof KvError.Ambiguous;
        clock.sleep(RESEND_PAUSE);
      }
    }
  }

  /** Whether the transaction waits for row locks longer than the shards do in this round. */
  private boolean waitsForLocks() {
    return txn.lockTimeoutNanos() == 0 || txn.lockTimeoutNanos() > LOCK_PATIENCE.toNanos();
  }

  /**
   * Has the record alone decide, as in a commit of two rounds, whatever is in place: if it is
   * staged now.
   */
  void unstage(Deadline patience) throws InterruptedException {
    if (homePlaced == null) {
      return;
    }
    noteHome();
    KvRequest.Prepare request =
        new KvRequest.Prepare(
            primaryKey(),
            List.of(),
            txn.snapshotTs(),
            txn.minCommitTs(),
            sent.nextBatch(),
            null,
            txn.lockTimeoutNanos());
    while (true) {
      try {
        var _ = calls.callAt(primaryKey(), txn.header(), patience, request);
        return;
      } catch (KvException e) {
        boolean again =
            e.error() instanceof KvError.Ambiguous || e.error() instanceof KvError.NotLeader;
        if (!again || patience.isExpired(clock)) {
          throw e;
        }
        clock.sleep(RESEND_PAUSE);
      }
    }
  }

  /** Notes what home was sent with what the others were, to be resolved or sealed like theirs. */
  void noteHome() {
    if (homeNoted) {
      return;
    }
    homeNoted = true;
    sent.note(home, homeWrites);
    Placed placed = homePlaced;
    if (placed != null) {
      sent.end(home, placed.batch, homeWrites, placed.minCommitTs);
    }
  }

  /** Has the record say that all is in place; whether it does. */
  boolean finish(long commitTs) {
    Deadline deadline = Deadline.after(clock, TxnCommit.COMMIT_TIMEOUT);
    int regroups = 0;
    for (int i = 0; i < FINISH_ATTEMPTS_MAX; ) {
      try {
        ShardDescriptor now = calls.locator().locate(primaryKey());
        List<byte[]> here = new ArrayList<>();
        List<byte[]> gone = new ArrayList<>();
        for (Mutation write : homeWrites) {
          (now.span().contains(write.key()) ? here : gone).add(write.key());
        }
        KvResult result =
            calls.call(
                now,
                txn.header(),
                deadline,
                new KvRequest.FinishStaged(primaryKey(), commitTs, here));
        if (((KvResult.Committed) result).commitTs() != commitTs) {
          LOG.error("{} committed at {} and at {}", txn.id(), commitTs, result);
        }
        for (byte[] key : gone) {
          // The home shard was split.
          var _ =
              calls.callAt(
                  key,
                  null,
                  deadline,
                  new KvRequest.Resolve(txn.id(), commitTs, KeySpan.ofKey(key), List.of(key)));
        }
        return true;
      } catch (KvException e) {
        if (calls.mayRegroup(e, regroups++, deadline)) {
          continue;
        }
        i++;
        LOG.debug("the end of {} is left to others", txn.id(), e);
        try {
          clock.sleep(RESEND_PAUSE);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }
}
