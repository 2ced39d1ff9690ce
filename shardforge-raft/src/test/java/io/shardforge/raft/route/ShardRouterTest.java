package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvCodec;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.VersionWalk;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Searches for a leader that end without an answer. */
final class ShardRouterTest {
  private static final ShardDescriptor SHARD =
      new ShardDescriptor(7, KeySpace.dataSpan(), 1, List.of(2, 3));

  private final Clock clock = new SystemClock();

  /** What comes of a request whose every answer is lost. */
  private KvError outcomeOf(KvRequest request) throws InterruptedException {
    LocalReplicas none =
        new LocalReplicas() {
          @Override
          public boolean holds(long shardId) {
            return false;
          }

          @Override
          public KvResponse serve(KvBatch batch) {
            throw new IllegalStateException("holds nothing");
          }
        };
    NodeDialer losing =
        (_, _, _, _) ->
            CompletableFuture.failedFuture(
                new RpcException(RpcException.Reason.CONNECTION_LOST, "the connection broke"));
    Deadline deadline = Deadline.after(clock, Duration.ofMillis(20));
    KvResponse response =
        new ShardRouter(() -> 1, none, losing, clock, Randomness.seeded(1), PageWork.NONE)
            .send(SHARD, KvBatch.of(SHARD, null, deadline, request));
    return ((KvResponse.Failed) response).error();
  }

  @Test
  void aCommitWhoseAnswerIsLostMayHaveHappened() throws InterruptedException {
    byte[] primary = SHARD.span().start();
    KvRequest commit = new KvRequest.CommitRecord(primary, 5, true, List.of());
    assertThat(outcomeOf(commit)).isEqualTo(new KvError.Ambiguous(7));
  }

  /** Otherwise a client is told of an unknown outcome where it only read, or may ask again. */
  @Test
  void whatMayBeSentAgainHasNoUnknownOutcome() throws InterruptedException {
    KvRequest resolution = new KvRequest.Resolve(new TxnId(1, 1), 5, SHARD.span(), List.of());
    assertThat(outcomeOf(resolution)).isInstanceOf(KvError.Unavailable.class);
    List<byte[]> keys = List.of(SHARD.span().start());
    assertThat(outcomeOf(new KvRequest.Get(keys, 5))).isInstanceOf(KvError.Unavailable.class);
    assertThat(outcomeOf(new KvRequest.Lock(keys, LockStrength.UPDATE, LockWait.BLOCK, 0, 5)))
        .isInstanceOf(KvError.Unavailable.class);
  }

  /** A clock whose time passes when somebody sleeps. */
  private static final class LeapingClock implements Clock {
    private long nanos;

    @Override
    public long wallMillis() {
      return nanos / 1_000_000;
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }

    @Override
    public void sleep(Duration duration) {
      nanos += duration.toNanos();
    }

    @Override
    public void parkNanos(Object blocker, long left) {
      nanos += left;
    }
  }

  /** Three replicas elsewhere, some of them out of reach; one leads or none does. */
  private static final class Replicas {
    private final LeapingClock clock = new LeapingClock();
    private final Set<Integer> down = new HashSet<>();
    private int leader;
    private final ShardRouter router =
        new ShardRouter(() -> 9, nowhere(), this::call, clock, Randomness.seeded(1), PageWork.NONE);

    private CompletableFuture<byte[]> call(
        int node, int service, byte[] payload, Deadline deadline) {
      if (down.contains(node)) {
        return CompletableFuture.failedFuture(
            new RpcException(RpcException.Reason.UNREACHABLE, "node " + node + " is down"));
      }
      KvResponse answer =
          node == leader
              ? KvResponse.of(KvResult.Done.INSTANCE)
              : new KvResponse.Failed(new KvError.NotLeader(THREE.shardId(), 0));
      return CompletableFuture.completedFuture(KvCodec.encode(answer));
    }

    private KvResponse ask(Deadline deadline) throws InterruptedException {
      return router.send(THREE, KvBatch.of(THREE, null, deadline, new KvRequest.Describe()));
    }

    private KvError refusal(Deadline deadline) throws InterruptedException {
      return ((KvResponse.Failed) ask(deadline)).error();
    }
  }

  private static final ShardDescriptor THREE =
      new ShardDescriptor(8, KeySpace.dataSpan(), 1, List.of(2, 3, 4));

  private static LocalReplicas nowhere() {
    return new LocalReplicas() {
      @Override
      public boolean holds(long shardId) {
        return false;
      }

      @Override
      public KvResponse serve(KvBatch batch) {
        throw new IllegalStateException("holds nothing");
      }
    };
  }

  private static final KvError LOST = new KvError.QuorumLost(8, List.of(2, 3, 4), List.of(3, 4));

  @Test
  void aShardWithoutMajoritySaysSoAndNamesTheNodes() throws InterruptedException {
    Replicas replicas = new Replicas();
    replicas.down.addAll(List.of(3, 4));
    assertThat(replicas.refusal(Deadline.never())).isEqualTo(LOST);
    Duration waited = Duration.ofNanos(replicas.clock.nanos);
    assertThat(waited)
        .isBetween(LostQuorums.PATIENCE, LostQuorums.PATIENCE.plus(Duration.ofSeconds(1)));
    // Those who come later need not wait as long.
    assertThat(replicas.refusal(Deadline.never())).isEqualTo(LOST);
    assertThat(Duration.ofNanos(replicas.clock.nanos).minus(waited))
        .isLessThan(Duration.ofSeconds(1));
    replicas.down.clear();
    replicas.leader = 3;
    assertThat(replicas.ask(Deadline.never())).isInstanceOf(KvResponse.Done.class);
  }

  @Test
  void whoeverIsInMoreHasteIsToldSoOnceItIsKnown() throws InterruptedException {
    Replicas replicas = new Replicas();
    replicas.down.addAll(List.of(3, 4));
    Duration haste = Duration.ofSeconds(4);
    for (int i = 0; i < 2; i++) {
      assertThat(replicas.refusal(Deadline.after(replicas.clock, haste)))
          .isInstanceOf(KvError.Unavailable.class);
    }
    assertThat(replicas.refusal(Deadline.after(replicas.clock, haste))).isEqualTo(LOST);
  }

  @Test
  void aLossOfLongAgoIsNotHeldAgainstNodesThatStartAgain() throws InterruptedException {
    Replicas replicas = new Replicas();
    replicas.down.addAll(List.of(3, 4));
    assertThat(replicas.refusal(Deadline.never())).isEqualTo(LOST);
    replicas.clock.sleep(Duration.ofHours(1));
    long start = replicas.clock.nanos;
    assertThat(replicas.refusal(Deadline.never())).isEqualTo(LOST);
    assertThat(Duration.ofNanos(replicas.clock.nanos - start))
        .isGreaterThanOrEqualTo(LostQuorums.PATIENCE);
  }

  @Test
  void aMinorityThatIsDownIsNoLoss() throws InterruptedException {
    Replicas replicas = new Replicas();
    replicas.down.add(4);
    replicas.leader = 3;
    assertThat(replicas.ask(Deadline.never())).isInstanceOf(KvResponse.Done.class);
    replicas.leader = 0;
    assertThat(replicas.refusal(Deadline.after(replicas.clock, Duration.ofSeconds(12))))
        .isInstanceOf(KvError.Unavailable.class);
  }

  @Test
  void replicasOfWhichNoneLeadsAreNotAskedForever() throws InterruptedException {
    Replicas replicas = new Replicas();
    assertThat(replicas.refusal(Deadline.never())).isInstanceOf(KvError.Unavailable.class);
    assertThat(Duration.ofNanos(replicas.clock.nanos))
        .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
  }

  @Test
  void aLossTravelsBetweenNodes() {
    KvResponse sent = new KvResponse.Failed(LOST);
    assertThat(KvCodec.decodeResponse(KvCodec.encode(sent))).isEqualTo(sent);
  }

  @Test
  void aWalkOverVersionsTravelsBetweenNodes() {
    VersionWalk walk =
        new VersionWalk(new KeySpan(new byte[] {1}, new byte[] {7}), 11, 1L << 60, 13, true);
    KvBatch sent = KvBatch.of(THREE, null, Deadline.never(), new KvRequest.Versions(walk));
    Clock clock = new SystemClock();
    KvBatch heard = KvCodec.decodeBatch(KvCodec.encode(sent, clock), clock);
    assertThat(heard.requests()).containsExactly(new KvRequest.Versions(walk));
    assertThat(heard.isReadByAnybody()).isTrue();
  }
}
