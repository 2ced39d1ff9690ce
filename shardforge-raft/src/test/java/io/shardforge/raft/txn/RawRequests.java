package io.shardforge.raft.txn;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.local.LocalNode;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A coordinator under the test's control: every message on its own, late, twice or never. */
final class RawRequests {
  private final LocalCluster cluster;
  private final LocalNode node;
  private final Clock clock;
  private final TxnId id;
  private final Isolation isolation;

  RawRequests(LocalCluster cluster, Clock clock, Isolation isolation) {
    this.cluster = cluster;
    this.node = cluster.node(1);
    this.clock = clock;
    this.isolation = isolation;
    this.id = new TxnId(timestamp(), 4711);
  }

  TxnId id() {
    return id;
  }

  /** A fresh timestamp. */
  long timestamp() {
    try {
      return node.timestamps().fetch(deadline()).timestamp();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Deadline deadline() {
    return Deadline.after(clock, Duration.ofSeconds(10));
  }

  static Mutation put(byte[] key, String value, int statement) {
    return new Mutation(
        Mutation.Kind.PUT,
        TableVersion.NONE,
        key,
        ClusterTest.bytes(value),
        Mutation.BLIND,
        statement);
  }

  KvResponse send(byte[] key, KvRequest request) {
    ShardDescriptor shard = cluster.locate(key);
    TxnHeader header = new TxnHeader(id, isolation, 1, node.timestamps().newest());
    try {
      return node.send(shard, KvBatch.of(shard, header, deadline(), request));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  KvResult result(byte[] key, KvRequest request) {
    return switch (send(key, request)) {
      case KvResponse.Done done -> done.results().getFirst();
      case KvResponse.Failed failed -> throw new AssertionError(failed.error().toString());
    };
  }

  KvError error(byte[] key, KvRequest request) {
    return switch (send(key, request)) {
      case KvResponse.Done done -> throw new AssertionError("no failure but " + done);
      case KvResponse.Failed failed -> failed.error();
    };
  }

  KvRequest.Prepare prepare(
      byte[] primary, List<Mutation> writes, int batch, KvRequest.@Nullable Seal seal) {
    return new KvRequest.Prepare(primary, writes, Long.MAX_VALUE, id.high() + 1, batch, seal, 0);
  }

  KvRequest.Prepare prepare(byte[] primary, Mutation write) {
    return prepare(
        primary,
        List.of(write),
        1,
        new KvRequest.Seal(List.of(), List.of(), KeySpan.ofKey(write.key())));
  }

  long prepared(byte[] primary, Mutation write) {
    return ((KvResult.Prepared) result(write.key(), prepare(primary, write))).minCommitTs();
  }

  KvRequest.CommitRecord commitRecord(byte[] primary, long commitTs, boolean mayRaise) {
    return new KvRequest.CommitRecord(primary, commitTs, mayRaise, List.of(KeySpan.ofKey(primary)));
  }

  KvRequest.CommitWrites commit(List<Mutation> writes, long firstSentTs) {
    return new KvRequest.CommitWrites(
        writes, List.of(), List.of(), Long.MAX_VALUE, id.high() + 1, firstSentTs, List.of(), 0);
  }

  /** A commit at the primary key, with something prepared elsewhere to commit no earlier. */
  KvRequest.CommitWrites commit(Mutation write, KeySpan elsewhere, long minCommitTs) {
    return new KvRequest.CommitWrites(
        List.of(write),
        List.of(),
        List.of(),
        Long.MAX_VALUE,
        minCommitTs,
        timestamp(),
        List.of(elsewhere),
        0);
  }
}
