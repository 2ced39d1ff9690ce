package io.shardforge.server.process;

import io.shardforge.server.config.NodeCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A cluster of server processes, each in its namespace, that ends with the test. */
final class ServerCluster implements AutoCloseable {
  static final int PG_PORT = 15432;
  static final int HTTP_PORT = 18080;

  /** How long a node may take to serve, on a machine that has much else to do. */
  static final Duration READY_PATIENCE = Duration.ofMinutes(4);

  /** Nodes that are told of each other before any of them runs. */
  private static final int FIRST_NODES = 3;

  private static final int NODE_PORT = 17432;
  private static final String MAIN = "io.shardforge.server.Main";

  private final NodeNetwork network;
  private final Path directory;
  private final int memoryShare;
  private final Spoiling spoiling;
  private final List<ServerNode> nodes = new CopyOnWriteArrayList<>();
  private final List<Path> stores = new ArrayList<>();

  private ServerCluster(NodeNetwork network, Path directory, int memoryShare, Spoiling spoiling) {
    this.network = network;
    this.directory = directory;
    this.memoryShare = memoryShare;
    this.spoiling = spoiling;
  }

  /** Makes the network of a cluster without nodes. */
  static ServerCluster create(int nodesMax, Path directory, Spoiling spoiling) {
    return new ServerCluster(NodeNetwork.create(), directory, Math.max(3, nodesMax), spoiling);
  }

  /** Starts all nodes as a new cluster and waits until every one serves. */
  void start() throws InterruptedException {
    nodes.forEach(ServerNode::start);
    initialize();
    await("all nodes are ready", READY_PATIENCE, this::allReady);
  }

  /** Describes one more node, which the caller starts. */
  ServerNode add(Path store) {
    int number = stores.size() + 1;
    network.add(number);
    String address = network.address(number);
    List<String> join = new ArrayList<>();
    if (nodes.size() < FIRST_NODES) {
      for (int other = 1; other <= FIRST_NODES; other++) {
        join.add(network.address(other) + ":" + NODE_PORT);
      }
    } else {
      nodes.forEach(other -> join.add(network.address(other.number()) + ":" + NODE_PORT));
    }
    List<String> command = new ArrayList<>(network.in(number));
    command.addAll(NodeCommand.forNodes(memoryShare));
    command.addAll(spoiling.options());
    command.addAll(
        List.of(
            MAIN,
            "start",
            "--insecure",
            "--stop-with-parent",
            "--listen",
            address + ":" + NODE_PORT,
            "--pg",
            address + ":" + PG_PORT,
            "--http",
            address + ":" + HTTP_PORT,
            "--memory-share",
            Integer.toString(memoryShare),
            "--join",
            String.join(",", join)));
    ServerNode node =
        new ServerNode(
            number, address, command, store, directory.resolve("node" + number + ".log"));
    spoiling.apply(node);
    stores.add(store);
    nodes.add(node);
    return node;
  }

  /** Starts one more node with a store beside the logs, and waits until it serves. */
  ServerNode join() {
    ServerNode node = add(directory.resolve("node" + (stores.size() + 1)));
    node.start();
    awaitUninterruptibly(node + " has joined", node::isReady);
    return node;
  }

  /** Empties a node, which may take minutes, and stops it for good. */
  void remove(ServerNode node) {
    awaitUninterruptibly(
        node + " can be emptied", () -> nodes.stream().allMatch(ServerNode::isReady));
    ServerNode other = nodes.stream().filter(one -> one != node).findFirst().orElseThrow();
    List<String> command = new ArrayList<>(NodeCommand.forNodes(memoryShare));
    command.addAll(
        List.of(
            "io.shardforge.cli.Main",
            "node",
            "decommission",
            Integer.toString(other.idOf(network.address(node.number()) + ":" + NODE_PORT)),
            "--host",
            network.address(other.number()),
            "--port",
            Integer.toString(PG_PORT)));
    ShellCommand.run(command, "");
    nodes.remove(node);
    node.terminate();
  }

  private void awaitUninterruptibly(String what, BooleanSupplier condition) {
    try {
      await(what, READY_PATIENCE, condition);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void initialize() {
    List<String> command = new ArrayList<>(NodeCommand.forNodes(memoryShare));
    command.addAll(
        List.of(MAIN, "init", "--insecure", "--host", network.address(1) + ":" + NODE_PORT));
    ShellCommand.run(command, "");
  }

  /** Whether every node serves; throws if one has ended. */
  boolean allReady() {
    for (ServerNode node : nodes) {
      if (!node.isRunning()) {
        throw new IllegalStateException(node + " has ended, see its log in " + directory);
      }
    }
    return nodes.stream().allMatch(ServerNode::isReady);
  }

  /** Waits for something to become true, and throws if it does not in time. */
  void await(String what, Duration patience, BooleanSupplier condition)
      throws InterruptedException {
    if (!Waiting.until(patience, condition)) {
      throw new IllegalStateException(
          "waited " + patience.toSeconds() + " s in vain: " + what + "; logs in " + directory);
    }
  }

  NodeNetwork network() {
    return network;
  }

  List<ServerNode> nodes() {
    return nodes;
  }

  ServerNode node(int number) {
    return nodes.stream().filter(node -> node.number() == number).findFirst().orElseThrow();
  }

  /** A node that leads shards of rows, or the one that leads the cluster's own tables and time. */
  Optional<ServerNode> leader(boolean meta) {
    ServerNode most = null;
    long mostShards = 0;
    for (ServerNode node : nodes) {
      long shards = node.leads(meta);
      if (shards > mostShards) {
        most = node;
        mostShards = shards;
      }
    }
    return Optional.ofNullable(most);
  }

  /** Ends all processes and removes the network; the stores stay. */
  @Override
  public void close() {
    for (ServerNode node : nodes) {
      node.kill();
    }
    network.close();
  }

  /** Removes what the nodes kept, once nobody needs to look at it. */
  void removeStores() {
    for (Path store : stores) {
      if (!Files.exists(store)) {
        continue;
      }
      try (var found = Files.walk(store)) {
        for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
