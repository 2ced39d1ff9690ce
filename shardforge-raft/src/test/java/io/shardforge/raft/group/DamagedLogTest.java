package io.shardforge.raft.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.route.RpcNode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of several files with anything wrong in it: it is as it was, or said to be damaged. */
final class DamagedLogTest {
  private static final long SHARD = 7;
  private static final ShardDescriptor DESCRIPTOR =
      new ShardDescriptor(SHARD, KeySpace.dataSpan(), 1, List.of(1));
  private static final int STARTS = 3;
  private static final int KEYS = 40;

  /** More, by hand, with {@code -Dlog.damages=N}. */
  private static final int DAMAGES = Integer.getInteger("log.damages", 40);

  private static final long SEED = Long.getLong("log.seed", 1);

  @TempDir Path directory;

  /** Something done to the files of a log. */
  private enum Damage {
    BIT,
    BYTES,
    ZEROS,
    SHORTENED,
    EMPTY,
    REMOVED;

    void happen(Path file, SplittableRandom random) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      int place = random.nextInt(bytes.length);
      int length = Math.min(1 + random.nextInt(64), bytes.length - place);
      switch (this) {
        case BIT -> bytes[place] ^= (byte) (1 << random.nextInt(8));
        case BYTES -> {
          for (int i = place; i < place + length; i++) {
            bytes[i] = (byte) random.nextInt();
          }
        }
        case ZEROS -> java.util.Arrays.fill(bytes, place, place + length, (byte) 0);
        case SHORTENED -> bytes = java.util.Arrays.copyOf(bytes, place);
        case EMPTY -> bytes = new byte[0];
        case REMOVED -> {
          Files.delete(file);
          return;
        }
      }
      Files.write(file, bytes);
    }
  }

  /** One member of one, while it runs. */
  private static final class Running implements AutoCloseable {
    private final RpcNode node;
    private final RatisGroups groups;
    final MapState state = new MapState();
    final RaftGroup group;

    Running(Path root, boolean newStore) throws IOException {
      node = new RpcNode(1);
      groups =
          new RatisGroups(
              GroupsConfig.of(root, 1, 1, newStore),
              node.dialer,
              node.services,
              node.book,
              node.handlers,
              node.blocking,
              node.blocking,
              node.clock,
              (_, _) -> {});
      boolean opened = false;
      try {
        group = groups.open(DESCRIPTOR, state);
        opened = true;
      } finally {
        if (!opened) {
          close();
        }
      }
    }

    @Override
    public void close() {
      groups.close();
      node.close();
    }
  }

  @Test
  void damageIsSaidOrHarmless() throws Exception {
    Path whole = directory.resolve("whole");
    for (int start = 0; start < STARTS; start++) {
      try (Running running = new Running(whole, start == 0)) {
        Await.until("a leader", running.group::isLeaderReady);
        for (int i = 0; i < KEYS; i++) {
          String command = "k" + (start * KEYS + i) + "=" + "v".repeat(i * 10);
          Await.result(running.group.propose(command.getBytes(UTF_8)));
        }
      }
    }
    SplittableRandom random = new SplittableRandom(SEED);
    int said = 0;
    for (int i = 0; i < DAMAGES; i++) {
      Path copy = directory.resolve("copy" + i);
      copy(whole, copy);
      List<Path> files = filesOf(copy);
      Path file = files.get(random.nextInt(files.size()));
      Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
      damage.happen(file, random);
      String what =
          "-Dlog.seed=%d, number %d: %s of %s".formatted(SEED, i, damage, file.getFileName());
      try (Running running = new Running(copy, false)) {
        Await.until(what + " is opened and has a leader", running.group::isLeaderReady);
        if (!isOpen(file)) {
          assertThat(running.state.contents()).as(what).hasSize(STARTS * KEYS);
        }
      } catch (ShardForgeException e) {
        assertThat(RatisGroups.isDamagedLog(e)).as("%s: %s", what, e).isTrue();
        said++;
      } catch (RuntimeException e) {
        fail(what, e);
      }
    }
    assertThat(said).isGreaterThan(DAMAGES / 4);
  }

  /** What is not there any more at the end of the open file cannot be told from what never was. */
  private static boolean isOpen(Path file) {
    return file.getFileName().toString().startsWith("log_inprogress");
  }

  private static List<Path> filesOf(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return new ArrayList<>(
          tree.filter(file -> Files.isRegularFile(file) && file.toString().contains("current"))
              .sorted()
              .toList());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        if (!path.getFileName().toString().equals("in_use.lock")) {
          Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
      }
    }
  }
}
