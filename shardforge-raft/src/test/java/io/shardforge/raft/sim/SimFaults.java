package io.shardforge.raft.sim;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.shard.Replica;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What goes wrong in a run: which kinds of faults, how often and for how long, drawn anew for each.
 */
final class SimFaults {
  private static final long MILLI = 1_000_000;
  private static final int SHARDS_MAX = 16;

  private final SimCluster cluster;
  private final SimScheduler scheduler;
  private final SimTrace trace;
  private final SplittableRandom random;
  private final List<Runnable> kinds = new ArrayList<>();
  private final long pauseNanosMax;
  private boolean ended;

  /**
   * Faults of a run that has not begun.
   *
   * @param wanted the kinds that are to happen; empty to draw them
   */
  SimFaults(
      SimCluster cluster,
      SimScheduler scheduler,
      SimTrace trace,
      SplittableRandom random,
      Set<String> wanted) {
    this.cluster = cluster;
    this.scheduler = scheduler;
    this.trace = trace;
    this.random = random;
    Map<String, Runnable> all = new LinkedHashMap<>();
    all.put("crash", this::crash);
    all.put("crash at a write", this::crashAtWrite);
    all.put("pause", this::pause);
    all.put("isolate", this::isolate);
    all.put("one way", this::cutOneWay);
    all.put("split", this::split);
    all.put("ring", this::ring);
    all.put("elect", this::elect);
    all.put("hand over", this::handOver);
    all.put("clock", this::jumpClock);
    all.put("stall", this::stall);
    all.put("messages", this::loseMessages);
    all.put("proposals", this::loseProposals);
    all.put("lag", this::lag);
    all.put("cut", this::cutShard);
    all.put("merge", this::mergeShards);
    all.put("move", this::moveShard);
    // Some faults only, for where everything fails at once little happens at all.
    all.forEach((name, kind) -> {
      boolean drawn = random.nextInt(3) == 0;
      if (wanted.isEmpty() ? drawn : wanted.contains(name)) {
        kinds.add(kind);
      }
    });
    pauseNanosMax = (200 + random.nextLong(6_000)) * MILLI;
  }

  void start() {
    if (!kinds.isEmpty()) {
      next();
    }
  }

  private void next() {
    scheduler.after(
        random.nextLong(pauseNanosMax),
        () -> {
          if (!ended) {
            kinds.get(random.nextInt(kinds.size())).run();
            next();
          }
        });
  }

  /** Ends all faults: what was broken works again. */
  void end() {
    ended = true;
    cluster.network().healAll();
    cluster.network().disturb(0, 0, 0);
    for (SimLog log : cluster.logs()) {
      log.calm();
    }
    for (int id : cluster.nodeIds()) {
      SimNode node = cluster.running(id);
      if (node != null) {
        node.process().resume();
        node.process().setLagging(0);
        node.engine().crashAtWrite(-1);
      }
      cluster.start(id);
    }
  }

  private void note(String what) {
    trace.note(scheduler.nowNanos(), "fault: " + what);
  }

  private int anyNode() {
    return cluster.nodeIds().get(random.nextInt(cluster.nodeIds().size()));
  }

  private long someTime() {
    return random.nextInt(4) == 0 ? random.nextLong(8_000 * MILLI) : random.nextLong(1_500 * MILLI);
  }

  private void later(Runnable repair) {
    scheduler.after(
        someTime(),
        () -> {
          if (!ended) {
            repair.run();
          }
        });
  }

  // ---- Nodes ----

  private void crash() {
    int node = anyNode();
    cluster.crash(node);
    later(() -> cluster.start(node));
  }

  private void crashAtWrite() {
    SimNode node = cluster.running(anyNode());
    if (node != null) {
      note("crash at a write of " + node.id());
      node.engine().crashAtWrite(random.nextInt(40));
      restartWhenDown(node.id());
    }
  }

  private void restartWhenDown(int node) {
    scheduler.after(
        someTime(),
        () -> {
          if (cluster.isUp(node) && !ended) {
            restartWhenDown(node);
          } else {
            cluster.start(node);
          }
        });
  }

  private void pause() {
    SimNode node = cluster.running(anyNode());
    if (node != null) {
      note("pause " + node.id());
      node.process().pause();
      later(() -> node.process().resume());
    }
  }

  private void lag() {
    SimNode node = cluster.running(anyNode());
    if (node != null) {
      note("lag " + node.id());
      node.process().setLagging(0.02 + random.nextDouble() * 0.1);
      later(() -> node.process().setLagging(0));
    }
  }

  private void stall() {
    int node = anyNode();
    note("stall " + node);
    boolean all = random.nextBoolean();
    long nanos = someTime();
    for (SimLog log : all ? cluster.logs() : List.of(anyLog())) {
      log.stall(node, nanos);
    }
  }

  private void jumpClock() {
    int node = anyNode();
    note("clock " + node);
    cluster.clock(node).jumpTo(random.nextLong(-10_000, 10_000));
  }

  // ---- The network ----

  private void isolate() {
    int node = anyNode();
    note("isolate " + node);
    for (int other : cluster.nodeIds()) {
      if (other != node) {
        cluster.network().cut(node, other);
        cluster.network().cut(other, node);
      }
    }
    later(cluster.network()::healAll);
  }

  private void cutOneWay() {
    int node = anyNode();
    boolean in = random.nextBoolean();
    note("cut " + (in ? "to " : "from ") + node);
    for (int other : cluster.nodeIds()) {
      if (other != node) {
        cluster.network().cut(in ? other : node, in ? node : other);
      }
    }
    later(cluster.network()::healAll);
  }

  private void split() {
    int first = anyNode();
    int second = anyNode();
    note("split off " + first + " " + second);
    for (int other : cluster.nodeIds()) {
      if (other != first && other != second) {
        for (int inside : List.of(first, second)) {
          cluster.network().cut(inside, other);
          cluster.network().cut(other, inside);
        }
      }
    }
    later(cluster.network()::healAll);
  }

  private void ring() {
    List<Integer> nodes = cluster.nodeIds();
    int gap = random.nextInt(nodes.size());
    int from = nodes.get(gap);
    int to = nodes.get((gap + 1) % nodes.size());
    note("cut " + from + " and " + to);
    cluster.network().cut(from, to);
    cluster.network().cut(to, from);
    later(cluster.network()::healAll);
  }

  private void loseMessages() {
    note("messages");
    cluster
        .network()
        .disturb(random.nextDouble() * 0.15, random.nextDouble() * 0.3, random.nextDouble() * 0.05);
    later(() -> cluster.network().disturb(0, 0, 0));
  }

  // ---- The logs ----

  private SimLog anyLog() {
    List<SimLog> logs = cluster.logs();
    return logs.get(random.nextInt(logs.size()));
  }

  private void elect() {
    anyLog().electAnother();
  }

  private void handOver() {
    SimNode node = cluster.running(anyNode());
    if (node == null) {
      return;
    }
    List<Replica> replicas = node.replicas();
    if (replicas.isEmpty()) {
      return;
    }
    Replica replica = replicas.get(random.nextInt(replicas.size()));
    int target = anyNode();
    if (target != node.id()) {
      note("hand shard " + replica.shard().shardId() + " over to " + target);
      node.process()
          .start(
              "handover",
              () -> {
                var _ = replica.handOver(target);
              });
    }
  }

  private void cutShard() {
    SimNode node = cluster.running(anyNode());
    if (node != null && cluster.shards().size() < SHARDS_MAX) {
      String key = SimClients.someKey(random);
      note("cut at " + key);
      node.process().start("cut", () -> node.splitAt(SimClients.bytesOf(key)));
    }
  }

  private void mergeShards() {
    SimNode node = cluster.running(anyNode());
    List<ShardDescriptor> shards = cluster.shards();
    // The first two are the cluster's own and the one that lies beside it.
    if (node != null && shards.size() > 2) {
      ShardDescriptor right = shards.get(2 + random.nextInt(shards.size() - 2));
      note("merge " + right);
      node.process().start("merge", () -> node.mergeAt(right.span().start()));
    }
  }

  private void moveShard() {
    SimNode node = cluster.running(anyNode());
    if (node == null) {
      return;
    }
    List<ShardDescriptor> shards = cluster.shards();
    ShardDescriptor shard = shards.get(random.nextInt(shards.size()));
    List<Integer> nodes = new ArrayList<>(random.nextBoolean() ? shard.settled() : List.of());
    if (!nodes.isEmpty()) {
      // One of them goes, and another one may come for it.
      int gone = nodes.get(random.nextInt(nodes.size()));
      nodes.removeIf(id -> id == gone);
    }
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(cluster.nodeIds().size()) : 3;
    while (nodes.size() < count) {
      int comes = anyNode();
      if (!nodes.contains(comes)) {
        nodes.add(random.nextInt(nodes.size() + 1), comes);
      }
    }
    note("move " + shard + " to " + nodes);
    node.process().start("move", () -> node.move(shard.shardId(), nodes));
  }

  private void loseProposals() {
    SimLog log = anyLog();
    note("proposals");
    log.disturb(random.nextDouble() * 0.1, random.nextDouble() * 0.1, random.nextDouble() * 0.3);
    later(() -> log.disturb(0, 0, 0));
  }
}
