package io.shardforge.raft.sim;

import static org.assertj.core.api.Assertions.fail;

import io.shardforge.raft.group.ReplicatedState;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.shard.Replica;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ReadResult;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The protocol's rules, each switched off at a seam: the checks of the simulation notice every one
 * within some seeds. That shows that both the rule and the checks are needed.
 */
final class RulesOffTest {
  private static final long SEEDS_MAX = 2_000;

  /** Code of the command that writes versions, and of the one that raises the oracle's bound. */
  private static final int LEASE_CODE = 1;

  private static final int BOUND_CODE = 11;
  private static final int CLOSE_CODE = 24;

  /** The first byte of a key of LOCK that holds the outcome of a commit. */
  private static final int OUTCOME = 0x03;

  private static void isNoticed(Sabotage sabotage) {
    int stuck = 0;
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      try {
        new Simulation(seed, false, sabotage).run();
      } catch (SimScheduler.Stuck e) {
        // Nothing wrong was seen: what is switched off only keeps it from going on.
        stuck++;
      } catch (AssertionError noticed) {
        return;
      }
    }
    fail("nothing was noticed in %d seeds, %d of which got stuck", SEEDS_MAX, stuck);
  }

  /** Asks replicas something else. */
  private record Requests(UnaryOperator<KvRequest> change) implements Sabotage {
    @Override
    public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
      return node.serve(
          new KvBatch(
              batch.shardId(),
              batch.epoch(),
              batch.txn(),
              batch.deadline(),
              batch.requests().stream().map(change).toList()));
    }
  }

  /** Drops some of what engines write. */
  private record Writes(Predicate<Change> dropped) implements Sabotage {
    private record Change(WriteBatch.Kind kind, Family family, byte[] key) {}

    @Override
    public WriteBatch write(WriteBatch batch) {
      WriteBatch kept = new WriteBatch();
      for (int i = 0; i < batch.count(); i++) {
        Change change = new Change(batch.kind(i), batch.family(i), batch.key(i));
        if (dropped.test(change)) {
          continue;
        }
        switch (change.kind) {
          case PUT -> kept.put(change.family, change.key, batch.value(i));
          case DELETE -> kept.delete(change.family, change.key);
          case DELETE_RANGE ->
              kept.deleteRange(
                  change.family, new io.shardforge.storage.key.KeySpan(change.key, batch.value(i)));
        }
      }
      return kept;
    }
  }

  /** Answers reads of single keys from the store, in the name of the replica. */
  private abstract static class Reads implements Sabotage {
    /** Whether to do so; called before. */
    abstract boolean answers(SimNode node, Replica replica, KvBatch batch, KvRequest.Get get)
        throws InterruptedException;

    @Override
    public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
      Replica replica = node.replica(batch.shardId());
      if (replica != null
          && batch.requests().size() == 1
          && batch.requests().getFirst() instanceof KvRequest.Get get
          && answers(node, replica, batch, get)) {
        KvResult.@Nullable Values values = read(node.store(), get);
        if (values != null) {
          return KvResponse.of(values);
        }
      }
      return node.serve(batch);
    }

    private static KvResult.@Nullable Values read(MemoryEngine store, KvRequest.Get get) {
      List<KvResult.Value> values = new ArrayList<>();
      for (byte[] key : get.keys()) {
        if (MvccStore.provisional(store, key) != null) {
          return null;
        }
        values.add(
            MvccStore.readCommitted(store, key, get.readTs()) instanceof ReadResult.Found found
                ? new KvResult.Value(found.version().value(), found.version().commitTs())
                : KvResult.Value.NONE);
      }
      return new KvResult.Values(values);
    }
  }

  private static KvRequest.CommitWrites with(
      KvRequest.CommitWrites commit, List<Mutation> writes, long snapshotTs) {
    return new KvRequest.CommitWrites(
        writes,
        commit.reads(),
        commit.locks(),
        snapshotTs,
        commit.minCommitTs(),
        commit.firstSentTs(),
        commit.elsewhere(),
        commit.lockTimeoutNanos());
  }

  private static KvRequest.Stage with(
      KvRequest.Stage stage, List<Mutation> writes, long snapshotTs, long ceilingTs) {
    return new KvRequest.Stage(
        stage.primaryKey(),
        writes,
        snapshotTs,
        stage.minCommitTs(),
        ceilingTs,
        stage.batchNumber(),
        stage.firstSentTs(),
        stage.names(),
        stage.lockTimeoutNanos());
  }

  private static List<Mutation> blind(List<Mutation> writes) {
    return writes.stream()
        .map(write ->
            new Mutation(
                write.kind(),
                write.table(),
                write.key(),
                write.value(),
                Mutation.BLIND,
                write.statement()))
        .toList();
  }

  // ---- 1 and 2: timestamps ----

  @Test
  void rule1TheOraclesBoundIsReplicated() {
    isNoticed(
        new Sabotage() {
          @Override
          public byte[] entry(byte[] entry, ReplicatedState state) {
            return eachCommand(entry, (code, lease, body) -> code == BOUND_CODE ? null : body);
          }
        });
  }

  @Test
  void rule2CommitsLieAboveReads() {
    isNoticed(
        new Reads() {
          @Override
          boolean answers(SimNode node, Replica replica, KvBatch batch, KvRequest.Get get)
              throws InterruptedException {
            // At a lower timestamp: the lease and the writes under way are looked at as ever.
            KvRequest low = new KvRequest.Get(get.keys(), replica.state().gcThreshold());
            return node.serve(
                    new KvBatch(
                        batch.shardId(),
                        batch.epoch(),
                        batch.txn(),
                        batch.deadline(),
                        List.of(low)))
                instanceof KvResponse.Done;
          }
        });
  }

  @Test
  void followersReadOnlyWhatIsClosed() {
    isNoticed(
        new Reads() {
          @Override
          boolean answers(SimNode node, Replica replica, KvBatch batch, KvRequest.Get get) {
            return batch.isReadByAnybody() && !replica.holdsLease();
          }
        });
  }

  @Test
  void aTimestampIsClosedOnceNothingCommitsBelow() {
    isNoticed(
        new Sabotage() {
          @Override
          public byte[] entry(byte[] entry, ReplicatedState state) {
            return eachCommand(
                entry,
                (code, lease, body) -> code == CLOSE_CODE ? closed(body, Long.MAX_VALUE) : body);
          }
        });
  }

  /** The command that closes timestamps, with another timestamp. */
  private static byte[] closed(byte[] command, long timestamp) {
    byte[] changed = command.clone();
    Bytes.putLong(changed, changed.length - Long.BYTES, timestamp);
    return changed;
  }

  // ---- Merges ----

  @Test
  void aMergeWaitsUntilEveryReplicaHasTheEnd() {
    isNoticed(
        new Sabotage() {
          @Override
          public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
            return batch.requests().getFirst() instanceof KvRequest.MergeSide side
                    && side.kind() == KvRequest.MergeSide.Kind.REPORT
                ? KvResponse.of(KvResult.Done.INSTANCE)
                : node.serve(batch);
          }

          @Override
          public Set<String> faults() {
            return Set.of("cut", "merge", "lag", "crash");
          }
        });
  }

  // ---- 3: locks ----

  @Test
  void rule3CommitsProveTheirLocks() {
    isNoticed(
        new Requests(request ->
            switch (request) {
              case KvRequest.CommitWrites r ->
                  new KvRequest.CommitWrites(
                      r.writes(),
                      r.reads(),
                      List.of(),
                      r.snapshotTs(),
                      r.minCommitTs(),
                      r.firstSentTs(),
                      r.elsewhere(),
                      r.lockTimeoutNanos());
              case KvRequest.Validate r ->
                  new KvRequest.Validate(r.reads(), List.of(), r.commitTs());
              case KvRequest.Release _ -> new KvRequest.Release(List.of());
              default -> request;
            }));
  }

  @Test
  void rule3WritesNameTheVersionThatTheyReplace() {
    isNoticed(
        new Requests(request ->
            switch (request) {
              case KvRequest.CommitWrites r -> with(r, blind(r.writes()), r.snapshotTs());
              case KvRequest.Prepare r ->
                  new KvRequest.Prepare(
                      r.primaryKey(),
                      blind(r.writes()),
                      r.snapshotTs(),
                      r.minCommitTs(),
                      r.batchNumber(),
                      r.seal(),
                      r.lockTimeoutNanos());
              case KvRequest.Stage r -> with(r, blind(r.writes()), r.snapshotTs(), r.ceilingTs());
              default -> request;
            }));
  }

  @Test
  void snapshotsOverwriteNothingNewer() {
    isNoticed(
        new Requests(request ->
            switch (request) {
              case KvRequest.CommitWrites r -> with(r, blind(r.writes()), Long.MAX_VALUE);
              case KvRequest.Prepare r ->
                  new KvRequest.Prepare(
                      r.primaryKey(),
                      blind(r.writes()),
                      Long.MAX_VALUE,
                      r.minCommitTs(),
                      r.batchNumber(),
                      r.seal(),
                      r.lockTimeoutNanos());
              case KvRequest.Stage r -> with(r, blind(r.writes()), Long.MAX_VALUE, r.ceilingTs());
              default -> request;
            }));
  }

  // ---- 4: validation and pushes ----

  @Test
  void rule4ReadsAreValidated() {
    isNoticed(
        new Requests(request ->
            switch (request) {
              case KvRequest.CommitWrites r ->
                  new KvRequest.CommitWrites(
                      r.writes(),
                      List.of(),
                      r.locks(),
                      r.snapshotTs(),
                      r.minCommitTs(),
                      r.firstSentTs(),
                      r.elsewhere(),
                      r.lockTimeoutNanos());
              case KvRequest.Validate r ->
                  new KvRequest.Validate(List.of(), r.locks(), r.commitTs());
              default -> request;
            }));
  }

  @Test
  void rule4PushedTransactionsCommitAboveThePush() {
    isNoticed(
        new Requests(request ->
            request instanceof KvRequest.Push(var id, var primary, _, var abortExpired)
                ? new KvRequest.Push(id, primary, 0, abortExpired)
                : request));
  }

  // ---- 5 and 6: latches and leases ----

  @Test
  void rule5ReadsWaitForWritesUnderWay() {
    isNoticed(
        new Reads() {
          @Override
          boolean answers(SimNode node, Replica replica, KvBatch batch, KvRequest.Get get)
              throws InterruptedException {
            // Another key at the timestamp: it is raised and the lease is looked at as ever.
            byte[] other = replica.shard().span().start();
            KvRequest same = new KvRequest.Get(List.of(other), get.readTs());
            return node.serve(
                    new KvBatch(
                        batch.shardId(),
                        batch.epoch(),
                        batch.txn(),
                        batch.deadline(),
                        List.of(same)))
                instanceof KvResponse.Done;
          }
        });
  }

  @Test
  void rule6WhoHasNoLeaseDoesNotServe() {
    isNoticed(
        new Reads() {
          @Override
          boolean answers(SimNode node, Replica replica, KvBatch batch, KvRequest.Get get) {
            var group = replica.group();
            return group != null && group.isLeaderReady();
          }
        });
  }

  @Test
  void rule6ANewHolderWaitsForTheOldLease() {
    isNoticed(
        new Sabotage() {
          @Override
          public Set<String> faults() {
            return Set.of("stall");
          }

          @Override
          public long receivedNanos(long monotonicNanos) {
            return monotonicNanos - 100_000_000_000L;
          }
        });
  }

  @Test
  void rule6CommandsOfAnOldLeaseAreVoid() {
    isNoticed(
        new Sabotage() {
          @Override
          public byte[] entry(byte[] entry, ReplicatedState state) {
            long lease = ((Replica) state).state().leaseNumber();
            return eachCommand(
                entry, (code, number, body) -> code == LEASE_CODE ? body : number(body, lease));
          }
        });
  }

  @Test
  void leasesNeedClocksOfAboutTheSameSpeed() {
    isNoticed(
        new Sabotage() {
          @Override
          public double clockRate(int node, double rate) {
            return node == 1 ? 0.2 : rate;
          }
        });
  }

  // ---- 10 and 11: records and outcomes ----

  /** Whoever asks what became of a transaction is told another state than it has. */
  private record WrongOutcome(KvResult.TxnOutcome.State state, KvResult.TxnOutcome.State told)
      implements Sabotage {
    @Override
    public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
      KvResponse response = node.serve(batch);
      boolean isWrong =
          batch.requests().getFirst() instanceof KvRequest.Push
              && response instanceof KvResponse.Done done
              && done.results().getFirst() instanceof KvResult.TxnOutcome outcome
              && outcome.state() == state;
      return isWrong ? KvResponse.of(new KvResult.TxnOutcome(told, 0)) : response;
    }
  }

  @Test
  void rule10NoRecordIsNoAnswer() {
    isNoticed(
        new WrongOutcome(KvResult.TxnOutcome.State.PENDING, KvResult.TxnOutcome.State.ABORTED));
  }

  @Test
  void rule10RecordsStayUntilAllIsResolved() {
    isNoticed(
        new Sabotage() {
          @Override
          public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
            return batch.requests().getFirst() instanceof KvRequest.Resolve
                ? KvResponse.of(new KvResult.Resolved())
                : node.serve(batch);
          }
        });
  }

  @Test
  void rule11OutcomesAreKept() {
    isNoticed(
        new Writes(change ->
            change.kind() == WriteBatch.Kind.PUT
                && change.family() == Family.LOCK
                && change.key()[0] == OUTCOME));
  }

  // ---- 15: commits in one round ----

  /** Answers what is asked of replicas that hold their lease. */
  private abstract static class Answers implements Sabotage {
    /** Another answer than the replica's; null for that. */
    abstract @Nullable KvResult answer(SimNode node, KvBatch batch, KvRequest request)
        throws InterruptedException;

    @Override
    public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
      Replica replica = node.replica(batch.shardId());
      if (replica != null
          && replica.holdsLease()
          && replica.state().epoch() == batch.epoch()
          && batch.requests().size() == 1) {
        KvResult answer = answer(node, batch, batch.requests().getFirst());
        if (answer != null) {
          return KvResponse.of(answer);
        }
      }
      return node.serve(batch);
    }
  }

  @Test
  void rule15StagedTransactionsAreNotPushed() {
    isNoticed(
        new WrongOutcome(KvResult.TxnOutcome.State.STAGED, KvResult.TxnOutcome.State.PENDING));
  }

  @Test
  void rule15RecoveryLooksForEveryWrite() {
    isNoticed(
        new Answers() {
          @Override
          @Nullable KvResult answer(SimNode node, KvBatch batch, KvRequest request) {
            return request instanceof KvRequest.Fence ? new KvResult.Prepared(0) : null;
          }
        });
  }

  /** Longer than others wait for a silent coordinator. */
  private static final Duration LATE = Duration.ofSeconds(7);

  /** What a slow network does: coordinators are not heard of, and parts of commits come late. */
  private static @Nullable KvResponse comesLate(SimNode node, KvBatch batch)
      throws InterruptedException {
    TxnHeader txn = batch.txn();
    KvRequest request = batch.requests().getFirst();
    if (request instanceof KvRequest.Heartbeat) {
      return new KvResponse.Failed(new KvError.Unavailable(batch.shardId(), "lost"));
    }
    if (txn != null
        && request instanceof KvRequest.Stage stage
        && stage.names().isEmpty()
        && txn.id().hashCode() % 4 == 0) {
      node.clock().sleep(LATE);
    }
    return null;
  }

  @Test
  void rule15NothingIsNoticedOfPartsThatComeLate() {
    for (long seed = 1; seed <= 10; seed++) {
      new Simulation(
              seed,
              false,
              new Sabotage() {
                @Override
                public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
                  KvResponse lost = comesLate(node, batch);
                  return lost == null ? node.serve(batch) : lost;
                }
              })
          .run();
    }
  }

  @Test
  void rule15RecoveryFencesWhatIsMissing() {
    isNoticed(
        new Answers() {
          @Override
          public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
            KvResponse lost = comesLate(node, batch);
            return lost == null ? super.serve(node, batch) : lost;
          }

          @Override
          @Nullable KvResult answer(SimNode node, KvBatch batch, KvRequest request) {
            if (!(request instanceof KvRequest.Fence fence)) {
              return null;
            }
            for (byte[] key : fence.keys()) {
              var write = MvccStore.provisional(node.store(), key);
              if (write == null || !write.txn().equals(fence.id())) {
                return new KvResult.TxnOutcome(KvResult.TxnOutcome.State.ABORTED, 0);
              }
            }
            // All are there.
            return null;
          }
        });
  }

  @Test
  void rule15NoShardGoesAboveWhatWasProved() {
    isNoticed(
        new Requests(request ->
            request instanceof KvRequest.Stage r
                ? with(r, r.writes(), r.snapshotTs(), Long.MAX_VALUE)
                : request));
  }

  @Test
  void rule15ReadsAreProvedBeforeTheyAreCommitted() {
    Map<TxnId, List<Proof>> postponed = new HashMap<>();
    isNoticed(
        new Sabotage() {
          @Override
          public KvResponse serve(SimNode node, KvBatch batch) throws InterruptedException {
            TxnHeader txn = batch.txn();
            KvRequest request = batch.requests().getFirst();
            KvResponse lost = comesLate(node, batch);
            if (txn == null || lost != null) {
              return lost == null ? node.serve(batch) : lost;
            }
            if (request instanceof KvRequest.Validate) {
              Replica replica = node.replica(batch.shardId());
              if (replica == null || !replica.holdsLease()) {
                return node.serve(batch);
              }
              postponed
                  .computeIfAbsent(txn.id(), _ -> new ArrayList<>())
                  .add(new Proof(node, batch));
              return KvResponse.of(KvResult.Done.INSTANCE);
            }
            KvResponse response = node.serve(batch);
            if (request instanceof KvRequest.Stage stage
                && !stage.names().isEmpty()
                && response instanceof KvResponse.Done) {
              node.clock().sleep(LATE);
              for (Proof proof : postponed.getOrDefault(txn.id(), List.of())) {
                if (proof.node.serve(proof.batch) instanceof KvResponse.Failed failed) {
                  return failed;
                }
              }
            }
            return response;
          }
        });
  }

  /** A question for a proof of reads, and who was asked. */
  private record Proof(SimNode node, KvBatch batch) {}

  // ---- 12: history, and what a crash leaves ----

  @Test
  void rule12OverwrittenVersionsAreKept() {
    isNoticed(
        new Writes(
            change -> change.kind() == WriteBatch.Kind.PUT && change.family() == Family.HISTORY));
  }

  // ---- Commands in entries ----

  /** What becomes of a command: null for none of it. */
  private interface CommandChange {
    byte @Nullable [] apply(int code, long leaseNumber, byte[] command);
  }

  /** Changes commands of an entry; what is dropped becomes one of a lease that never was. */
  private static byte[] eachCommand(byte[] entry, CommandChange change) {
    WireReader in = new WireReader(entry);
    int count = in.readCount();
    WireWriter out = new WireWriter(entry.length + 16).putVarint(count);
    for (int i = 0; i < count; i++) {
      byte[] command = in.readBytes();
      WireReader header = new WireReader(command);
      int code = header.readByte();
      long epoch = header.readVarint();
      long lease = header.readVarint();
      byte[] changed = change.apply(code, lease, command);
      out.putBytes(changed == null ? lowered(command, code, epoch, lease) : changed);
    }
    return out.toByteArray();
  }

  /** The command that raises the oracle's bound, to what it was at the beginning. */
  private static byte[] lowered(byte[] command, int code, long epoch, long lease) {
    return new WireWriter(command.length)
        .putByte(code)
        .putVarint(epoch)
        .putVarint(lease)
        .putLong(1)
        .toByteArray();
  }

  private static byte[] number(byte[] command, long lease) {
    WireReader in = new WireReader(command);
    int code = in.readByte();
    long epoch = in.readVarint();
    long before = in.readVarint();
    if (before == 0) {
      return command;
    }
    byte[] rest = in.readRaw(in.remaining());
    return new WireWriter(command.length + 8)
        .putByte(code)
        .putVarint(epoch)
        .putVarint(lease)
        .putRaw(rest, 0, rest.length)
        .toByteArray();
  }
}
