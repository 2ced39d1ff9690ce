package io.shardforge.raft.route;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvCodec;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.raft.kv.ReplicaSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WorkedScans;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.clock.Randomness;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings batches to the lease holder of their shard, wherever it is now: follows hints, asks the
 * replicas in turn while nobody knows, and sends again what may have been lost.
 */
public final class ShardRouter implements KvSender, ReplicaSender {
  private static final Duration PAUSE_MIN = Duration.ofMillis(2);

  /** Short, because a group without a leader gets one at some moment that nobody announces. */
  private static final Duration PAUSE_MAX = Duration.ofMillis(40);

  /**
   * How long replicas that can be reached may say that they do not lead: an election takes less.
   */
  private static final Duration LEADERLESS_MAX = Duration.ofSeconds(20);

  /** Whoever keeps a request for longer serves it: silence is noticed sooner. */
  private static final Duration SERVED_MIN = Duration.ofSeconds(5);

  private final IntSupplier self;
  private final LocalReplicas local;
  private final NodeDialer dialer;
  private final Clock clock;
  private final Randomness randomness;
  private final Map<Long, Integer> leaders = new ConcurrentHashMap<>();
  private final LostQuorums lost;
  private final WorkedScans scans;

  /**
   * A router that knows no leader yet.
   *
   * @param self this node's id
   * @param work what this node does with rows that other nodes ask for
   */
  public ShardRouter(
      IntSupplier self,
      LocalReplicas local,
      NodeDialer dialer,
      Clock clock,
      Randomness randomness,
      PageWork work) {
    this.self = self;
    this.local = local;
    this.dialer = dialer;
    this.clock = clock;
    this.randomness = randomness;
    this.lost = new LostQuorums(clock);
    this.scans = new WorkedScans(work, clock);
  }

  /** Serves the batches that other nodes' routers send here. */
  public void register(RpcServices services, Executor blocking) {
    services.register(Services.KV, blocking, (_, payload) -> serve(payload));
  }

  private CompletableFuture<byte[]> serve(byte[] payload) {
    KvBatch batch = KvCodec.decodeBatch(payload, clock);
    try {
      KvResponse response =
          local.holds(batch.shardId())
              ? scans.serve(batch, local::serve)
              : new KvResponse.Failed(new KvError.NotLeader(batch.shardId(), 0));
      return CompletableFuture.completedFuture(KvCodec.encode(response));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public KvResponse send(ShardDescriptor shard, KvBatch batch) throws InterruptedException {
    // Hot path: the leader is known and is this node; nothing below allocates for it.
    KvBatch addressed =
        batch.shardId() == shard.shardId() && batch.epoch() == shard.epoch()
            ? batch
            : batch.addressedTo(shard);
    Integer known = leaders.get(shard.shardId());
    int me = self.getAsInt();
    if ((known == null || known == me) && local.holds(shard.shardId())) {
      KvResponse response = local.serve(addressed);
      if (!isWorthRetrying(response)) {
        return response;
      }
      return new Search(shard, addressed, me).go(response);
    }
    if (addressed.isReadByAnybody() && local.holds(shard.shardId())) {
      KvResponse response = local.serve(addressed);
      if (!isWorthRetrying(response)) {
        return response;
      }
    }
    return new Search(shard, addressed, me).go(null);
  }

  @Override
  public int answererOf(ShardDescriptor shard) {
    Integer known = leaders.get(shard.shardId());
    return known == null ? self.getAsInt() : known;
  }

  @Override
  public KvResponse sendTo(int nodeId, ShardDescriptor shard, KvBatch batch)
      throws InterruptedException {
    Search search = new Search(shard, batch.addressedTo(shard), self.getAsInt());
    while (true) {
      KvResponse response = search.ask(nodeId);
      if (response != null && !isWorthRetrying(response)) {
        return response;
      }
      if (batch.deadline().isExpired(clock)) {
        return search.gaveUp();
      }
      search.pause();
    }
  }

  @Override
  public KvResponse ask(int nodeId, KvBatch batch) throws InterruptedException {
    if (nodeId == self.getAsInt() && local.holds(batch.shardId())) {
      return local.serve(batch);
    }
    CompletableFuture<byte[]> reply =
        dialer.call(nodeId, Services.KV, KvCodec.encode(batch, clock), batch.deadline());
    try {
      return KvCodec.decodeResponse(reply.get());
    } catch (ExecutionException e) {
      return new KvResponse.Failed(
          new KvError.Unavailable(batch.shardId(), "node " + nodeId + " does not answer"));
    }
  }

  private static boolean isWorthRetrying(KvResponse response) {
    return response instanceof KvResponse.Failed failed
        && (failed.error().isRetryableElsewhere() || failed.error() instanceof KvError.Ambiguous);
  }

  /** The attempts to get one batch answered. */
  private final class Search {
    private final ShardDescriptor shard;
    private final KvBatch batch;
    private final int me;
    private final List<Integer> replicas;
    private byte @Nullable [] encoded;
    private boolean ambiguous;
    private String lastReason = "no replica answered";
    private int turn;
    private int hinted;
    private final Set<Integer> unreachable = new TreeSet<>();
    private final Set<Integer> tried = new HashSet<>();
    private MonotonicTimer leaderless;
    private long pauseNanos = PAUSE_MIN.toNanos();

    Search(ShardDescriptor shard, KvBatch batch, int me) {
      this.shard = shard;
      this.batch = batch;
      this.me = me;
      this.replicas = shard.nodeIds();
      this.leaderless = MonotonicTimer.start(clock);
    }

    KvResponse go(@Nullable KvResponse first) throws InterruptedException {
      int asked = me;
      KvResponse response = first;
      if (response == null) {
        asked = firstTarget();
        response = ask(asked);
        leaderless = MonotonicTimer.start(clock);
      }
      while (response == null || isWorthRetrying(response)) {
        boolean pause = learn(asked, response);
        if (tried.containsAll(replicas) && lost.isLost(shard, unreachable)) {
          return lostQuorum();
        }
        if (batch.deadline().isExpired(clock)
            || leaderless.elapsed().compareTo(LEADERLESS_MAX) > 0) {
          return gaveUp();
        }
        if (pause) {
          pause();
        }
        asked = nextTarget(asked);
        MonotonicTimer asking = MonotonicTimer.start(clock);
        response = ask(asked);
        if (asking.elapsed().compareTo(SERVED_MIN) > 0) {
          leaderless = MonotonicTimer.start(clock);
        }
      }
      lost.answered(shard.shardId());
      if (!batch.isReadByAnybody()) {
        leaders.put(shard.shardId(), asked);
      }
      // An attempt before may be under way still: that this one was refused does not end it.
      return response instanceof KvResponse.Failed ? refused(response) : response;
    }

    private int firstTarget() {
      Integer known = leaders.get(shard.shardId());
      return known == null ? nextTarget(0) : known;
    }

    private int nextTarget(int asked) {
      if (hinted != 0) {
        int target = hinted;
        hinted = 0;
        return target;
      }
      for (int i = 0; i < replicas.size(); i++) {
        int candidate = replicas.get(turn++ % replicas.size());
        if (candidate != asked) {
          return candidate;
        }
      }
      return replicas.getFirst();
    }

    /** Takes what an unsuccessful attempt taught; returns whether to pause before the next one. */
    private boolean learn(int asked, @Nullable KvResponse response) {
      leaders.remove(shard.shardId(), asked);
      if (response instanceof KvResponse.Failed failed) {
        return switch (failed.error()) {
          case KvError.NotLeader(_, int leader) -> {
            lastReason = "node " + asked + " does not lead it";
            if (leader != 0 && leader != asked) {
              // The hint may be as old as the leader is dead: follow it, but not in a hot loop.
              hinted = leader;
              yield turn++ > 0;
            }
            yield true;
          }
          case KvError.Unavailable(_, String reason) -> {
            lastReason = reason;
            yield true;
          }
          case KvError.Overloaded _ -> {
            leaderless = MonotonicTimer.start(clock);
            lastReason = "node " + asked + " is overloaded";
            hinted = asked;
            yield true;
          }
          case KvError.Ambiguous _ -> {
            leaderless = MonotonicTimer.start(clock);
            ambiguous = true;
            lastReason = "the outcome is not known";
            yield true;
          }
          case KvError.StaleShard _,
              KvError.QuorumLost _,
              KvError.DeadlineExceeded _,
              KvError.Canceled _,
              KvError.KeyExists _,
              KvError.WriteConflict _,
              KvError.ReadChanged _,
              KvError.LockLost _,
              KvError.LockNotAvailable _,
              KvError.Deadlock _,
              KvError.TxnAborted _,
              KvError.CommitTsTooLow _,
              KvError.SchemaChanged _,
              KvError.SnapshotTooOld _,
              KvError.TimestampInFuture _,
              KvError.OutcomeUnknown _,
              KvError.TooLarge _,
              KvError.DiskFull _,
              KvError.Refused _,
              KvError.Broken _ ->
              throw new IllegalStateException("not retryable: " + failed.error());
        };
      }
      return true;
    }

    /** One attempt; null if there was no answer. */
    private @Nullable KvResponse ask(int node) throws InterruptedException {
      tried.add(node);
      if (node == me && local.holds(shard.shardId())) {
        return local.serve(batch);
      }
      byte[] bytes = encoded;
      if (bytes == null || !batch.deadline().isNever()) {
        // The time left is part of the message.
        bytes = KvCodec.encode(batch, clock);
        encoded = bytes;
      }
      CompletableFuture<byte[]> reply = dialer.call(node, Services.KV, bytes, batch.deadline());
      try {
        KvResponse response = KvCodec.decodeResponse(reply.get());
        unreachable.remove(node);
        return response;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        if (!(cause instanceof RpcException failure)) {
          throw new IllegalStateException("a call failed in an unknown way", cause);
        }
        if (!failure.certainlyNotHandled()) {
          ambiguous = true;
        }
        if (failure.isOutOfReach()) {
          unreachable.add(node);
        } else {
          unreachable.remove(node);
        }
        lastReason = String.valueOf(failure.getMessage());
        return null;
      }
    }

    private void pause() throws InterruptedException {
      long left = batch.deadline().remainingNanos(clock);
      long jittered = (long) (pauseNanos * (0.5 + randomness.nextDouble() / 2));
      clock.sleep(Duration.ofNanos(Math.min(left, jittered)));
      pauseNanos = Math.min(PAUSE_MAX.toNanos(), 2 * pauseNanos);
    }

    private KvResponse lostQuorum() {
      List<Integer> silent = shard.settled().stream().filter(unreachable::contains).toList();
      return refused(
          new KvResponse.Failed(new KvError.QuorumLost(shard.shardId(), shard.settled(), silent)));
    }

    private KvResponse gaveUp() {
      return refused(new KvResponse.Failed(new KvError.Unavailable(shard.shardId(), lastReason)));
    }

    private KvResponse refused(KvResponse response) {
      return ambiguous && !batch.isRepeatable()
          ? new KvResponse.Failed(new KvError.Ambiguous(shard.shardId()))
          : response;
    }
  }
}
