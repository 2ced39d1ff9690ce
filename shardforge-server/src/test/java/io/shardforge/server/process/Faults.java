package io.shardforge.server.process;

import io.shardforge.server.process.NodeNetwork.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** The faults that strike a cluster, each with its end. For one thread. */
final class Faults {
  private static final List<FaultKind> PARTITIONS =
      List.of(
          FaultKind.PARTITION_LEADER,
          FaultKind.PARTITION_LEADER_IN,
          FaultKind.PARTITION_LEADER_OUT,
          FaultKind.PARTITION_META,
          FaultKind.PARTITION_HALVES,
          FaultKind.PARTITION_RING,
          FaultKind.PARTITION_BRIDGE,
          FaultKind.PARTITION_ONE_WAY);
  private static final List<FaultKind> MIXED =
      List.of(
          FaultKind.KILL,
          FaultKind.KILL_META,
          FaultKind.KILL_ALL,
          FaultKind.PAUSE,
          FaultKind.PAUSE_META,
          FaultKind.PARTITION,
          FaultKind.PARTITION,
          FaultKind.RESTART,
          FaultKind.MEMBERSHIP);

  private static final Duration ENDING_PATIENCE = Duration.ofSeconds(30);

  private final ServerCluster cluster;
  private final Random random;
  private final FakeClocks clocks;
  private final LoopDisks disks;

  Faults(ServerCluster cluster, FakeClocks clocks, LoopDisks disks, Random random) {
    this.cluster = cluster;
    this.clocks = clocks;
    this.disks = disks;
    this.random = random;
  }

  /** A fault that goes on until it is healed. */
  interface Fault extends AutoCloseable {
    /** What was done to whom. */
    String words();

    /** Which nodes clients cannot count on meanwhile. */
    Set<Integer> failed();

    /** Heals it. */
    @Override
    void close();
  }

  private record Ongoing(String words, Set<Integer> failed, Runnable heal) implements Fault {
    @Override
    public void close() {
      heal.run();
    }
  }

  /** Strikes whoever the kind says. */
  Fault strike(FaultKind kind) {
    return switch (kind) {
      case MIXED -> strike(MIXED.get(random.nextInt(MIXED.size())));
      case PARTITION -> strike(PARTITIONS.get(random.nextInt(PARTITIONS.size())));
      case KILL_ALL -> kill(cluster.nodes());
      case POWER_LOSS_ALL -> losePower(cluster.nodes());
      case PARTITION_HALVES -> halves(true);
      case PARTITION_ONE_WAY -> halves(false);
      case PARTITION_RING -> ring();
      case PARTITION_BRIDGE -> bridge();
      case RESTART -> restart();
      case MEMBERSHIP -> changeMembers();
      case CLOCK, CLOCK_ALL -> new Ongoing(clocks.jump(random), Set.of(), clocks::reset);
      case NONE,
          KILL,
          KILL_META,
          PAUSE,
          PAUSE_META,
          PARTITION_LEADER,
          PARTITION_LEADER_IN,
          PARTITION_LEADER_OUT,
          PARTITION_META,
          DISK_FULL,
          DISK_STALL,
          DISK_STALL_META,
          POWER_LOSS ->
          strike(kind, victim(kind));
    };
  }

  /** The node that a kind is about. */
  ServerNode victim(FaultKind kind) {
    return leader(
        switch (kind) {
          case KILL_META, PAUSE_META, PARTITION_META, DISK_STALL_META -> true;
          default -> false;
        });
  }

  /** Strikes one node. */
  Fault strike(FaultKind kind, ServerNode node) {
    int number = node.number();
    Set<Integer> failed = Set.of(number);
    return switch (kind) {
      case NONE -> new Ongoing("nothing", Set.of(), () -> {});
      case KILL, KILL_META -> kill(List.of(node));
      case PAUSE, PAUSE_META -> {
        node.pause();
        yield new Ongoing("paused " + node, failed, node::resume);
      }
      case PARTITION_LEADER, PARTITION_META -> isolate(node, true, true);
      case PARTITION_LEADER_IN -> isolate(node, true, false);
      case PARTITION_LEADER_OUT -> isolate(node, false, true);
      case DISK_FULL -> {
        disks.fill(number);
        yield new Ongoing(
            "filled the disk of " + node, failed, () -> again(node, () -> disks.empty(number)));
      }
      case DISK_STALL, DISK_STALL_META -> {
        disks.stall(number);
        yield new Ongoing(
            "stalled the disk of " + node, failed, () -> again(node, () -> disks.release(number)));
      }
      case POWER_LOSS -> losePower(List.of(node));
      case KILL_ALL,
          POWER_LOSS_ALL,
          PARTITION_HALVES,
          PARTITION_ONE_WAY,
          PARTITION_RING,
          PARTITION_BRIDGE,
          PARTITION,
          RESTART,
          MEMBERSHIP,
          CLOCK,
          CLOCK_ALL,
          MIXED ->
          throw new IllegalArgumentException(kind.word() + " is not about one node");
    };
  }

  /** Gives a node back what it needs, and starts it if it ends for want of it. */
  private static void again(ServerNode node, Runnable heal) {
    heal.run();
    try {
      var _ = Waiting.until(ENDING_PATIENCE, () -> !node.isRunning() || node.isReady());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!node.isRunning()) {
      node.start();
    }
  }

  private ServerNode leader(boolean meta) {
    return cluster
        .leader(meta)
        .orElseGet(() -> cluster.nodes().get(random.nextInt(cluster.nodes().size())));
  }

  private static Ongoing kill(List<ServerNode> nodes) {
    List<ServerNode> victims = List.copyOf(nodes);
    // All at once: none of them shall see the others go.
    victims.parallelStream().forEach(ServerNode::kill);
    return new Ongoing(
        "killed " + victims, numbers(victims), () -> victims.forEach(ServerNode::start));
  }

  private Ongoing losePower(List<ServerNode> nodes) {
    Ongoing killed = kill(nodes);
    for (int node : killed.failed()) {
      disks.losePower(node);
    }
    return new Ongoing("power off: " + killed.words(), killed.failed(), killed.heal());
  }

  private static Set<Integer> numbers(List<ServerNode> nodes) {
    return nodes.stream().map(ServerNode::number).collect(Collectors.toSet());
  }

  private Ongoing isolate(ServerNode node, boolean in, boolean out) {
    Set<Path> paths = new HashSet<>();
    for (ServerNode other : cluster.nodes()) {
      if (other != node) {
        if (in) {
          paths.add(new Path(other.number(), node.number()));
        }
        if (out) {
          paths.add(new Path(node.number(), other.number()));
        }
      }
    }
    String which = in && out ? "in and out of " : in ? "into " : "out of ";
    return cut("no packets " + which + node, Set.of(node.number()), paths);
  }

  private Ongoing halves(boolean bothWays) {
    List<ServerNode> shuffled = shuffled();
    int size = random.nextInt(1, shuffled.size());
    List<ServerNode> one = shuffled.subList(0, size);
    List<ServerNode> other = shuffled.subList(size, shuffled.size());
    Set<Path> paths = new HashSet<>();
    for (ServerNode from : one) {
      for (ServerNode to : other) {
        paths.add(new Path(from.number(), to.number()));
        if (bothWays) {
          paths.add(new Path(to.number(), from.number()));
        }
      }
    }
    return cut(
        "no packets from " + one + " to " + other + (bothWays ? " and back" : ""),
        numbers(one.size() < other.size() ? one : other),
        paths);
  }

  /** Of n nodes in a circle, each hears the nearest so that it and they are a majority. */
  private Ongoing ring() {
    List<ServerNode> circle = shuffled();
    int count = circle.size();
    int reach = (count / 2 + 1) / 2;
    Set<Path> paths = new HashSet<>();
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        int distance = Math.min(Math.floorMod(i - j, count), Math.floorMod(j - i, count));
        if (distance > reach) {
          paths.add(new Path(circle.get(i).number(), circle.get(j).number()));
        }
      }
    }
    if (paths.isEmpty()) { // Three nodes: a ring of majorities leaves nobody out.
      return bridge();
    }
    return cut("a ring of majorities: " + circle, Set.of(), paths);
  }

  private Ongoing bridge() {
    List<ServerNode> shuffled = shuffled();
    ServerNode bridge = shuffled.getFirst();
    int middle = (shuffled.size() + 1) / 2;
    Set<Path> paths = new HashSet<>();
    for (ServerNode one : shuffled.subList(1, middle)) {
      for (ServerNode other : shuffled.subList(middle, shuffled.size())) {
        paths.add(new Path(one.number(), other.number()));
        paths.add(new Path(other.number(), one.number()));
      }
    }
    return cut("parts that meet in " + bridge + " only: " + shuffled, Set.of(), paths);
  }

  private List<ServerNode> shuffled() {
    List<ServerNode> nodes = new ArrayList<>(cluster.nodes());
    Collections.shuffle(nodes, random);
    return nodes;
  }

  private Ongoing cut(String words, Set<Integer> failed, Set<Path> paths) {
    cluster.network().cutOnly(paths);
    return new Ongoing(words, failed, () -> cluster.network().cutOnly(Set.of()));
  }

  /** One node after the other, as an upgrade would: the next when the one before is ready again. */
  private Ongoing restart() {
    List<ServerNode> order = shuffled();
    for (ServerNode node : order) {
      node.terminate();
      node.start();
      try {
        cluster.await(node + " is ready again", ServerCluster.READY_PATIENCE, node::isReady);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new Ongoing("restarted one after the other: " + order, Set.of(), () -> {});
  }

  /**
   * A node more; to heal it, a node less, maybe one of the first, which others were told to join.
   */
  private Ongoing changeMembers() {
    ServerNode joined = cluster.join();
    return new Ongoing(
        joined + " has joined",
        Set.of(),
        () -> cluster.remove(cluster.nodes().get(random.nextInt(cluster.nodes().size()))));
  }
}
