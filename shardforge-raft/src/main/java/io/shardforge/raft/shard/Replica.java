package io.shardforge.raft.shard;

import io.shardforge.raft.command.ApplyContext;
import io.shardforge.raft.command.MergeState;
import io.shardforge.raft.command.ShardState;
import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.GroupFactory;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.group.ReplicatedState;
import io.shardforge.raft.group.StateSink;
import io.shardforge.raft.group.StateSource;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.RowWait;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.raft.oracle.TimestampOracle;
import io.shardforge.raft.txn.DeadlockDetector;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's copy of one shard. With the lease it judges requests and serves reads; without it only
 * applies what the log brings.
 *
 * <pre>
 *   request → latches → judged → command → log → applied → answer
 *   read    → max_read_ts → writes under way → data → lease still valid? → answer
 * </pre>
 */
public final class Replica implements ReplicatedState {
  /** Bound on {@link #waitingCommands}. */
  public static final int WAITING_COMMANDS_MAX = ProposalQueue.WAITING_MAX;

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  /** Between two looks whether the oracle's bound was raised. */
  private static final Duration BOUND_PAUSE = Duration.ofMillis(20);

  private final ReplicaContext context;
  private final long shardId;
  private final boolean isMeta;
  private final ReplicaStore store;
  private final ShardLease lease;
  private final Listener listener;
  private final Clock clock;
  private final Reads reads;
  private final ClosedReads closedReads;
  private final RowLocks rowLocks;
  private final Commits commits;
  private final Decisions decisions;
  private final SchemaFloors schemaFloors;
  private final Upkeep upkeep;
  private final Splits splits;
  private final Moves moves;
  private final Merges merges;
  private final OldestReads oldestReads;
  private final LoadMeter load;
  private final ReentrantLock installing = new ReentrantLock();
  private volatile boolean closed;

  /** Told by a replica what becomes of its shard, on the thread that applies. */
  interface Listener extends ReplicaStore.Neighbors {
    /**
     * A split was applied. Must not block.
     *
     * @param locks what the child inherits, if this node serves the shard
     */
    void split(Replica parent, ApplyContext.Split split, @Nullable InheritedLocks locks);

    /** A neighbor was taken in. Must not block. */
    void merged(ApplyContext.Merge merge);
  }

  Replica(ReplicaContext context, ShardDescriptor shard, Listener listener) {
    this.context = context;
    this.shardId = shard.shardId();
    this.isMeta = shard.isMeta();
    this.listener = listener;
    this.clock = context.clock();
    this.store = new ReplicaStore(context.engine(), clock, shard, listener);
    this.lease = new ShardLease(context, shard, store);
    this.oldestReads = new OldestReads(clock);
    this.load = new LoadMeter(clock);
    this.decisions = new Decisions(this);
    this.rowLocks = new RowLocks(this, decisions);
    this.reads = new Reads(this, decisions);
    this.closedReads = new ClosedReads(this, decisions);
    this.schemaFloors = new SchemaFloors(this, decisions, rowLocks);
    this.commits = new Commits(this, rowLocks, decisions, schemaFloors);
    this.upkeep = new Upkeep(this, decisions);
    this.splits = new Splits(this, decisions);
    this.moves = new Moves(this, store.aloneAbove());
    this.merges = new Merges(this, decisions);
  }

  /** Joins the shard's log; called once. */
  void open(GroupFactory groups) {
    lease.joined(groups.open(shard(), this));
  }

  /**
   * Joins the log of a shard that was split off, or that this node has not had; called once.
   *
   * @param locks those of the parent, if this node served it
   */
  void openSeeded(GroupFactory groups, @Nullable InheritedLocks locks) {
    lease.inherit(locks);
    lease.joined(groups.openSeeded(shard(), this));
  }

  public void close() {
    closed = true;
    lease.close();
    RaftGroup opened = group();
    if (opened != null) {
      opened.close();
    }
  }

  /** The shard as it is known here: a split changes it. */
  public ShardDescriptor shard() {
    return store.shard();
  }

  /** The shard's log, null before {@link #open}. */
  public @Nullable RaftGroup group() {
    return lease.group();
  }

  /** See {@link ShardLease#handOver}. */
  public CompletableFuture<Void> handOver(int nodeId) {
    return lease.handOver(nodeId);
  }

  /** See {@link ShardLease#stepAside}. */
  public CompletableFuture<Void> stepAside(int nodeId) {
    return lease.stepAside(nodeId);
  }

  /** The replicated state as applied here. */
  public ShardState state() {
    return store.state();
  }

  /** Commands of this node that wait for their way into the log. */
  public int waitingCommands() {
    return lease.waitingCommands();
  }

  /** Whether this node holds the lease and it has not run out. */
  public boolean holdsLease() {
    LeaseTerm current = lease.term();
    return current != null && current.isValidAt(clock.monotonicNanos());
  }

  ShardLease lease() {
    return lease;
  }

  ReplicaContext context() {
    return context;
  }

  Reads reads() {
    return reads;
  }

  /**
   * Grows when the replica's data is replaced or goes: who finds it unchanged has read one copy.
   * Negative while it is not whole.
   */
  long copyNumber() {
    return closed ? -1 : store.copyNumber();
  }

  RowLocks rowLocks() {
    return rowLocks;
  }

  // ---- Requests ----

  /** Serves a batch on the calling thread. Never throws for an expected outcome. */
  public KvResponse serve(KvBatch batch) throws InterruptedException {
    if (batch.requests().getFirst() instanceof KvRequest.MergeSide side) {
      return merges.serveSide(batch, side);
    }
    boolean byAnybody = batch.isReadByAnybody() && batch.epoch() == store.state().epoch();
    if (byAnybody) {
      KvResponse response = closedReads.serve(batch);
      if (response != null) {
        return response;
      }
    }
    LeaseTerm current = lease.term();
    if (current == null) {
      if (byAnybody) {
        closedReads.ask(ClosedReads.newestOf(batch));
      }
      return new KvResponse.Failed(lease.notLeader());
    }
    // The meta shard is never split, and whoever looks for the map must find it.
    if (batch.epoch() != current.epoch() && !isMeta) {
      return new KvResponse.Failed(new KvError.StaleShard(shardId, current.epoch()));
    }
    load.count(batch);
    TxnHeader txn = batch.txn();
    if (txn != null) {
      context.timestamps().learn(txn.oracleTs());
      current.locks().heard(txn.id());
    }
    KvResponse response;
    try {
      List<KvRequest> requests = batch.requests();
      if (requests.size() == 1) {
        response = KvResponse.of(serve(current, batch, requests.getFirst()));
      } else {
        List<KvResult> results = new ArrayList<>(requests.size());
        for (KvRequest request : requests) {
          results.add(serve(current, batch, request));
        }
        response = new KvResponse.Done(results);
      }
    } catch (KvException e) {
      response = new KvResponse.Failed(e.error());
    } catch (LatchManager.TooManyException e) {
      response = new KvResponse.Failed(new KvError.Overloaded(shardId));
    }
    // After the data was read, before the answer leaves: a holder that was paused must not answer.
    if (lease.isStillServing(current, batch.deadline())) {
      return response;
    }
    // What went through the log is so whoever holds the lease, and what may have gone through it
    // must not be taken for something that never came here.
    boolean holds =
        response instanceof KvResponse.Failed failed
            ? failed.error() instanceof KvError.Ambiguous
            : !batch.isRepeatable();
    return holds ? response : new KvResponse.Failed(lease.notLeader());
  }

  private KvResult serve(LeaseTerm current, KvBatch batch, KvRequest request)
      throws InterruptedException {
    return switch (request) {
      case KvRequest.Get r -> reads.get(current, batch, r);
      case KvRequest.Scan r -> reads.scan(current, batch, r);
      case KvRequest.Versions r -> closedReads.versions(current, batch, r);
      case KvRequest.Lock r -> rowLocks.lock(current, batch, r);
      case KvRequest.CommitWrites r -> commits.commit(current, batch, r);
      case KvRequest.Prepare r -> commits.prepare(current, batch, r);
      case KvRequest.Stage r -> commits.stage(current, batch, r);
      case KvRequest.FinishStaged r -> decisions.staged().finish(current, batch, r);
      case KvRequest.Fence r -> decisions.staged().fence(current, batch, r);
      case KvRequest.Validate r -> commits.validate(current, batch, r);
      case KvRequest.Undo r -> commits.undo(current, batch, r);
      case KvRequest.CommitRecord r -> decisions.commit(current, batch, r);
      case KvRequest.Abort r -> decisions.abort(current, batch, r);
      case KvRequest.Resolve r -> {
        // A record is forgotten once everything is resolved, raised floors included.
        schemaFloors.settleOwn(current, r.id(), r.commitTs(), batch.deadline());
        yield decisions.resolve(current, batch, r);
      }
      case KvRequest.ForgetRecords r -> decisions.forget(current, batch, r);
      case KvRequest.Push r -> decisions.push(current, batch, r);
      case KvRequest.Heartbeat r -> {
        for (TxnId id : r.ids()) {
          current.heard(id);
          current.locks().heard(id);
        }
        yield KvResult.Done.INSTANCE;
      }
      case KvRequest.Release r -> rowLocks.release(current, batch, r);
      case KvRequest.ReportWait r -> {
        DeadlockDetector detector = current.deadlocks();
        if (detector == null) {
          throw decisions.stale();
        }
        yield new KvResult.WaitVerdict(
            detector.report(r.waiter(), r.holders(), r.shardId(), r.leaseNumber()));
      }
      case KvRequest.NextTimestamp r -> nextTimestamp(current, batch, r);
      case KvRequest.RaiseSchemaFloor r -> schemaFloors.raise(current, batch, r);
      case KvRequest.Split r -> splits.split(current, batch, r);
      // Served where it is closed, or not at all.
      case KvRequest.SumUp _ -> throw new KvException(lease.notLeader());
      case KvRequest.Close r -> closedReads.close(current, batch, r);
      case KvRequest.Describe _ -> facts(current.number());
      case KvRequest.Move r -> {
        KvResult done = moves.move(current, batch, r);
        tendMovesSoon();
        yield done;
      }
      case KvRequest.Merge r -> merges.merge(current, batch, r);
      case KvRequest.MergeSide _ -> throw new IllegalArgumentException("among other requests");
    };
  }

  private KvResult.ShardFacts facts(long leaseNumber) {
    RaftGroup opened = group();
    boolean changing = shard().isChanging();
    return new KvResult.ShardFacts(
        context.nodeId(),
        leaseNumber,
        sizeBytes(),
        changing && opened != null ? opened.copiedBytes() : 0,
        changing ? moves.millis() : 0,
        load.perSecond());
  }

  /** A timestamp without waiting, if this is the meta shard's lease holder and one is at hand. */
  KvResult.@Nullable OracleReply tryNextTimestamp(int gatewayNode, long oldestReadTs) {
    LeaseTerm current = lease.term();
    TimestampOracle oracle = current == null ? null : current.oracle();
    if (current == null || oracle == null) {
      return null;
    }
    Long timestamp = oracle.next();
    long now = clock.monotonicNanos();
    // The lease is checked after the timestamp was taken.
    if (timestamp == null || !current.isValidAt(now)) {
      return null;
    }
    lease.renewIfDue(current, now);
    return reply(timestamp, gatewayNode, oldestReadTs);
  }

  private KvResult nextTimestamp(LeaseTerm current, KvBatch batch, KvRequest.NextTimestamp request)
      throws InterruptedException {
    TimestampOracle oracle = current.oracle();
    if (oracle == null) {
      throw decisions.stale();
    }
    while (true) {
      Long timestamp = oracle.next();
      if (timestamp != null) {
        return reply(timestamp, request.gatewayNode(), request.oldestReadTs());
      }
      current.checkNotEnded();
      long left = batch.deadline().remainingNanos(clock);
      if (left <= 0) {
        throw new KvException(new KvError.DeadlineExceeded("the oracle's bound"));
      }
      oracle.awaitBound(Duration.ofNanos(Math.min(left, BOUND_PAUSE.toNanos())));
    }
  }

  private KvResult.OracleReply reply(long timestamp, int gatewayNode, long oldestReadTs) {
    oldestReads.report(gatewayNode, oldestReadTs);
    return new KvResult.OracleReply(
        timestamp, store.state().catalogVersion(), oldestReads.oldest(timestamp));
  }

  // ---- What the log calls ----

  @Override
  public byte[] apply(long raftTerm, long index, byte[] command) {
    byte[] result = store.apply(raftTerm, index, command);
    ApplyContext.Split split = store.split();
    if (split != null) {
      applied(split);
      store.madeSplitKnown();
    }
    if (store.takeMove()) {
      appliedMove();
    }
    ApplyContext.Merge merge = store.takeMerge();
    if (merge != null) {
      applied(merge);
    }
    return result;
  }

  private void applied(ApplyContext.Merge merge) {
    lease.merged(merge, merges.locksOf(merge));
    listener.merged(merge);
  }

  private void applied(ApplyContext.Split split) {
    InheritedLocks locks = lease.split(split);
    if (locks != null) {
      load.reset();
    }
    listener.split(this, split, locks);
  }

  private void appliedMove() {
    ShardDescriptor shard = shard();
    lease.moved(shard.epoch());
    context.map().learn(List.of(shard));
  }

  @Override
  public void receivedAt(long monotonicNanos) {
    store.receivedAt(monotonicNanos);
  }

  @Override
  public void applyNothing(long raftTerm, long index) {
    store.applyNothing(raftTerm, index);
  }

  @Override
  public AppliedIndex applied() {
    return store.applied();
  }

  @Override
  public AppliedIndex durable() {
    return store.durable();
  }

  @Override
  public void leaderReady(long raftTerm) {
    lease.leaderReady(raftTerm);
  }

  @Override
  public void leaderLost() {
    lease.leaderLost();
  }

  @Override
  public void exportState(StateSink sink) throws IOException, InterruptedException {
    store.export(sink);
  }

  @Override
  public void installState(AppliedIndex at, StateSource source)
      throws IOException, InterruptedException {
    leaderLost();
    installing.lock();
    try {
      store.install(
          at,
          () -> {
            if (closed) {
              throw new IOException("the replica of shard " + shardId + " is being removed");
            }
            return source.next();
          });
    } finally {
      installing.unlock();
    }
  }

  /** Leaves the log for good and voids the state; see {@link ReplicaStore#leave}. */
  void leave() {
    close();
    // A copy that was being installed stops at its next piece.
    installing.lock();
    try {
      store.leave();
    } finally {
      installing.unlock();
    }
  }

  /** Does a round of upkeep, if this node holds the lease: what expires, what was abandoned. */
  public void maintain() throws InterruptedException {
    RaftGroup opened = group();
    load.lead(opened != null && opened.isLeaderReady());
    load.tick();
    LeaseTerm current = lease.term();
    if (current != null) {
      // First what others wait for: upkeep may ask shards that do not answer.
      publishSplit();
      settleMerge();
      upkeep.run(current);
      if (moves.isDue()) {
        tendMovesSoon();
      }
    }
  }

  /** Takes the next step of a move of replicas, without making the caller wait. */
  void tendMovesSoon() {
    context
        .background()
        .execute(() -> {
          try {
            tendMoves();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void tendMoves() throws InterruptedException {
    LeaseTerm current = lease.term();
    if (current != null && !closed) {
      try {
        moves.tend(current);
      } catch (KvException e) {
        LOG.info("replicas not moved yet shard={} reason=\"{}\"", shardId, e.getMessage());
      }
    }
  }

  /** Goes on with a merge that was left somewhere, without making the caller wait. */
  void settleMergeSoon() {
    context
        .background()
        .execute(() -> {
          try {
            settleMerge();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void settleMerge() throws InterruptedException {
    LeaseTerm current = lease.term();
    if (current != null && !merges.isSettled()) {
      try {
        merges.settle(current);
      } catch (KvException e) {
        LOG.info("merge not settled yet shard={} reason=\"{}\"", shardId, e.getMessage());
      }
    }
  }

  /** Ends the replica of a shard that another one takes in; checks that it is at its end. */
  void retire(long attempt) {
    MergeState merge = store.state().merge();
    if (!merge.isFrozen() || merge.attempt() != attempt) {
      throw new IllegalStateException(
          "shard %d was taken in by another one, but this node has not got all of it: %s"
              .formatted(shardId, merge));
    }
    store.retire();
  }

  /** Ends the replica, whatever it has: another one brings its rows. */
  void retire() {
    store.retire();
  }

  /** Records a split that the map of shards may not know, if this node holds the lease. */
  void publishSplit() throws InterruptedException {
    LeaseTerm current = lease.term();
    if (current != null && store.state().unpublished() != null) {
      try {
        splits.publish(current);
      } catch (KvException e) {
        LOG.info("split not recorded yet shard={} reason=\"{}\"", shardId, e.getMessage());
      }
    }
  }

  /** A key that would cut the shard into halves, null if nothing does. */
  public byte @Nullable [] middleKey() {
    return MiddleKey.of(context.engine(), span());
  }

  /** How busy the shard is, null if this replica does not lead it. */
  @Nullable ShardLoad load() {
    return load.load(shardId);
  }

  /** How many requests in a second are served here, of late. */
  public long requestsPerSecond() {
    return load.perSecond();
  }

  /** A key with about half of the requests on each side of it, null if none is known. */
  public byte @Nullable [] busyMiddleKey() {
    return load.middleKey(span());
  }

  /** Whether the shard is not being split, merged or moved just now. */
  public boolean isSettled() {
    ShardState state = state();
    return state.unpublished() == null
        && state.merge().stage() == MergeState.Stage.NONE
        && !shard().isChanging();
  }

  /** Who waits for row locks here, if this node leads the shard. */
  List<RowWait> waits() {
    LeaseTerm current = lease.term();
    return current == null ? List.of() : current.locks().waits();
  }

  /** About how many bytes the shard's rows take here. */
  public long sizeBytes() {
    return context.engine().approximateSizeBytes(Family.CURRENT, span());
  }

  /** See {@link ReplicaStore#clearAlone}. */
  void clearAlone() {
    store.clearAlone();
  }

  /** See {@link ReplicaStore#unsettledChanges}. */
  long unsettledChanges() {
    return store.unsettledChanges();
  }

  /** The threshold of history that this replica will still know after a crash. */
  long durableGcThreshold() {
    return store.durableState().gcThreshold();
  }

  /** The span of the shard. */
  KeySpan span() {
    return shard().span();
  }

  /**
   * Whether keys of a span are in this replica, or in the child of a split that it is applying:
   * that one is in nobody's hands for a moment.
   */
  boolean reaches(KeySpan keys) {
    // In this order: a split is there before its child's keys are gone.
    if (span().overlaps(keys)) {
      return true;
    }
    ApplyContext.Split split = store.split();
    return split != null && split.child().span().overlaps(keys);
  }
}
