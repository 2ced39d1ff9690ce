package io.shardforge.server.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Somebody who looks whether clients get on, and keeps the stacks of all threads of every node when
 * they do not.
 */
final class StallWatch implements AutoCloseable {
  private static final Duration STALL = Duration.ofSeconds(6);
  private static final int STALLS_MAX = 5;

  private final ServerCluster cluster;
  private final Path directory;
  private final Supplier<Duration> sinceSuccess;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("stall-watch").unstarted(this::run);

  private StallWatch(ServerCluster cluster, Path directory, Supplier<Duration> sinceSuccess) {
    this.cluster = cluster;
    this.directory = directory;
    this.sinceSuccess = sinceSuccess;
  }

  /** Begins to look. */
  static StallWatch start(ServerCluster cluster, Path directory, Supplier<Duration> sinceSuccess) {
    StallWatch watch = new StallWatch(cluster, directory, sinceSuccess);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      boolean noted = false;
      int stalls = 0;
      while (!stop.await(1, TimeUnit.SECONDS)) {
        boolean stalled = sinceSuccess.get().compareTo(STALL) > 0;
        if (stalled && !noted && stalls < STALLS_MAX) {
          stalls++;
          keepStacks(stalls);
        }
        noted = stalled;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepStacks(int stall) {
    // All at once, so that they tell of the same moment.
    cluster.nodes().parallelStream()
        .filter(ServerNode::isUp)
        .forEach(node -> {
          var _ =
              ShellCommand.tried(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(node.pid()),
                  "Thread.dump_to_file",
                  directory.resolve("stall" + stall + ".node" + node.number() + ".txt").toString());
        });
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
