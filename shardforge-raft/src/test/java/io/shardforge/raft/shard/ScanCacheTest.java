package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.engine.BulkLoad;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccScanner;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.ReadResult;
import io.shardforge.storage.mvcc.ReadView;
import io.shardforge.storage.mvcc.ScanLimits;
import io.shardforge.storage.mvcc.TxnId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cache against the engine under it, in a random order that a seed gives: whatever it answers
 * is what the engine has. Reads begin, end and ask at any point of a change: before the engine is
 * told of it, after, and when it is done.
 */
class ScanCacheTest {
  private static final int STEPS = 4_000;
  private static final int KEYS = 40;
  private static final long CACHE_BYTES = 1 << 20;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void answersAsTheEngine(long seed) {
    Run run = new Run(seed);
    run.steps();
    // A run in which nothing was found would prove nothing.
    assertThat(run.found).as("answers of the cache, seed %d", seed).isGreaterThan(STEPS / 40);
    assertThat(run.foundToEnd).as("whole answers, seed %d", seed).isGreaterThan(STEPS / 200);
  }

  /** One random history. */
  private static final class Run {
    private final long seed;
    private final Randomness random;
    private final MemoryEngine memory = new MemoryEngine();
    private final ScanCache cache = ScanCache.ofEverything(CACHE_BYTES);
    private final Engine engine = cache.over(withReadersAround(memory));
    private final List<Reading> readings = new ArrayList<>();
    private final Set<TxnId> open = new HashSet<>();
    private long now = 1_000;
    private boolean changing;
    private int step;
    private int found;
    private int foundToEnd;

    /** A scan that has taken its snapshot and not ended. */
    private record Reading(
        ScanCache.Load load, EngineSnapshot snapshot, long ts, KeySpan asked, int rows) {}

    Run(long seed) {
      this.seed = seed;
      this.random = Randomness.seeded(seed);
    }

    /** An engine in the middle of whose changes others read. */
    private Engine withReadersAround(Engine inner) {
      return (Engine)
          Proxy.newProxyInstance(
              Engine.class.getClassLoader(),
              new Class<?>[] {Engine.class},
              (_, method, arguments) -> {
                boolean change = Set.of("write", "dropSpan").contains(method.getName());
                if (change) {
                  readers();
                }
                try {
                  return method.invoke(inner, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                } finally {
                  if (change) {
                    readers();
                  }
                }
              });
    }

    void steps() {
      for (step = 0; step < STEPS; step++) {
        readers();
        if (random.nextInt(6) == 0) {
          change();
        }
      }
    }

    private void readers() {
      switch (random.nextInt(6)) {
        case 0 -> begin();
        case 1, 2 -> end();
        default -> ask();
      }
    }

    private void begin() {
      KeySpan asked = span();
      ScanCache.Load load =
          random.nextInt(3) > 0 ? cache.load(asked) : cache.loadAround(keyIn(asked), asked);
      if (load != null) {
        readings.add(
            new Reading(load, engine.snapshot(), timestamp(), asked, 1 + random.nextInt(10)));
      }
    }

    private void end() {
      if (readings.isEmpty()) {
        return;
      }
      Reading reading = readings.remove(random.nextInt(readings.size()));
      KeySpan span = reading.load.span();
      try (ScanCache.Load load = reading.load;
          EngineSnapshot snapshot = reading.snapshot;
          MvccScanner scanner =
              MvccScanner.committed(
                  snapshot, span, ReadView.at(reading.ts), ScanLimits.rows(reading.rows), false)) {
        KvPage.Builder rows = new KvPage.Builder();
        long[] commitTs = new long[KEYS];
        while (scanner.next()) {
          commitTs[rows.rows()] = scanner.commitTs();
          rows.add(scanner.key(), scanner.value());
        }
        KeySpan walked =
            new KeySpan(span.start(), scanner.remaining().map(KeySpan::start).orElse(span.end()));
        if (!MvccStore.hasProvisional(snapshot, walked) && scanner.newestTs() <= reading.ts) {
          load.keep(rows.build(), commitTs, walked, scanner.newestTs());
        }
      }
    }

    private void ask() {
      KeySpan span = span();
      long ts = timestamp();
      List<byte[]> keys = List.of(span.start(), key(), key(), keyIn(span));
      KvResult.@Nullable Value[] values = cache.getAll(keys, ts);
      for (int i = 0; i < values.length; i++) {
        check(keys.get(i), values[i], ts);
      }
      boolean reverse = random.nextInt(3) == 0;
      ScanLimits limits =
          new ScanLimits(1 + random.nextInt(KEYS), 1 + random.nextInt(KEYS * 10), KEYS);
      KvResult.Page page = cache.find(span, reverse, ts, limits);
      if (page == null) {
        return;
      }
      found++;
      byte[] resume = page.resumeKey();
      KeySpan walked =
          resume == null
              ? span
              : reverse ? new KeySpan(resume, span.end()) : new KeySpan(span.start(), resume);
      // Some may see the rows as they were and some as they will be: nobody gets them from here.
      assertThat(changing && touched != null && touched.overlaps(walked))
          .as("a page of rows that are being changed, seed %d step %d", seed, step)
          .isFalse();
      assertThat(MvccStore.hasProvisional(memory, walked))
          .as("a page over something provisional, seed %d step %d", seed, step)
          .isFalse();
      assertThat(text(page.page()))
          .as("%s at %d, reverse %s, seed %d step %d", span, ts, reverse, seed, step)
          .isEqualTo(text(scan(walked, reverse, ts)));
      assertThat((long) page.page().rows()).isLessThanOrEqualTo(limits.rowsMax());
      if (resume == null) {
        foundToEnd++;
      }
    }

    private void check(byte[] key, KvResult.@Nullable Value value, long ts) {
      if (value != null) {
        KvResult.Value expected =
            MvccStore.readCommitted(memory, key, ts) instanceof ReadResult.Found(var version)
                ? new KvResult.Value(version.value(), version.commitTs())
                : KvResult.Value.NONE;
        assertThat(MvccStore.provisional(memory, key)).isNull();
        assertThat(value.value())
            .as("%s at %d, seed %d step %d", Bytes.toHex(key), ts, seed, step)
            .isEqualTo(expected.value());
        assertThat(value.commitTs()).isEqualTo(expected.commitTs());
      }
    }

    private KvPage scan(KeySpan span, boolean reverse, long ts) {
      KvPage.Builder rows = new KvPage.Builder();
      try (EngineSnapshot snapshot = memory.snapshot();
          MvccScanner scanner =
              MvccScanner.committed(snapshot, span, ReadView.at(ts), ScanLimits.none(), reverse)) {
        while (scanner.next()) {
          rows.add(scanner.key(), scanner.value());
        }
      }
      return rows.build();
    }

    private @Nullable KeySpan touched;

    private void change() {
      now += 1 + random.nextInt(3);
      byte[] key = key();
      WriteBatch batch = new WriteBatch();
      touched = KeySpan.ofKey(key);
      ProvisionalWrite held = MvccStore.provisional(memory, key);
      switch (random.nextInt(7)) {
        case 0 -> {
          if (random.nextInt(4) == 0) {
            touched = remove(batch);
          } else if (random.nextInt(4) == 0) {
            load();
            return;
          }
        }
        case 1, 2 -> {
          if (held == null) {
            TxnId txn = TxnId.random(random);
            open.add(txn);
            MvccStore.putProvisional(
                memory,
                batch,
                key,
                txn,
                key,
                now,
                new ProvisionalWrite.Entry(0, 0, value(), false));
          } else if (random.nextInt(3) > 0) {
            MvccStore.commitProvisional(memory, batch, key, held.txn(), now);
          } else {
            MvccStore.abortProvisional(memory, batch, key, held.txn());
          }
        }
        default -> {
          if (held == null) {
            byte[] value = random.nextInt(4) == 0 ? null : value();
            MvccStore.writeVersion(memory, batch, key, now, value, true, MvccStore.ANY_PREVIOUS);
          }
        }
      }
      if (!batch.isEmpty()) {
        changing = true;
        engine.write(batch);
        changing = false;
      }
    }

    private KeySpan remove(WriteBatch batch) {
      KeySpan span = span();
      if (random.nextInt(2) == 0) {
        batch.deleteRange(Family.CURRENT, span);
        return span;
      }
      changing = true;
      touched = span;
      engine.dropSpan(Family.CURRENT, span);
      changing = false;
      return span;
    }

    /** A copy of some rows comes in at once. */
    private void load() {
      KeySpan span = span();
      MemoryEngine other = new MemoryEngine();
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < KEYS; i++) {
        byte[] key = key(i);
        if (span.contains(key)) {
          MvccStore.writeVersion(other, batch, key, now, value(), true, MvccStore.ANY_PREVIOUS);
        }
      }
      other.write(batch);
      try (BulkLoad load = engine.bulkLoad(Family.CURRENT);
          EngineIterator rows = other.iterator(Family.CURRENT, span)) {
        for (boolean more = rows.seekToFirst(); more; more = rows.next()) {
          byte[] entry = Bytes.concat(rows.key(), rows.value());
          load.put(entry, 0, rows.keyLength(), rows.keyLength(), rows.valueLength());
        }
        load.finish();
      }
    }

    private byte[] key() {
      return key(random.nextInt(KEYS));
    }

    /** Ascending; some differ in their last byte only, some in length only, far from the start. */
    private static byte[] key(int number) {
      byte[] key = new byte[] {7, 7, (byte) (number / 8), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
      key[12] = (byte) (number % 8 / 2);
      return Arrays.copyOf(key, number % 2 == 0 ? 13 : 14);
    }

    private byte[] keyIn(KeySpan span) {
      byte[] key = key();
      return span.contains(key) ? key : span.start();
    }

    private KeySpan span() {
      int from = random.nextInt(KEYS);
      int to = from + 1 + random.nextInt(KEYS - from);
      return new KeySpan(key(from), key(to));
    }

    private byte[] value() {
      byte[] value = new byte[1 + random.nextInt(20)];
      random.nextBytes(value);
      return value;
    }

    /** Mostly the newest, as most reads; sometimes the past. */
    private long timestamp() {
      return random.nextInt(4) == 0 ? now - random.nextInt(50) : now;
    }

    private static List<String> text(KvPage page) {
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < page.rows(); i++) {
        rows.add(Bytes.toHex(page.key(i)) + "=" + Bytes.toHex(page.value(i)));
      }
      return rows;
    }
  }
}
