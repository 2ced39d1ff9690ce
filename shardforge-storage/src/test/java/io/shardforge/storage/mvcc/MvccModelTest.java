package io.shardforge.storage.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.PendingReader;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.engine.rocks.RocksEngine;
import io.shardforge.storage.engine.rocks.RocksOptions;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions over an engine against a map of all versions, driven by a seed. */
class MvccModelTest {
  private static final int STEPS = 1_500;
  private static final RocksOptions SIZES = new RocksOptions(8 << 20, 4 << 20, 1, 64);

  @TempDir private Path root = Path.of("");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesInMemory(long seed) {
    try (Engine engine = new MemoryEngine()) {
      new Run(engine, seed).run();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void agreesOnRocks(long seed) {
    try (Engine engine = RocksEngine.open(root.resolve("db" + seed), SIZES)) {
      new Run(engine, seed).run();
    }
  }

  /** One random history and the questions asked on its way. */
  private static final class Run {
    private final Engine engine;
    private final long seed;
    private final Randomness random;
    private final MvccModel model = new MvccModel();
    private final List<Long> timestamps = new ArrayList<>();
    private final HistoryGc gc;
    private long now = Timestamp.of(1_700_000_000_000L, 0);
    private long threshold = Timestamp.NONE;
    private int step;

    Run(Engine engine, long seed) {
      this.engine = engine;
      this.seed = seed;
      this.random = Randomness.seeded(seed);
      this.gc = new HistoryGc(engine);
    }

    void run() {
      try {
        for (step = 0; step < STEPS; step++) {
          write();
          ask();
          if (step % 200 == 199) {
            collect();
          }
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed %d, step %d: %s".formatted(seed, step, e.getMessage()), e);
      }
    }

    private void write() {
      // Steps of a tick, of seconds or of many buckets: neighbors in every kind of bucket.
      long stepMillis =
          switch (random.nextInt(20)) {
            case 0 -> 3 * HistoryKey.BUCKET_MILLIS + random.nextInt(1000);
            case 1, 2, 3 -> random.nextInt((int) HistoryKey.BUCKET_MILLIS);
            default -> 0;
          };
      now += (stepMillis << Timestamp.LOGICAL_BITS) + 1 + random.nextInt(3);
      timestamps.add(now);
      WriteBatch batch = engine.newBatch();
      EngineReader reader = new PendingReader(engine, batch);
      int writes = 1 + random.nextInt(4);
      for (int i = 0; i < writes; i++) {
        byte[] key = randomKey();
        Map.Entry<Long, MvccModel.Version> newest = model.newest(key);
        long previous = newest == null ? Timestamp.NONE : newest.getKey();
        if (previous == now) {
          continue; // Written in this very step.
        }
        byte[] value = random.nextInt(4) == 0 ? null : randomValue();
        boolean changesKey = random.nextInt(3) == 0;
        long actual = MvccStore.newestCommitTs(reader, key);
        if (newest != null && newest.getValue().value == null && actual == Timestamp.NONE) {
          previous = Timestamp.NONE; // The tombstone was collected.
        }
        assertThat(MvccStore.writeVersion(reader, batch, key, now, value, changesKey, previous + 1))
            .isFalse();
        if (random.nextInt(2) == 0) {
          assertThat(MvccStore.writeVersion(reader, batch, key, now, value, changesKey, previous))
              .isTrue();
        } else {
          commitByProvisional(reader, batch, key, value, changesKey);
        }
        model.write(key, now, value, changesKey);
      }
      engine.write(batch);
      if (step % 97 == 0) {
        engine.flush();
      }
    }

    private void commitByProvisional(
        EngineReader reader,
        WriteBatch batch,
        byte[] key,
        byte @Nullable [] value,
        boolean changesKey) {
      TxnId txn = TxnId.random(random);
      TxnId other = TxnId.random(random);
      ProvisionalWrite.Entry rolledBack = new ProvisionalWrite.Entry(7, 1, randomValue(), true);
      ProvisionalWrite.Entry kept = new ProvisionalWrite.Entry(3, 0, value, changesKey);
      assertThat(MvccStore.putProvisional(reader, batch, key, txn, key, now - 1, rolledBack))
          .isNull();
      assertThat(MvccStore.putProvisional(reader, batch, key, txn, key, now, kept)).isNull();
      assertThat(MvccStore.putProvisional(reader, batch, key, txn, key, now, kept)).isNull();
      assertThat(MvccStore.putProvisional(reader, batch, key, other, key, now, kept)).isNotNull();
      assertThat(MvccStore.commitProvisional(reader, batch, key, other, now)).isFalse();
      assertThat(MvccStore.rollBackStatements(reader, batch, key, txn, statement -> statement == 7))
          .isTrue();
      assertThat(MvccStore.commitProvisional(reader, batch, key, txn, now)).isTrue();
      assertThat(MvccStore.commitProvisional(reader, batch, key, txn, now)).isFalse();
    }

    private void ask() {
      try (EngineSnapshot snapshot = engine.snapshot()) {
        byte[] key = randomKey();
        long ts = randomReadTs();
        askKey(snapshot, key, ts);
        KeySpan span = randomSpan();
        askScan(snapshot, span, ts, false);
        askScan(snapshot, span, ts, true);
        long after = randomReadTs();
        if (step % 8 == 0) {
          askVersions(snapshot, span, Math.min(after, ts), Math.max(after, ts));
        }
        for (ChangeKind kind : ChangeKind.values()) {
          KeySpan asked = random.nextInt(2) == 0 ? span : KeySpan.ofKey(key);
          long upTo = random.nextInt(2) == 0 ? Timestamp.MAX : randomReadTs();
          assertThat(MvccStore.hasVersionIn(snapshot, asked, after, upTo, kind))
              .isEqualTo(after < upTo && model.hasVersionIn(asked, after, upTo, kind));
        }
      }
    }

    private void askKey(EngineReader reader, byte[] key, long ts) {
      Map.Entry<Long, MvccModel.Version> expected = model.versionAt(key, ts);
      String answer =
          switch (MvccStore.read(reader, key, ReadView.at(ts))) {
            case ReadResult.Found found ->
                MvccModel.row(key, found.version().commitTs(), found.version().value());
            case ReadResult.Absent _ -> "absent";
            case ReadResult.Blocked _ -> "blocked";
          };
      assertThat(answer)
          .isEqualTo(
              expected == null || expected.getValue().value == null
                  ? "absent"
                  : MvccModel.row(key, expected.getKey(), expected.getValue().value));
    }

    private void askScan(EngineReader reader, KeySpan span, long ts, boolean reverse) {
      List<String> rows = new ArrayList<>();
      Optional<KeySpan> rest = Optional.of(span);
      for (int pages = 0; rest.isPresent(); pages++) {
        assertThat(pages).isLessThan(1000);
        ScanLimits limits =
            new ScanLimits(1 + random.nextInt(20), 1 + random.nextInt(300), 1 + random.nextInt(40));
        try (MvccScanner scanner =
            new MvccScanner(reader, rest.get(), ReadView.at(ts), limits, reverse)) {
          while (scanner.next()) {
            rows.add(MvccModel.row(scanner.key(), scanner.commitTs(), scanner.value()));
          }
          assertThat(scanner.conflicts()).isEmpty();
          assertThat(scanner.rowCount()).isLessThanOrEqualTo(limits.rowsMax());
          rest = scanner.remaining();
        }
      }
      List<String> expected = model.scan(span, ts);
      if (reverse) {
        Collections.reverse(expected);
      }
      assertThat(rows).isEqualTo(expected);
    }

    private void askVersions(EngineReader reader, KeySpan span, long since, long upTo) {
      boolean whole = random.nextInt(2) == 0;
      List<String> rows = new ArrayList<>();
      byte[][] last = {null};
      long[] lastTs = new long[1];
      VersionWalk walk = new VersionWalk(span, since, upTo, Timestamp.MAX, whole);
      for (int pages = 0; walk != null; pages++) {
        assertThat(pages).isLessThan(1000);
        ScanLimits limits =
            new ScanLimits(1 + random.nextInt(9), 1 + random.nextInt(300), 1 + random.nextInt(40));
        byte[] resume =
            walk.run(
                reader,
                limits,
                (key, stored) -> {
                  VersionedValue version = VersionedValue.decode(stored);
                  rows.add(MvccModel.row(key, version.commitTs(), version.valueOrNull()));
                  last[0] = key;
                  lastTs[0] = version.commitTs();
                });
        boolean within = resume != null && last[0] != null && Bytes.compare(resume, last[0]) == 0;
        walk =
            resume == null
                ? null
                : new VersionWalk(
                    new KeySpan(resume, span.end()),
                    since,
                    upTo,
                    within ? lastTs[0] : Timestamp.MAX,
                    whole);
      }
      assertThat(rows).isEqualTo(model.versions(span, since, upTo, whole));
    }

    private void collect() {
      threshold = timestamps.get(timestamps.size() - 1 - random.nextInt(100));
      gc.dropBuckets(threshold);
      Optional<KeySpan> rest = Optional.of(KeySpan.ALL);
      while (rest.isPresent()) {
        HistoryGc.Tombstones found = HistoryGc.findTombstones(engine, rest.get(), threshold, 3, 10);
        WriteBatch batch = engine.newBatch();
        for (byte[] key : found.keys()) {
          assertThat(MvccStore.removeTombstone(engine, batch, key, threshold)).isTrue();
        }
        engine.write(batch);
        rest = found.remaining();
      }
    }

    private long randomReadTs() {
      long ts =
          random.nextInt(3) == 0
              ? now - random.nextInt(4)
              : timestamps.get(random.nextInt(timestamps.size())) - random.nextInt(2);
      return Math.max(ts, threshold);
    }

    private KeySpan randomSpan() {
      byte[] a = randomKey();
      byte[] b = randomKey();
      if (random.nextInt(5) == 0) {
        return new KeySpan(a, Bytes.EMPTY);
      }
      return Bytes.compare(a, b) <= 0 ? new KeySpan(a, b) : new KeySpan(b, a);
    }

    /** Few keys, prefixes of each other, full of zeros: what an encoding may stumble over. */
    private byte[] randomKey() {
      byte[] key = new byte[1 + random.nextInt(4)];
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) new int[] {0, 1, 0xFF}[random.nextInt(3)];
      }
      return key;
    }

    private byte[] randomValue() {
      byte[] value = new byte[random.nextInt(12)];
      random.nextBytes(value);
      return value;
    }
  }
}
