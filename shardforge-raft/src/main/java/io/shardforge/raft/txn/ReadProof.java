package io.shardforge.raft.txn;

import io.shardforge.raft.kv.HeldLock;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ValidatedRead;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The proof that what a transaction has read and locked is as it was, up to its commit. */
final class ReadProof {
  private static final Duration RESEND_PAUSE = Duration.ofMillis(20);

  private final BufferedTxn txn;
  private final SentWrites sent;
  private final ShardCalls calls;
  private final Clock clock;

  ReadProof(BufferedTxn txn, SentWrites sent, TxnCoordinator coordinator) {
    this.txn = txn;
    this.sent = sent;
    this.calls = coordinator.calls();
    this.clock = coordinator.clock();
  }

  /** Proves all reads, and those of some locks whose rows were sent no write. */
  void validate(Collection<HeldLock> locks, long commitTs, Deadline deadline)
      throws InterruptedException {
    List<HeldLock> toProve = new ArrayList<>();
    Set<byte[]> written = new TreeSet<>(Bytes::compare);
    for (SentWrites.AtShard shard : sent.all()) {
      written.addAll(shard.keys);
    }
    for (HeldLock lock : locks) {
      if (!written.contains(lock.key())) {
        toProve.add(lock);
      }
    }
    if (txn.reads().isEmpty() && toProve.isEmpty()) {
      return;
    }
    for (int i = 0; ; i++) {
      Map<ShardDescriptor, List<ValidatedRead>> reads = new LinkedHashMap<>();
      for (ValidatedRead read : txn.reads().all()) {
        for (ShardDescriptor shard : calls.locator().locate(read.span())) {
          shard
              .span()
              .intersect(read.span())
              .ifPresent(part ->
                  reads
                      .computeIfAbsent(shard, _ -> new ArrayList<>())
                      .add(new ValidatedRead(part, read.readTs())));
        }
      }
      Map<ShardDescriptor, List<HeldLock>> locked = calls.group(toProve, HeldLock::key);
      Set<ShardDescriptor> shards = new LinkedHashSet<>(reads.keySet());
      shards.addAll(locked.keySet());
      try {
        var _ =
            calls.all(
                shards,
                shard ->
                    insist(
                        shard,
                        new KvRequest.Validate(
                            reads.getOrDefault(shard, List.of()),
                            locked.getOrDefault(shard, List.of()),
                            commitTs),
                        deadline));
        return;
      } catch (KvException e) {
        if (!calls.mayRegroup(e, i, deadline)) {
          throw e;
        }
      }
    }
  }

  /** Asks until it is known; for what may be done twice. */
  KvResult insist(ShardDescriptor shard, KvRequest request, Deadline deadline)
      throws InterruptedException {
    while (true) {
      try {
        return calls.call(shard, txn.header(), deadline, request);
      } catch (KvException e) {
        boolean again =
            e.error() instanceof KvError.Ambiguous || e.error() instanceof KvError.NotLeader;
        if (!again || deadline.isExpired(clock)) {
          throw e;
        }
        clock.sleep(RESEND_PAUSE);
      }
    }
  }
}
