package io.shardforge.raft.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.group.AppliedIndex;
import io.shardforge.raft.group.StateSink;
import io.shardforge.raft.group.StateSource;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.SpanExport;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.engine.rocks.RocksEngine;
import io.shardforge.storage.engine.rocks.RocksOptions;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.FamilySpan;
import io.shardforge.storage.mvcc.ReplicaSpans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a replica from one engine to another. */
class ReplicaStoreTest {
  private static final KeySpan SPAN = new KeySpan("b".getBytes(UTF_8), "x".getBytes(UTF_8));
  private static final ReplicaStore.Neighbors ALONE =
      new ReplicaStore.Neighbors() {
        @Override
        public void retire(ShardDescriptor taken, long attempt) {
          throw new AssertionError("there is no other replica");
        }

        @Override
        public void makeRoom(ShardDescriptor copied) {
          throw new AssertionError("there is no other replica");
        }
      };
  private static final ShardDescriptor SHARD = new ShardDescriptor(7, SPAN, 1, List.of(1, 2));
  private static final RocksOptions SIZES = new RocksOptions(8 << 20, 4 << 20, 2, 64);
  private static final int ROWS = 30_000;

  @TempDir private Path root = Path.of("");

  private final MemoryEngine original = new MemoryEngine();

  /** What an export hands over, all of it at once. */
  private static final class Copy implements StateSink, StateSource {
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private AppliedIndex at = AppliedIndex.NONE;
    private int breaksOffAfter = Integer.MAX_VALUE;

    @Override
    public void begin(AppliedIndex index) {
      at = index;
    }

    @Override
    public void write(byte[] piece) {
      pieces.add(piece);
    }

    @Override
    public byte[] next() throws IOException {
      if (breaksOffAfter-- == 0) {
        throw new IOException("the other node is gone");
      }
      return pieces.poll();
    }
  }

  private Copy exported() throws Exception {
    WriteBatch batch = original.newBatch();
    for (int i = 0; i < ROWS; i++) {
      batch.put(Family.CURRENT, key("row", i), ("value " + i).repeat(4).getBytes(UTF_8));
    }
    batch.put(Family.CURRENT, "a outside".getBytes(UTF_8), "no".getBytes(UTF_8));
    for (FamilySpan part : ReplicaSpans.of(original, SPAN)) {
      if (part.family() == Family.LOCK) {
        batch.put(Family.LOCK, part.span().start(), "lock".getBytes(UTF_8));
      }
    }
    original.write(batch);
    ReplicaStore store = new ReplicaStore(original, new ManualClock(1), SHARD, ALONE);
    store.applyNothing(3, 44);
    Copy copy = new Copy();
    store.export(copy);
    assertThat(copy.pieces).hasSizeGreaterThan(1);
    return copy;
  }

  @Test
  void aCopyReplacesWhatWasThereAndIsDurable() throws Exception {
    Copy copy = exported();
    try (Engine engine = RocksEngine.open(root.resolve("copy"), SIZES)) {
      engine.write(
          engine
              .newBatch()
              .put(Family.CURRENT, key("gone", 1), "old".getBytes(UTF_8))
              .put(Family.CURRENT, key("row", 5), "old".getBytes(UTF_8))
              .put(Family.CURRENT, "z of another shard".getBytes(UTF_8), "kept".getBytes(UTF_8)));
      ReplicaStore store = new ReplicaStore(engine, new ManualClock(1), SHARD, ALONE);
      store.install(copy.at, copy);
      assertThat(store.durable()).isEqualTo(new AppliedIndex(3, 44));
      assertThat(contents(engine)).isEqualTo(contents(original));
      assertThat(engine.getDurable(Family.CURRENT, key("row", ROWS - 1))).isNotNull();
      assertThat(engine.get(Family.CURRENT, "z of another shard".getBytes(UTF_8)))
          .isEqualTo("kept".getBytes(UTF_8));
    }
  }

  @Test
  void aCopyThatBreaksOffLeavesAnEmptyReplicaThatTakesTheNextOne() throws Exception {
    Copy copy = exported();
    Copy broken = new Copy();
    broken.pieces.addAll(copy.pieces);
    broken.breaksOffAfter = 1;
    Path directory = root.resolve("copy");
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      ReplicaStore store = new ReplicaStore(engine, new ManualClock(1), SHARD, ALONE);
      assertThatThrownBy(() -> store.install(copy.at, broken)).isInstanceOf(IOException.class);
      assertThat(store.durable()).isEqualTo(AppliedIndex.NONE);
    }
    try (Engine engine = RocksEngine.open(directory, SIZES)) {
      ReplicaStore store = new ReplicaStore(engine, new ManualClock(1), SHARD, ALONE);
      assertThat(store.applied()).isEqualTo(AppliedIndex.NONE);
      assertThat(contents(engine)).isEmpty();
      store.install(copy.at, copy);
      assertThat(contents(engine)).isEqualTo(contents(original));
    }
  }

  private static byte[] key(String table, int row) {
    return "%s %08d".formatted(table, row).getBytes(UTF_8);
  }

  private static List<String> contents(EngineReader engine) {
    List<String> found = new ArrayList<>();
    for (FamilySpan part : ReplicaSpans.of(engine, SPAN)) {
      SpanExport.stream(
          engine,
          part.family(),
          part.span(),
          (key, value) ->
              found.add(
                  part.family() + " " + new String(key, UTF_8) + "=" + new String(value, UTF_8)));
    }
    return found;
  }
}
