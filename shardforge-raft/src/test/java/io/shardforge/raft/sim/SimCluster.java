package io.shardforge.raft.sim;

import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a simulation, whether they run or not, and the logs and the network between them.
 */
final class SimCluster {
  /** How far apart the clocks of two nodes may run: well within what leases allow for. */
  private static final double RATE_ERROR_MAX = 0.02;

  private static final long RESTART_NANOS = 1_000_000_000;

  private final SimScheduler scheduler;
  private final SimTrace trace;
  private final SplittableRandom random;
  private final ReplicaSettings settings;
  private final Sabotage sabotage;
  private final List<Integer> nodeIds;
  private final List<ShardDescriptor> firstShards = new ArrayList<>();
  private final Map<Long, ShardDescriptor> map = new TreeMap<>();
  private final Map<Long, SimLog> logs = new TreeMap<>();
  private final SimNetwork network;
  private final Map<Integer, SimNode> running = new TreeMap<>();
  private int followerReads;
  private int oneRoundCommits;
  private int fences;
  private final Map<Integer, MemoryEngine> disks = new TreeMap<>();
  private final Map<Integer, SimScheduler.SimProcess> processes = new TreeMap<>();
  private final Map<Integer, SimClock> clocks = new TreeMap<>();
  private final Consumer<SimNode> started;
  private final Consumer<Integer> stopped;
  private long lastShardId;
  private int starts;
  private final boolean parallel;

  /**
   * A cluster of which no node runs yet.
   *
   * @param replicas nodes that have a replica of each shard at first
   * @param parallel whether transactions in several shards commit in one round
   * @param started is told of every node that has started, on a thread of that node
   * @param stopped is told of every node that has crashed
   */
  SimCluster(
      int nodes,
      int replicas,
      int dataShards,
      boolean parallel,
      ReplicaSettings settings,
      SimScheduler scheduler,
      SplittableRandom random,
      SimTrace trace,
      Sabotage sabotage,
      Consumer<SimNode> started,
      Consumer<Integer> stopped) {
    this.scheduler = scheduler;
    this.trace = trace;
    this.random = random;
    this.parallel = parallel;
    this.settings = settings;
    this.sabotage = sabotage;
    this.started = started;
    this.stopped = stopped;
    this.nodeIds = IntStream.rangeClosed(1, nodes).boxed().toList();
    this.network = new SimNetwork(scheduler, random.split(), trace);
    List<Integer> first = nodeIds.subList(0, replicas);
    firstShards.add(
        new ShardDescriptor(ShardDescriptor.META_SHARD_ID, KeySpace.metaSpan(), 1, first));
    for (KeySpan span : KeySpace.dataShardSpans(dataShards)) {
      firstShards.add(new ShardDescriptor(firstShards.size() + 1L, span, 1, first));
    }
    for (ShardDescriptor shard : firstShards) {
      map.put(shard.shardId(), shard);
      lastShardId = shard.shardId();
      logs.put(
          shard.shardId(),
          SimLog.first(
              shard.shardId(), first, scheduler, network, random.split(), trace, sabotage));
    }
    for (int id : nodeIds) {
      disks.put(id, new MemoryEngine());
      double rate = 1 + (random.nextDouble() * 2 - 1) * RATE_ERROR_MAX;
      clocks.put(
          id, new SimClock(scheduler, random.nextLong(1L << 40), sabotage.clockRate(id, rate)));
      start(id);
    }
  }

  void detail(Supplier<String> event) {
    trace.detail(scheduler.nowNanos(), event);
  }

  SimNetwork network() {
    return network;
  }

  List<Integer> nodeIds() {
    return nodeIds;
  }

  /** The shards of the beginning. */
  List<ShardDescriptor> firstShards() {
    return firstShards;
  }

  /** The map of shards, as the cluster's tables would have it. */
  List<ShardDescriptor> shards() {
    return List.copyOf(map.values());
  }

  /** An id that no shard has had. */
  long nextShardId() {
    return ++lastShardId;
  }

  /** Puts shards into the map that are newer than what it has of their spans. */
  void record(List<ShardDescriptor> shards) {
    for (ShardDescriptor shard : shards) {
      boolean newest = true;
      for (ShardDescriptor known : map.values()) {
        newest &= !known.span().overlaps(shard.span()) || known.epoch() < shard.epoch();
      }
      if (newest) {
        map.put(shard.shardId(), shard);
      }
    }
  }

  /** Puts a shard into the map that has taken its neighbor in, unless more is known. */
  void record(ShardDescriptor merged, ShardDescriptor right) {
    ShardDescriptor known = map.get(right.shardId());
    if (known != null && known.epoch() < merged.epoch()) {
      map.remove(right.shardId());
    }
    record(List.of(merged));
  }

  /** Puts down where a shard's replicas are, unless more is known. */
  void recordMove(ShardDescriptor shard) {
    map.computeIfPresent(
        shard.shardId(), (_, known) -> known.epoch() < shard.epoch() ? shard : known);
  }

  /** Whether the map has a shard. */
  boolean isKnown(long shardId) {
    return map.containsKey(shardId);
  }

  /**
   * Makes a node's part of the log of a shard that was cut off another one, or that others have.
   */
  void seed(long shardId, List<String> members, int node) throws IOException {
    if (members.isEmpty()) {
      SimLog log = logs.get(shardId);
      if (log == null) {
        throw new IOException("nobody has a log of shard " + shardId + " yet");
      }
      log.membership().seedEmpty(node);
      return;
    }
    List<Integer> nodes = members.stream().map(Integer::valueOf).toList();
    logs.computeIfAbsent(
            shardId,
            id -> SimLog.seeded(id, nodes, scheduler, network, random.split(), trace, sabotage))
        .membership()
        .seed(node);
  }

  /** Removes a node's part of a log, if it has one. */
  void forget(long shardId, int node) {
    SimLog log = logs.get(shardId);
    if (log != null) {
      log.forget(node);
    }
  }

  /** Notes what a node has answered. */
  void answered(KvRequest request) {
    if (request instanceof KvRequest.FinishStaged) {
      oneRoundCommits++;
    } else if (request instanceof KvRequest.Fence) {
      fences++;
    }
  }

  /** Times that a coordinator told that a commit in one round was over. */
  int oneRoundCommits() {
    return oneRoundCommits;
  }

  /** Times that somebody looked for writes of such a commit. */
  int fences() {
    return fences;
  }

  boolean parallel() {
    return parallel;
  }

  ReplicaSettings settings() {
    return settings;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  SimLog log(long shardId) {
    SimLog found = logs.get(shardId);
    if (found == null) {
      throw new IllegalArgumentException("no shard " + shardId);
    }
    return found;
  }

  List<SimLog> logs() {
    return List.copyOf(logs.values());
  }

  SimClock clock(int id) {
    SimClock found = clocks.get(id);
    if (found == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return found;
  }

  /** The node if it has started and not crashed since. */
  void servedByFollower() {
    followerReads++;
  }

  /** Reads served by nodes that did not hold the lease. */
  int followerReads() {
    return followerReads;
  }

  @Nullable SimNode running(int id) {
    return running.get(id);
  }

  List<SimNode> running() {
    return List.copyOf(running.values());
  }

  boolean isUp(int id) {
    return processes.containsKey(id);
  }

  /** Starts a node on what its disk holds, unless it is up. */
  void start(int id) {
    MemoryEngine disk = disks.get(id);
    if (isUp(id) || disk == null) {
      return;
    }
    trace.note(scheduler.nowNanos(), "start " + id);
    SimScheduler.SimProcess process = scheduler.process("n" + id + "." + ++starts);
    processes.put(id, process);
    SplittableRandom own = random.split();
    SimEngine engine = new SimEngine(disk, own.split(), sabotage, () -> crash(id));
    process.start(
        "boot",
        () -> {
          SimNode node = new SimNode(id, this, process, clock(id), engine, own);
          running.put(id, node);
          started.accept(node);
        });
  }

  /** Ends a node that has given itself up; somebody starts it again. */
  void restart(int id) {
    crash(id);
    scheduler.after(RESTART_NANOS, () -> start(id));
  }

  /** Ends a node where it stands; its disk keeps what was flushed, its logs what they had. */
  void crash(int id) {
    SimScheduler.SimProcess process = processes.remove(id);
    MemoryEngine disk = disks.get(id);
    if (process == null || disk == null) {
      return;
    }
    trace.note(scheduler.nowNanos(), "crash " + id);
    process.kill();
    network.detach(id);
    running.remove(id);
    for (SimLog log : logs.values()) {
      log.leave(id);
    }
    disks.put(id, disk.crash());
    stopped.accept(id);
  }
}
