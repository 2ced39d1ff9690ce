package io.shardforge.storage.engine.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineContract;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.SpanExport;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine contract on RocksDB, and what only files can show. */
class RocksEngineTest extends EngineContract {
  private static final RocksOptions SIZES = new RocksOptions(8 << 20, 4 << 20, 2, 64);

  @TempDir private Path root = Path.of("");

  @Override
  protected Engine open() {
    return RocksEngine.open(root.resolve("db"), SIZES);
  }

  /** The files as they are now are what a killed process leaves behind. */
  @Override
  protected Engine crash(Engine crashed) {
    Path copy = root.resolve("crashed");
    copyFiles(root.resolve("db"), copy);
    crashed.close();
    return RocksEngine.open(copy, SIZES);
  }

  @Test
  void keepsDataAndAppliedIndexTogetherWhenItsProcessIsKilled() throws Exception {
    Path directory = root.resolve("killed");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process writer =
        new ProcessBuilder(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CountingWriter.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = writer.inputReader()) {
      String line = output.readLine();
      while (line != null && !line.startsWith(CountingWriter.READY)) {
        line = output.readLine();
      }
      assertThat(line).as("the writer's output").isNotNull();
      writer.destroyForcibly().waitFor();
    }
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      byte[] appliedBytes = engine.get(Family.APPLIED, CountingWriter.APPLIED_KEY);
      assertThat(appliedBytes).isNotNull();
      long applied = appliedBytes == null ? 0 : Bytes.getLong(appliedBytes, 0);
      // Many times the memtables' size was written: some of it was flushed unasked.
      assertThat(applied).isPositive();
      assertThat(engine.getDurable(Family.APPLIED, CountingWriter.APPLIED_KEY))
          .isEqualTo(appliedBytes);
      long[] count = new long[1];
      SpanExport.stream(
          engine,
          Family.CURRENT,
          KeySpan.ALL,
          (key, _) -> {
            count[0]++;
            return Bytes.getLong(key, 0) == count[0];
          });
      assertThat(count[0]).isEqualTo(applied);
    }
  }

  @Test
  void reopensWhatItClosed() {
    Path directory = root.resolve("again");
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      engine.write(engine.newBatch().put(Family.CURRENT, new byte[] {1}, new byte[] {2}));
    }
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      assertThat(engine.get(Family.CURRENT, new byte[] {1})).containsExactly(2);
    }
  }

  @Test
  void copiesItselfToACheckpoint() {
    Path target = root.resolve("checkpoint");
    try (Engine engine = RocksEngine.open(root.resolve("source"), SIZES)) {
      engine.write(engine.newBatch().put(Family.LOCK, new byte[] {1}, new byte[] {2}));
      engine.checkpoint(target);
      engine.write(engine.newBatch().put(Family.LOCK, new byte[] {3}, new byte[] {4}));
    }
    try (Engine copy = RocksEngine.open(target, SIZES)) {
      assertThat(copy.get(Family.LOCK, new byte[] {1})).containsExactly(2);
      assertThat(copy.get(Family.LOCK, new byte[] {3})).isNull();
    }
  }

  @Test
  void refusesUseAfterClose() {
    Engine engine = RocksEngine.open(root.resolve("closed"), SIZES);
    engine.close();
    engine.close();
    assertThatThrownBy(() -> engine.get(Family.CURRENT, new byte[] {1}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void outlivesAnIteratorThatWasLeftOpen() {
    Engine engine = RocksEngine.open(root.resolve("leak"), SIZES);
    engine.write(engine.newBatch().put(Family.CURRENT, new byte[] {1}, new byte[] {2}));
    try (EngineIterator iterator = engine.iterator(Family.CURRENT, KeySpan.ALL)) {
      assertThatThrownBy(engine::close).hasMessageContaining("left open");
      assertThat(iterator.seekToFirst()).isTrue();
      assertThat(iterator.value()).containsExactly(2);
    }
  }

  @Test
  void reportsDamagedBlocks() throws IOException {
    Path directory = root.resolve("damaged");
    byte[] value = new byte[1000];
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      for (int i = 0; i < 1000; i++) {
        new SplittableRandom(i).nextBytes(value);
        engine.write(engine.newBatch().put(Family.CURRENT, Bytes.ofLong(i), value.clone()));
      }
    }
    Path table;
    try (Stream<Path> files = Files.list(directory)) {
      table =
          files
              .filter(file -> file.toString().endsWith(".sst"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
    }
    byte[] content = Files.readAllBytes(table);
    for (int i = 20_000; i < 40_000; i += 7) {
      content[i] ^= 0x55;
    }
    Files.write(table, content);
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      assertThatThrownBy(
              () -> SpanExport.stream(engine, Family.CURRENT, KeySpan.ALL, (_, _) -> true))
          .isInstanceOfSatisfying(
              ShardForgeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
    }
  }

  /** Copies until no file vanished on the way, as compaction may make them. */
  private static void copyFiles(Path from, Path to) {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.createDirectories(to);
        copyOnce(from, to);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == 5) {
          throw new UncheckedIOException(e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void copyOnce(Path from, Path to) throws IOException {
    try (Stream<Path> stale = Files.list(to)) {
      for (Path file : stale.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("LOCK")) {
          Files.copy(file, to.resolve(name));
        }
      }
    }
  }

  /** Changes bytes in the middle of each table file of a closed store. */
  private static int flipBytes(Path directory) throws IOException {
    int files = 0;
    try (Stream<Path> tables = Files.list(directory)) {
      for (Path table : tables.filter(file -> file.toString().endsWith(".sst")).toList()) {
        byte[] bytes = Files.readAllBytes(table);
        for (int i = bytes.length / 4; i < bytes.length / 4 + 8; i++) {
          bytes[i] ^= 0x55;
        }
        Files.write(table, bytes);
        files++;
      }
    }
    return files;
  }

  /** A compaction finds it, and nobody hears of that before the next write. */
  @Test
  void damageFoundInTheBackgroundIsReported() throws IOException {
    Path directory = root.resolve("background");
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      writeOverlapping(engine, 1);
    }
    assertThat(flipBytes(directory)).isPositive();
    List<ShardForgeException> reported = new ArrayList<>();
    RocksEngine engine = RocksEngine.open(directory, SIZES, reported::add);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 50; i++) {
                writeOverlapping(engine, i);
                while (!engine.isIdle()) {
                  Thread.onSpinWait();
                }
              }
            })
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
    assertThat(reported).isNotEmpty();
    assertThatThrownBy(engine::close).isInstanceOf(ShardForgeException.class);
  }

  /** A table file whose keys lie among those of all others. */
  private static void writeOverlapping(Engine engine, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      byte[] value = new byte[500];
      random.nextBytes(value);
      byte[] key = "key%05d".formatted(i).getBytes(StandardCharsets.UTF_8);
      engine.write(engine.newBatch().put(Family.CURRENT, key, value));
    }
    engine.flush();
  }

  @Test
  void aDamagedBlockIsRefusedAndReported() throws IOException {
    Path directory = root.resolve("damaged");
    KeySpan all = KeySpan.ALL;
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < 2_000; i++) {
        byte[] value = new byte[500];
        random.nextBytes(value);
        engine.write(
            engine
                .newBatch()
                .put(
                    Family.CURRENT,
                    "key%05d".formatted(i).getBytes(StandardCharsets.UTF_8),
                    value));
      }
      engine.flush();
    }
    assertThat(flipBytes(directory)).isPositive();
    List<ShardForgeException> reported = new ArrayList<>();
    try (Engine engine = RocksEngine.open(directory, SIZES, reported::add)) {
      assertThatThrownBy(
              () -> {
                try (EngineIterator rows = engine.iterator(Family.CURRENT, all)) {
                  for (boolean valid = rows.seekToFirst(); valid; valid = rows.next()) {
                    assertThat(rows.valueLength()).isEqualTo(500);
                  }
                }
              })
          .isInstanceOfSatisfying(
              ShardForgeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
      assertThat(reported).hasSize(1);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  byte[] key = "key%05d".formatted(i).getBytes(StandardCharsets.UTF_8);
                  assertThat(engine.get(Family.CURRENT, key)).hasSize(500);
                }
              })
          .isInstanceOf(ShardForgeException.class);
      assertThat(reported).hasSize(2);
    }
  }
}
