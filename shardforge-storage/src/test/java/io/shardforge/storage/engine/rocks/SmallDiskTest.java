package io.shardforge.storage.engine.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shardforge.storage.engine.DiskReserve;
import io.shardforge.storage.engine.DiskReserve.Level;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a file system of its own that fills up: first with rows, then with foreign files. */
class SmallDiskTest {
  private static final RocksOptions SIZES = new RocksOptions(8 << 20, 4 << 20, 2, 64);
  private static final int ROW_BYTES = 64 << 10;
  private static final int ROWS_MAX = 4000;

  /** Rows in memory when the disk is full: less than one piece of the ballast. */
  private static final int OWED_ROWS = 32;

  private static final long DEADLINE_NANOS = TimeUnit.MINUTES.toNanos(1);

  @TempDir private Path mountPoint = Path.of("");
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", mountPoint.toString());
    assumeTrue(mounted, "a small file system cannot be mounted here: it takes root");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", mountPoint.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void flushesReadsAndComesBackOnAFullDisk() throws IOException {
    DiskReserve reserve = DiskReserve.open(mountPoint);
    SplittableRandom random = new SplittableRandom(7);
    int rows = 0;
    try (RocksEngine engine = RocksEngine.open(mountPoint.resolve("db"), SIZES)) {
      while (reserve.tick(engine.metrics().memtableBytes()) == Level.OK && rows < ROWS_MAX) {
        put(engine, rows++, random);
      }
      assertThat(reserve.level()).isEqualTo(Level.LOW);
      // A flush or compaction under way would take what the ballast lets go.
      engine.flush();
      awaitIdle(engine);
      for (int end = rows + OWED_ROWS; rows < end; rows++) {
        put(engine, rows, random);
      }
      Path foreign = mountPoint.resolve("foreign");
      fill(foreign);
      assertThat(reserve.tick(engine.metrics().memtableBytes())).isEqualTo(Level.LOW);
      engine.flush();
      assertThat(engine.getDurable(Family.CURRENT, key(rows - 1))).hasSize(ROW_BYTES);
      assertThat(engine.get(Family.CURRENT, key(0))).hasSize(ROW_BYTES);
      assertThat(reserve.tick(0)).isEqualTo(Level.LOW);
      Files.delete(foreign);
    }
    DiskReserve after = DiskReserve.open(mountPoint);
    try (Engine engine = RocksEngine.open(mountPoint.resolve("db"), SIZES)) {
      for (int i = 0; i < rows; i++) {
        assertThat(engine.get(Family.CURRENT, key(i))).as("row %d", i).hasSize(ROW_BYTES);
      }
      put(engine, rows, random);
      engine.flush();
      assertThat(engine.getDurable(Family.CURRENT, key(rows))).hasSize(ROW_BYTES);
      assertThat(after.level()).isNotEqualTo(Level.EXHAUSTED);
    }
  }

  private static void awaitIdle(RocksEngine engine) {
    long start = System.nanoTime();
    while (!engine.isIdle()) {
      assertThat(System.nanoTime() - start)
          .as("nanoseconds of compaction")
          .isLessThan(DEADLINE_NANOS);
      Thread.onSpinWait();
    }
  }

  private static byte[] key(int row) {
    byte[] key = new byte[Integer.BYTES];
    Bytes.putInt(key, 0, row);
    return key;
  }

  private static void put(Engine engine, int row, SplittableRandom random) {
    byte[] value = new byte[ROW_BYTES];
    random.nextBytes(value);
    WriteBatch batch = engine.newBatch();
    batch.put(Family.CURRENT, key(row), value);
    engine.write(batch);
  }

  /** Writes until nothing more fits. */
  private static void fill(Path file) {
    byte[] zeros = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("space");
    }
  }
}
