package io.shardforge.storage.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine promises; each implementation runs it. */
public abstract class EngineContract {
  private Engine engine;

  protected abstract Engine open();

  /** Ends the engine as a crash would and opens what is left. */
  protected abstract Engine crash(Engine crashed);

  @BeforeEach
  void openEngine() {
    engine = open();
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Test
  void readsWhatWasWrittenAndNothingElse() {
    put(Family.CURRENT, "a", "1");
    assertThat(get(engine, Family.CURRENT, "a")).isEqualTo("1");
    assertThat(get(engine, Family.CURRENT, "b")).isNull();
    assertThat(get(engine, Family.HISTORY, "a")).isNull();
    engine.write(engine.newBatch().delete(Family.CURRENT, bytes("a")));
    assertThat(get(engine, Family.CURRENT, "a")).isNull();
  }

  @Test
  void appliesABatchInOrderAndAtOnce() {
    put(Family.LOCK, "m", "old");
    WriteBatch batch =
        engine
            .newBatch()
            .put(Family.LOCK, bytes("l"), bytes("1"))
            .deleteRange(Family.LOCK, new KeySpan(bytes("a"), bytes("z")))
            .put(Family.LOCK, bytes("n"), bytes("2"))
            .put(Family.APPLIED, bytes("n"), bytes("3"));
    assertThat(get(engine, Family.LOCK, "n")).isNull();
    engine.write(batch);
    assertThat(keys(engine, Family.LOCK, KeySpan.ALL)).containsExactly("n");
    assertThat(get(engine, Family.APPLIED, "n")).isEqualTo("3");
  }

  /** Flushes that overlap must not answer for one another too early. */
  @Test
  void whatOneThreadFlushedIsDurableWhileOthersFlushToo() throws Exception {
    int threads = 4;
    int rounds = 60;
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<String>> findings = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        byte[] key = bytes("t" + thread);
        findings.add(executor.submit(() -> flushAndLook(key, rounds)));
      }
      for (Future<String> finding : findings) {
        assertThat(finding.get()).isEmpty();
      }
    }
  }

  /** What was missing after a flush; nothing if that never happened. */
  private String flushAndLook(byte[] key, int rounds) {
    for (int round = 1; round <= rounds; round++) {
      byte[] value = bytes(Integer.toString(round));
      // What is flushed differs from round to round: in one family only, then in another.
      engine.write(engine.newBatch().delete(Family.APPLIED, key));
      engine.flush();
      engine.write(engine.newBatch().put(Family.LOCK, key, value));
      engine.flush();
      engine.write(engine.newBatch().put(Family.APPLIED, key, value));
      engine.flush();
      byte[] durable = engine.getDurable(Family.APPLIED, key);
      if (!Arrays.equals(value, durable)) {
        return "round " + round + ": " + (durable == null ? "nothing" : new String(durable, UTF_8));
      }
    }
    return "";
  }

  @Test
  void aLoadReplacesWhatWasThereOnceItIsFinished() {
    put(Family.CURRENT, "b", "old");
    put(Family.CURRENT, "d", "other");
    engine.write(
        engine.newBatch().deleteRange(Family.CURRENT, new KeySpan(bytes("a"), bytes("c"))));
    try (BulkLoad load = engine.bulkLoad(Family.CURRENT)) {
      load(load, "a", "1");
      load(load, "b", "2");
      load(load, "c", "");
      assertThat(keys(engine, Family.CURRENT, KeySpan.ALL)).containsExactly("d");
      load.finish();
    }
    assertThat(keys(engine, Family.CURRENT, KeySpan.ALL)).containsExactly("a", "b", "c", "d");
    assertThat(get(engine, Family.CURRENT, "b")).isEqualTo("2");
    put(Family.CURRENT, "b", "newer");
    assertThat(get(engine, Family.CURRENT, "b")).isEqualTo("newer");
    engine.flush();
    engine = crash(engine);
    assertThat(get(engine, Family.CURRENT, "a")).isEqualTo("1");
    assertThat(get(engine, Family.CURRENT, "b")).isEqualTo("newer");
    assertThat(get(engine, Family.CURRENT, "c")).isEmpty();
  }

  @Test
  void whatWasLoadedIsDurableAtOnceAndHiddenFromOlderSnapshots() {
    try (EngineSnapshot before = engine.snapshot()) {
      try (BulkLoad load = engine.bulkLoad(Family.CURRENT)) {
        for (int i = 1000; i < 9000; i++) {
          load(load, "k" + i, "v".repeat(i / 10));
        }
        load.finish();
      }
      assertThat(before.get(Family.CURRENT, bytes("k1000"))).isNull();
    }
    engine = crash(engine);
    assertThat(keys(engine, Family.CURRENT, KeySpan.ALL)).hasSize(8000);
    assertThat(get(engine, Family.CURRENT, "k8999")).hasSize(899);
  }

  @Test
  void aLoadThatWasNotFinishedLeavesNothingAndAnEmptyOneDoesNothing() {
    try (BulkLoad load = engine.bulkLoad(Family.CURRENT)) {
      load(load, "a", "1");
    }
    try (BulkLoad load = engine.bulkLoad(Family.CURRENT)) {
      load.finish();
    }
    assertThat(keys(engine, Family.CURRENT, KeySpan.ALL)).isEmpty();
  }

  @Test
  void aLoadOutOfOrderIsRefused() {
    try (BulkLoad load = engine.bulkLoad(Family.CURRENT)) {
      load(load, "b", "1");
      assertThatThrownBy(() -> load(load, "a", "2")).isInstanceOf(RuntimeException.class);
    }
  }

  private static void load(BulkLoad load, String key, String value) {
    byte[] buffer = bytes("-" + key + value);
    int keyLength = bytes(key).length;
    load.put(buffer, 1, keyLength, 1 + keyLength, buffer.length - 1 - keyLength);
  }

  @Test
  void takesEmptyAndLargeKeysAndValues() {
    byte[] large = new byte[3 << 20];
    new SplittableRandom(1).nextBytes(large);
    byte[] longKey = new byte[10_000];
    engine.write(
        engine
            .newBatch()
            .put(Family.CURRENT, bytes("empty"), Bytes.EMPTY)
            .put(Family.CURRENT, bytes("large"), large)
            .put(Family.CURRENT, longKey, bytes("x")));
    assertThat(engine.get(Family.CURRENT, bytes("empty"))).isEmpty();
    assertThat(engine.get(Family.CURRENT, bytes("large"))).isEqualTo(large);
    try (EngineIterator iterator = engine.iterator(Family.CURRENT, KeySpan.ALL)) {
      assertThat(iterator.seekToFirst()).isTrue();
      assertThat(iterator.key()).isEqualTo(longKey);
      assertThat(iterator.next()).isTrue();
      assertThat(iterator.value()).isEmpty();
      assertThat(iterator.next()).isTrue();
      assertThat(iterator.value()).isEqualTo(large);
    }
  }

  @Test
  void ordersKeysUnsigned() {
    engine.write(
        engine
            .newBatch()
            .put(Family.CURRENT, new byte[] {(byte) 0xFF}, bytes("3"))
            .put(Family.CURRENT, new byte[] {0x7F}, bytes("1"))
            .put(Family.CURRENT, new byte[] {(byte) 0x80}, bytes("2")));
    List<String> values = new ArrayList<>();
    SpanExport.stream(engine, Family.CURRENT, KeySpan.ALL, (_, value) -> values.add(text(value)));
    assertThat(values).containsExactly("1", "2", "3");
  }

  @Test
  void keepsSnapshotsAndIteratorsUnchanged() {
    put(Family.CURRENT, "a", "1");
    try (EngineSnapshot snapshot = engine.snapshot();
        EngineIterator live = engine.iterator(Family.CURRENT, KeySpan.ALL)) {
      put(Family.CURRENT, "a", "2");
      put(Family.CURRENT, "b", "2");
      assertThat(get(snapshot, Family.CURRENT, "a")).isEqualTo("1");
      assertThat(get(snapshot, Family.CURRENT, "b")).isNull();
      assertThat(keys(snapshot, Family.CURRENT, KeySpan.ALL)).containsExactly("a");
      assertThat(live.seekToFirst()).isTrue();
      assertThat(text(live.value())).isEqualTo("1");
      assertThat(live.next()).isFalse();
      assertThat(engine.metrics().openSnapshots()).isEqualTo(2);
    }
    assertThat(engine.metrics().openSnapshots()).isZero();
    assertThat(get(engine, Family.CURRENT, "a")).isEqualTo("2");
  }

  @Test
  void iteratesOnlyInsideItsSpanInBothDirections() {
    for (String key : List.of("a", "b", "c", "d", "e")) {
      put(Family.CURRENT, key, key);
    }
    KeySpan span = new KeySpan(bytes("b"), bytes("d"));
    assertThat(keys(engine, Family.CURRENT, span)).containsExactly("b", "c");
    try (EngineIterator iterator = engine.iterator(Family.CURRENT, span)) {
      assertThat(iterator.isValid()).isFalse();
      assertThat(iterator.seekToLast()).isTrue();
      assertThat(text(iterator.key())).isEqualTo("c");
      assertThat(iterator.prev()).isTrue();
      assertThat(text(iterator.key())).isEqualTo("b");
      assertThat(iterator.prev()).isFalse();
      assertThat(iterator.seek(bytes("a"))).isTrue();
      assertThat(text(iterator.key())).isEqualTo("b");
      assertThat(iterator.seekForPrev(bytes("z"))).isTrue();
      assertThat(text(iterator.key())).isEqualTo("c");
      assertThat(iterator.seekForPrev(bytes("bb"))).isTrue();
      assertThat(text(iterator.key())).isEqualTo("b");
      assertThat(iterator.next()).isTrue();
      assertThat(iterator.next()).isFalse();
      assertThat(iterator.seek(bytes("d"))).isFalse();
      assertThat(iterator.seekForPrev(bytes("a"))).isFalse();
    }
  }

  @Test
  void refusesMovesFromNowhere() {
    put(Family.CURRENT, "a", "1");
    try (EngineIterator iterator = engine.iterator(Family.CURRENT, KeySpan.ALL)) {
      assertThatThrownBy(iterator::next).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(iterator::key).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void losesInACrashWhatNoFlushHasCoveredInEveryFamilyAlike() {
    engine.write(
        engine
            .newBatch()
            .put(Family.CURRENT, bytes("k"), bytes("1"))
            .put(Family.APPLIED, bytes("index"), bytes("1")));
    assertThat(engine.getDurable(Family.APPLIED, bytes("index"))).isNull();
    engine.flush();
    assertThat(engine.getDurable(Family.APPLIED, bytes("index"))).isEqualTo(bytes("1"));
    engine.write(
        engine
            .newBatch()
            .put(Family.CURRENT, bytes("k"), bytes("2"))
            .put(Family.APPLIED, bytes("index"), bytes("2")));
    assertThat(engine.getDurable(Family.APPLIED, bytes("index"))).isEqualTo(bytes("1"));
    assertThat(get(engine, Family.APPLIED, "index")).isEqualTo("2");
    engine = crash(engine);
    assertThat(get(engine, Family.APPLIED, "index")).isEqualTo("1");
    assertThat(get(engine, Family.CURRENT, "k")).isEqualTo("1");
  }

  @Test
  void dropsASpanForGood() {
    for (int i = 0; i < 100; i++) {
      put(Family.HISTORY, "k" + (100 + i), "v");
    }
    engine.flush();
    put(Family.HISTORY, "k150", "newer");
    engine.dropSpan(Family.HISTORY, new KeySpan(bytes("k110"), bytes("k190")));
    engine.flush();
    assertThat(keys(engine, Family.HISTORY, KeySpan.ALL)).hasSize(20).doesNotContain("k150");
    engine = crash(engine);
    assertThat(keys(engine, Family.HISTORY, KeySpan.ALL)).hasSize(20);
  }

  @Test
  void estimatesSizes() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 2000; i++) {
      byte[] value = new byte[1000];
      random.nextBytes(value);
      engine.write(engine.newBatch().put(Family.CURRENT, bytes("k" + i), value));
    }
    engine.flush();
    assertThat(engine.approximateSizeBytes(Family.CURRENT, KeySpan.ALL))
        .isBetween(1_000_000L, 4_000_000L);
    assertThat(engine.approximateSizeBytes(Family.HISTORY, KeySpan.ALL)).isZero();
  }

  @Test
  void behavesLikeASortedMap() {
    long seed = 20_250_101;
    SplittableRandom random = new SplittableRandom(seed);
    TreeMap<String, String> model = new TreeMap<>();
    for (int step = 0; step < 400; step++) {
      WriteBatch batch = engine.newBatch();
      for (int i = random.nextInt(8); i >= 0; i--) {
        String key = "k" + random.nextInt(60);
        switch (random.nextInt(8)) {
          case 0 -> {
            String to = key + "5";
            batch.deleteRange(Family.CURRENT, new KeySpan(bytes(key), bytes(to)));
            model.subMap(key, to).clear();
          }
          case 1, 2 -> {
            batch.delete(Family.CURRENT, bytes(key));
            model.remove(key);
          }
          default -> {
            batch.put(Family.CURRENT, bytes(key), bytes("v" + step));
            model.put(key, "v" + step);
          }
        }
      }
      engine.write(batch);
      if (step % 100 == 50) {
        engine.flush();
      }
      String from = "k" + random.nextInt(60);
      KeySpan span = new KeySpan(bytes(from), Bytes.EMPTY);
      assertThat(keys(engine, Family.CURRENT, span))
          .as("seed %d step %d", seed, step)
          .containsExactlyElementsOf(model.tailMap(from).keySet());
      assertThat(reverseKeys(engine, span))
          .as("seed %d step %d", seed, step)
          .containsExactlyElementsOf(model.tailMap(from, true).descendingMap().keySet());
    }
  }

  @Test
  void showsPendingChangesOverTheBase() {
    long seed = 20_250_102;
    SplittableRandom random = new SplittableRandom(seed);
    TreeMap<String, String> model = new TreeMap<>();
    for (int i = 0; i < 50; i++) {
      put(Family.CURRENT, "k" + i, "base");
      model.put("k" + i, "base");
    }
    WriteBatch batch = engine.newBatch();
    PendingReader reader = new PendingReader(engine, batch);
    for (int step = 0; step < 100; step++) {
      String key = "k" + random.nextInt(80);
      if (random.nextBoolean()) {
        batch.put(Family.CURRENT, bytes(key), bytes("p" + step));
        model.put(key, "p" + step);
      } else {
        batch.delete(Family.CURRENT, bytes(key));
        model.remove(key);
      }
      String probe = "k" + random.nextInt(80);
      assertThat(get(reader, Family.CURRENT, probe))
          .as("seed %d", seed)
          .isEqualTo(model.get(probe));
      assertThat(keys(reader, Family.CURRENT, KeySpan.ALL))
          .as("seed %d step %d", seed, step)
          .containsExactlyElementsOf(model.keySet());
      assertThat(reverseKeys(reader, KeySpan.ALL))
          .as("seed %d step %d", seed, step)
          .containsExactlyElementsOf(model.descendingKeySet());
    }
    batch.deleteRange(Family.CURRENT, new KeySpan(bytes("k"), bytes("l")));
    assertThat(get(reader, Family.CURRENT, "k1")).isNull();
    assertThat(get(engine, Family.CURRENT, "k1")).isEqualTo("base");
  }

  private void put(Family family, String key, String value) {
    engine.write(engine.newBatch().put(family, bytes(key), bytes(value)));
  }

  private static @Nullable String get(EngineReader reader, Family family, String key) {
    byte[] value = reader.get(family, bytes(key));
    return value == null ? null : text(value);
  }

  private static List<String> keys(EngineReader reader, Family family, KeySpan span) {
    List<String> keys = new ArrayList<>();
    SpanExport.stream(reader, family, span, (key, _) -> keys.add(text(key)));
    return keys;
  }

  private static List<String> reverseKeys(EngineReader reader, KeySpan span) {
    List<String> keys = new ArrayList<>();
    try (EngineIterator iterator = reader.iterator(Family.CURRENT, span)) {
      for (boolean valid = iterator.seekToLast(); valid; valid = iterator.prev()) {
        keys.add(text(iterator.key()));
      }
    }
    return keys;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void anAscendingReaderFindsWhatASingleLookupFinds() {
    for (long seed = 1; seed <= 20; seed++) {
      Randomness random = Randomness.seeded(seed);
      WriteBatch batch = engine.newBatch();
      batch.deleteRange(Family.CURRENT, new KeySpan(new byte[] {0}, new byte[] {(byte) 0xff}));
      for (int i = 0; i < 60; i++) {
        byte[] key = {1, (byte) random.nextInt(200)};
        batch.put(Family.CURRENT, key, new byte[] {(byte) i});
      }
      engine.write(batch);
      KeySpan span = new KeySpan(new byte[] {1, 20}, new byte[] {1, (byte) 180});
      try (AscendingReader reader = new AscendingReader(engine, Map.of(Family.CURRENT, span))) {
        int at = 0;
        for (int i = 0; i < 100; i++) {
          // Mostly onwards, at times the same key, back, or out of the span.
          at =
              random.nextInt(10) == 0 ? random.nextInt(200) : Math.min(199, at + random.nextInt(6));
          byte[] key = {1, (byte) at};
          assertThat(reader.get(Family.CURRENT, key))
              .as("seed %d, key %d", seed, at)
              .isEqualTo(engine.get(Family.CURRENT, key));
        }
      }
    }
  }
}
