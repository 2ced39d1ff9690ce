package io.shardforge.raft.sim;

import io.shardforge.raft.command.MergeState;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.shard.Replica;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.mvcc.FamilySpan;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ReadResult;
import io.shardforge.storage.mvcc.ReplicaSpans;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One run: a cluster, clients and faults, all drawn from one seed, and the checks at its end. */
final class Simulation {
  private static final Duration RUN_MAX = Duration.ofMinutes(10);
  private static final Duration CALM_MAX = Duration.ofMinutes(5);

  private final long seed;
  private final SimTrace trace;
  private final SimScheduler scheduler;
  private final SimCluster cluster;
  private final SimClients clients;
  private final SimFaults faults;
  private boolean calm;

  Simulation(long seed, boolean keepsTrace, Sabotage sabotage) {
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    this.trace = new SimTrace(keepsTrace);
    this.scheduler = new SimScheduler(random.split(), trace);
    SplittableRandom shape = random.split();
    int nodes = shape.nextInt(4) == 0 ? 5 : 3;
    this.clients = new SimClients(scheduler, trace, random.split(), 1 + shape.nextInt(4));
    // Now and then there are nodes to which replicas may only come.
    boolean hasSpare = sabotage.faults().contains("move") || shape.nextInt(4) == 0;
    int replicas = 3;
    if (!hasSpare) {
      replicas = nodes;
    } else if (nodes == 3) {
      nodes = 4;
    }
    int perNode = 1 + shape.nextInt(3);
    int transactions = 10 + shape.nextInt(30);
    for (int node = 1; node <= nodes; node++) {
      for (int i = 0; i < perNode; i++) {
        clients.add(node, transactions);
      }
    }
    this.cluster =
        new SimCluster(
            nodes,
            replicas,
            1 + shape.nextInt(4),
            seed % 4 != 0,
            new ReplicaSettings(
                Duration.ofMillis(200 + shape.nextInt(1800)),
                Duration.ofMillis(1500 + shape.nextInt(3500)),
                Duration.ofHours(4),
                Duration.ofSeconds(60)),
            scheduler,
            random.split(),
            trace,
            sabotage,
            this::started,
            clients::stopped);
    this.faults = new SimFaults(cluster, scheduler, trace, random.split(), sabotage.faults());
  }

  private void started(SimNode node) {
    clients.resume(node);
    if (calm) {
      SimClients.readNowAndThen(node);
    }
  }

  SimTrace trace() {
    return trace;
  }

  /** Runs to the end. */
  void run() {
    try {
      faults.start();
      scheduler.runUntil(clients::areDone, RUN_MAX.toNanos(), "clients");
      calm = true;
      cluster.running().forEach(SimClients::readNowAndThen);
      faults.end();
      try {
        scheduler.runUntil(this::isSettled, CALM_MAX.toNanos(), "calm");
      } catch (SimScheduler.Stuck e) {
        throw new SimScheduler.Stuck(unsettled() + "\n" + e.getMessage());
      }
      List<String> wrong = new HistoryCheck(versions(), clients.attempts()).run();
      if (!wrong.isEmpty()) {
        throw new Anomaly(String.join("\n", wrong));
      }
      checkReplicasAreEqual();
    } catch (Anomaly e) {
      throw new Anomaly("seed " + seed + ": " + e.getMessage());
    } catch (SimScheduler.Stuck e) {
      throw new SimScheduler.Stuck("seed " + seed + ": " + e.getMessage());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    } finally {
      scheduler.end();
    }
  }

  int committed() {
    int count = 0;
    for (Attempt attempt : clients.attempts()) {
      count += attempt.state == Attempt.State.COMMITTED ? 1 : 0;
    }
    return count;
  }

  int followerReads() {
    return cluster.followerReads();
  }

  /** Times that a coordinator told that a commit in one round was over. */
  int oneRoundCommits() {
    return cluster.oneRoundCommits();
  }

  /** Times that somebody looked for writes of such a commit. */
  int fences() {
    return cluster.fences();
  }

  List<Attempt> attempts() {
    return clients.attempts();
  }

  long simulatedMillis() {
    return scheduler.nowNanos() / 1_000_000;
  }

  long steps() {
    return scheduler.steps();
  }

  /** Everything is applied everywhere and nothing provisional is left. */
  private boolean isSettled() {
    return scheduler.steps() % 256 == 0 && unsettled().isEmpty();
  }

  private String unsettled() {
    if (cluster.running().size() < cluster.nodeIds().size()) {
      return "a node is not up";
    }
    for (SimNode node : cluster.running()) {
      for (ShardDescriptor shard : cluster.shards()) {
        Replica replica = node.replica(shard.shardId());
        if (shard.isChanging()) {
          return shard + " is on its way";
        }
        if (!shard.nodeIds().contains(node.id())) {
          if (replica != null) {
            return node.id() + " still has a replica of " + shard;
          }
        } else if (replica == null || !replica.shard().equals(shard)) {
          return node.id() + " has no replica of " + shard;
        }
      }
      if (node.replicas().stream()
          .anyMatch(replica -> !cluster.isKnown(replica.shard().shardId()))) {
        return node.id() + " has replicas of shards that are gone";
      }
      for (Replica replica : node.replicas()) {
        ShardDescriptor shard = replica.shard();
        String where = "shard " + shard.shardId() + " at node " + node.id();
        if (replica.applied().index() < cluster.log(shard.shardId()).committed()) {
          return where + " has not applied everything";
        }
        if (replica.state().merge().stage() != MergeState.Stage.NONE) {
          return where + " is being merged";
        }
        List<String> left = new ArrayList<>();
        MvccStore.provisionalWrites(
            node.store(), shard.span(), write -> left.add(write.toString()));
        if (!left.isEmpty()) {
          return where + " has provisional writes: " + left;
        }
      }
    }
    return "";
  }

  private Map<String, NavigableMap<Long, String>> versions() {
    Map<String, NavigableMap<Long, String>> all = new TreeMap<>();
    for (String key : clients.keys()) {
      NavigableMap<Long, String> versions = new TreeMap<>();
      byte[] bytes = SimClients.bytesOf(key);
      Engine store = storesOf(shardOf(bytes)).getFirst();
      long below = Long.MAX_VALUE;
      while (below > 0) {
        switch (MvccStore.readCommitted(store, bytes, below)) {
          case ReadResult.Found found -> {
            below = found.version().commitTs();
            versions.put(below, new String(found.version().value(), StandardCharsets.UTF_8));
          }
          case ReadResult.Absent absent -> {
            below = absent.replacedTs();
            if (below > 0) {
              versions.put(below, "");
            }
          }
          case ReadResult.Blocked _ -> throw new AssertionError("committed reads do not block");
        }
        below--;
      }
      all.put(key, versions);
    }
    return all;
  }

  private ShardDescriptor shardOf(byte[] key) {
    for (ShardDescriptor shard : cluster.shards()) {
      if (shard.span().contains(key)) {
        return shard;
      }
    }
    throw new Anomaly("no shard has " + SimClients.nameOf(key));
  }

  /** The stores of the nodes that have a replica of a shard. */
  private List<MemoryEngine> storesOf(ShardDescriptor shard) {
    return cluster.running().stream()
        .filter(node -> shard.nodeIds().contains(node.id()))
        .map(SimNode::store)
        .toList();
  }

  /**
   * Nobody has anything of a shard but the nodes that are to have a replica, and these the same.
   */
  private void checkReplicasAreEqual() {
    Engine nothing = new MemoryEngine();
    for (ShardDescriptor shard : cluster.shards()) {
      Engine first = storesOf(shard).getFirst();
      for (SimNode node : cluster.running()) {
        Engine store = node.store();
        Engine wanted = shard.nodeIds().contains(node.id()) ? first : nothing;
        for (FamilySpan part : ReplicaSpans.of(store, shard.span())) {
          checkEqual(wanted, store, part, shard.shardId());
        }
        for (FamilySpan part : ReplicaSpans.of(wanted, shard.span())) {
          checkEqual(wanted, store, part, shard.shardId());
        }
      }
    }
  }

  private static void checkEqual(Engine one, Engine other, FamilySpan part, long shardId) {
    try (EngineIterator left = one.iterator(part.family(), part.span());
        EngineIterator right = other.iterator(part.family(), part.span())) {
      boolean more = left.seekToFirst();
      boolean same = more == right.seekToFirst();
      while (same && more) {
        same =
            Arrays.equals(key(left), key(right))
                && Arrays.equals(
                    Arrays.copyOf(left.valueBuffer(), left.valueLength()),
                    Arrays.copyOf(right.valueBuffer(), right.valueLength()));
        more = left.next();
        same &= more == right.next();
      }
      if (!same) {
        throw new Anomaly("replicas of shard " + shardId + " differ in " + part.family());
      }
    }
  }

  /** Something that clients or replicas must never see. */
  static final class Anomaly extends AssertionError {
    private static final long serialVersionUID = 1L;

    Anomaly(String what) {
      super(what);
    }
  }

  private static byte[] key(EngineIterator iterator) {
    return Arrays.copyOf(iterator.keyBuffer(), iterator.keyLength());
  }
}
