package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.List;
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
        new ShardRouter(() -> 1, none, losing, clock, Randomness.seeded(1))
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
}
