package io.shardforge.storage.bench;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.engine.rocks.RocksEngine;
import io.shardforge.storage.engine.rocks.RocksOptions;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccScanner;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ReadView;
import io.shardforge.storage.mvcc.ScanLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Committed rows of a flushed table, all in cache: the cost of one row of a scan. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ScanBench {
  private static final int ROWS = 10_000;
  private static final int VALUE_BYTES = 100;
  private static final long COMMIT_TS = 1_000;
  private static final long ENGINE_BYTES = 64L << 20;
  private static final byte[] PREFIX = KeySpace.indexPrefix(1001, 1);

  @Param({"memory", "rocks"})
  public String engineKind = "";

  private final List<Path> directories = new java.util.ArrayList<>();
  private Engine engine = new MemoryEngine();

  @Setup
  public void fill() throws IOException {
    if (engineKind.equals("rocks")) {
      Path directory = Files.createTempDirectory("shardforge-bench");
      directories.add(directory);
      engine = RocksEngine.open(directory, RocksOptions.ofMemory(ENGINE_BYTES));
    }
    KeyEncoder encoder = new KeyEncoder();
    WriteBatch batch = engine.newBatch();
    for (int i = 0; i < ROWS; i++) {
      byte[] key = encoder.reset().putRaw(PREFIX).putInt4(i, KeyOrder.ASC_NULLS_LAST).toByteArray();
      MvccStore.writeVersion(
          engine, batch, key, COMMIT_TS, new byte[VALUE_BYTES], true, MvccStore.ANY_PREVIOUS);
    }
    engine.write(batch);
    engine.flush();
  }

  @TearDown
  public void remove() throws IOException {
    engine.close();
    for (Path directory : directories) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scanRow() {
    long bytes = 0;
    try (MvccScanner scanner =
        new MvccScanner(
            engine,
            KeySpan.ofPrefix(PREFIX),
            ReadView.at(COMMIT_TS + 1),
            ScanLimits.none(),
            false)) {
      while (scanner.next()) {
        bytes += scanner.valueLength();
      }
      if (scanner.rowCount() != ROWS) {
        throw new IllegalStateException(scanner.rowCount() + " rows");
      }
    }
    return bytes;
  }
}
