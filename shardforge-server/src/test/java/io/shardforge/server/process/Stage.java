package io.shardforge.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/** A cluster with what a fault needs of its disks and clocks, all gone in the end. */
final class Stage implements AutoCloseable {
  private final ServerCluster cluster;
  private final LoopDisks disks;
  private final FakeClocks clocks;
  private final Thread atExit = new Thread(this::end);

  private Stage(ServerCluster cluster, LoopDisks disks, FakeClocks clocks) {
    this.cluster = cluster;
    this.disks = disks;
    this.clocks = clocks;
  }

  /** Why a fault cannot be tried here, if so. */
  static Optional<String> missing(FaultKind fault) {
    Optional<String> network = NodeNetwork.missing();
    if (network.isPresent()) {
      return network;
    }
    if (fault.needsDisks() && !LoopDisks.isPossible()) {
      return Optional.of("there are no loop devices, or no mkfs.ext4");
    }
    if (fault.needsClocks() && FakeClocks.library().isEmpty()) {
      return Optional.of("there is no libfaketime (Debian: libfaketime)");
    }
    return Optional.empty();
  }

  /** Starts a new cluster that keeps everything in a directory. */
  static Stage set(int nodes, FaultKind fault, Spoiling spoiling, Path directory)
      throws InterruptedException {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // One may join.
    ServerCluster cluster = ServerCluster.create(nodes + 1, directory, spoiling);
    Stage stage = new Stage(cluster, new LoopDisks(directory), new FakeClocks(cluster, directory));
    Runtime.getRuntime().addShutdownHook(stage.atExit);
    boolean started = false;
    try {
      for (int number = 1; number <= nodes; number++) {
        ServerNode node =
            cluster.add(
                fault.needsDisks() ? stage.disks.make(number) : directory.resolve("node" + number));
        if (fault.needsClocks()) {
          stage.clocks.install(node, fault == FaultKind.CLOCK_ALL);
        }
      }
      cluster.start();
      started = true;
      return stage;
    } finally {
      if (!started) {
        stage.close();
      }
    }
  }

  ServerCluster cluster() {
    return cluster;
  }

  Faults faults(Random random) {
    return new Faults(cluster, clocks, disks, random);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // It runs already, as this process ends.
      return;
    }
    end();
  }

  private void end() {
    disks.releaseAll();
    cluster.close();
    disks.close();
  }

  /** Removes what the nodes kept, once they are gone and nobody needs to look at it. */
  void clear() {
    cluster.removeStores();
    disks.delete();
  }
}
