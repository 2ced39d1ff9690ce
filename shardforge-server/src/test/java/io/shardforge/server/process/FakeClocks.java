package io.shardforge.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** The clocks of a cluster's nodes, told by libfaketime what to show. */
final class FakeClocks {
  private static final double JUMP_SECONDS_MAX = 60;

  private final ServerCluster cluster;
  private final Path directory;

  FakeClocks(ServerCluster cluster, Path directory) {
    this.cluster = cluster;
    this.directory = directory;
  }

  /** The library, if it is installed. */
  static Optional<Path> library() {
    return Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
        .map(machine -> Path.of("/usr/lib", machine, "faketime", "libfaketimeMT.so.1"))
        .filter(Files::exists)
        .findFirst();
  }

  /** Lets nodes, from their next start on, ask the library for the time. */
  void install(ServerNode node, boolean monotonicToo) {
    Path library = library().orElseThrow(() -> new IllegalStateException("no libfaketime"));
    set(node, 0);
    node.environment("LD_PRELOAD", library.toString());
    node.environment("FAKETIME_TIMESTAMP_FILE", file(node).toString());
    node.environment("FAKETIME_CACHE_DURATION", "1");
    node.environment("DONT_FAKE_MONOTONIC", monotonicToo ? null : "1");
    // Else waits for a time on that clock, which are all that Java has, end at once.
    node.environment("FAKETIME_FORCE_MONOTONIC_FIX", monotonicToo ? null : "0");
  }

  private Path file(ServerNode node) {
    return directory.resolve("node" + node.number() + ".clock");
  }

  private void set(ServerNode node, double seconds) {
    try {
      Path next = directory.resolve("node" + node.number() + ".clock.next");
      Files.writeString(next, String.format(Locale.ROOT, "%+.3f\n", seconds));
      Files.move(next, file(node), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets some clocks jump, by milliseconds or by up to a minute. */
  String jump(Random random) {
    StringJoiner words = new StringJoiner(", ", "clocks at ", "");
    for (ServerNode node : List.copyOf(cluster.nodes())) {
      double magnitude = Math.pow(JUMP_SECONDS_MAX * 1_000, random.nextDouble()) / 1_000;
      double seconds = random.nextInt(3) == 0 ? 0 : random.nextBoolean() ? magnitude : -magnitude;
      set(node, seconds);
      words.add(String.format(Locale.ROOT, "%s %+.3f s", node, seconds));
    }
    return words.toString();
  }

  /** Puts all clocks right. */
  void reset() {
    cluster.nodes().forEach(node -> set(node, 0));
  }
}
