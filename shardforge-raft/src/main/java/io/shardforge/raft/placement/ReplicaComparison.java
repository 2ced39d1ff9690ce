package io.shardforge.raft.placement;

import io.shardforge.raft.kv.EntrySum;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ReplicaSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the replicas of a span hold at one timestamp, while others write: the timestamp is
 * closed first, then each replica sums up what it has there. For any thread.
 */
public final class ReplicaComparison {
  /** How long a replica may take to answer for one part of what it has. */
  private static final Duration ANSWER_TIME = Duration.ofSeconds(10);

  private final ShardLocator map;
  private final KvSender sender;
  private final ReplicaSender replicas;
  private final Clock clock;

  public ReplicaComparison(ShardLocator map, KvSender sender, ReplicaSender replicas, Clock clock) {
    this.map = map;
    this.sender = sender;
    this.replicas = replicas;
    this.clock = clock;
  }

  /**
   * What one replica has in a span.
   *
   * @param unanswered why it is not known; null if it is
   */
  public record ReplicaSum(
      long shardId, int nodeId, long entries, long sum, @Nullable String unanswered) {}

  /**
   * What the replicas of a shard have in the first part of a span, as far as the first of them that
   * answers sums up at once.
   *
   * @param bytes that it read
   * @param resumeKey where the rest starts; null if there is none
   */
  public record Piece(
      KeySpan span, List<ReplicaSum> sums, long bytes, byte @Nullable [] resumeKey) {}

  /** A shard was split, merged or moved meanwhile. */
  private static final class MovedException extends Exception {
    private static final long serialVersionUID = 1;
  }

  /**
   * Sums up a span at a timestamp that the oracle has issued: for each of its shards in key order,
   * one sum for each replica.
   *
   * @throws KvException if a shard has no lease holder until the deadline
   */
  public List<ReplicaSum> sumUp(KeySpan span, long readTs, Deadline deadline)
      throws InterruptedException {
    List<ReplicaSum> all = new ArrayList<>();
    KeySpan rest = span;
    while (!rest.isEmpty()) {
      ShardDescriptor shard = map.locate(rest.start());
      KeySpan part = shard.span().intersect(rest).orElseThrow();
      try {
        all.addAll(ofShard(shard, part, readTs, deadline));
      } catch (MovedException e) {
        if (deadline.isExpired(clock)) {
          throw new KvException(new KvError.DeadlineExceeded("the shards to stay as they are"));
        }
        map.stale(shard);
        continue;
      }
      if (!part.hasEnd() || (rest.hasEnd() && Bytes.compare(part.end(), rest.end()) >= 0)) {
        break;
      }
      rest = new KeySpan(part.end(), rest.end());
    }
    return all;
  }

  /**
   * Sums up the first part of a span of one shard at a timestamp that the oracle has issued.
   *
   * @throws KvException if the shard has no lease holder until the deadline, or is another one now
   */
  public Piece piece(ShardDescriptor shard, KeySpan rest, long readTs, Deadline deadline)
      throws InterruptedException {
    try {
      var _ =
          done(sender.send(shard, KvBatch.of(shard, null, deadline, new KvRequest.Close(readTs))));
      for (int node : shard.settled()) {
        Deadline answer = deadline.earlier(Deadline.after(clock, ANSWER_TIME));
        KvBatch batch = KvBatch.of(shard, null, answer, new KvRequest.SumUp(rest, readTs));
        KvResponse response = replicas.sendTo(node, shard, batch);
        if (response instanceof KvResponse.Failed failed
            && failed.error() instanceof KvError.Unavailable) {
          continue;
        }
        KvResult.Sum some = (KvResult.Sum) done(response);
        byte[] resume = some.resumeKey();
        KeySpan part = resume == null ? rest : new KeySpan(rest.start(), resume);
        return new Piece(part, ofShard(shard, part, readTs, deadline), some.bytes(), resume);
      }
    } catch (MovedException e) {
      map.stale(shard);
      throw new KvException(new KvError.StaleShard(shard.shardId(), shard.epoch()));
    }
    throw new KvException(new KvError.Unavailable(shard.shardId(), "no replica sums up"));
  }

  private List<ReplicaSum> ofShard(
      ShardDescriptor shard, KeySpan part, long readTs, Deadline deadline)
      throws InterruptedException, MovedException {
    var _ =
        done(sender.send(shard, KvBatch.of(shard, null, deadline, new KvRequest.Close(readTs))));
    List<ReplicaSum> sums = new ArrayList<>();
    for (int node : shard.nodeIds()) {
      EntrySum sum = new EntrySum();
      String unanswered = null;
      KeySpan left = part;
      while (unanswered == null && left != null) {
        Deadline answer = deadline.earlier(Deadline.after(clock, ANSWER_TIME));
        KvBatch batch = KvBatch.of(shard, null, answer, new KvRequest.SumUp(left, readTs));
        KvResponse response = replicas.sendTo(node, shard, batch);
        if (response instanceof KvResponse.Failed failed
            && failed.error() instanceof KvError.Unavailable(_, String reason)) {
          unanswered = reason;
        } else {
          KvResult.Sum some = (KvResult.Sum) done(response);
          sum.add(some.entries(), some.sum());
          byte[] resume = some.resumeKey();
          left = resume == null ? null : new KeySpan(resume, left.end());
        }
      }
      sums.add(new ReplicaSum(shard.shardId(), node, sum.entries(), sum.sum(), unanswered));
    }
    return sums;
  }

  private static KvResult done(KvResponse response) throws MovedException {
    return switch (response) {
      case KvResponse.Done done -> done.results().getFirst();
      case KvResponse.Failed failed -> {
        if (failed.error() instanceof KvError.StaleShard) {
          throw new MovedException();
        }
        throw new KvException(failed.error());
      }
    };
  }
}
