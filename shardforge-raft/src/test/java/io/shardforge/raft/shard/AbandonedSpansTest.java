package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.shard.AbandonedSpans.Abandoned;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbandonedSpansTest {
  private static final int TABLE = 2000;
  private static final int OTHER_TABLE = 2001;
  private static final KeySpan SHARD = KeySpace.dataSpan();

  private final Engine engine = new MemoryEngine();
  private final AbandonedSpans abandoned = new AbandonedSpans();

  private void fill(KeySpan... spans) {
    WriteBatch batch = engine.newBatch();
    for (KeySpan span : spans) {
      batch.put(Family.CURRENT, span.start(), new byte[] {1});
    }
    engine.write(batch);
  }

  private int rows(KeySpan span) {
    int rows = 0;
    try (EngineIterator iterator = engine.iterator(Family.CURRENT, span)) {
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        rows++;
      }
    }
    return rows;
  }

  @Test
  void rowsGoOnceNobodyMayReadThemAnyMore() {
    KeySpan index = KeySpace.indexSpan(TABLE, 2);
    KeySpan kept = KeySpace.indexSpan(TABLE, 1);
    KeySpan table = KeySpace.tableSpan(OTHER_TABLE);
    fill(index, kept, KeySpace.indexSpan(OTHER_TABLE, 1), KeySpace.indexSpan(OTHER_TABLE, 2));
    abandoned.set(List.of(new Abandoned(index, 100), new Abandoned(table, 200)));

    assertThat(abandoned.waitsFor(engine, SHARD, 100)).isTrue();
    assertThat(abandoned.waitsFor(engine, SHARD, 0, 100)).isFalse();
    assertThat(abandoned.waitsFor(engine, SHARD, 0, 101)).isTrue();
    assertThat(abandoned.waitsFor(engine, SHARD, 101, 200)).isFalse();
    abandoned.drop(engine, SHARD, 100);
    assertThat(rows(SHARD)).isEqualTo(4);

    abandoned.drop(engine, SHARD, 101);
    assertThat(rows(index)).isZero();
    assertThat(rows(kept)).isEqualTo(1);
    assertThat(rows(table)).isEqualTo(2);

    abandoned.drop(engine, SHARD, 201);
    assertThat(rows(SHARD)).isEqualTo(1);
    assertThat(rows(kept)).isEqualTo(1);
    assertThat(abandoned.waitsFor(engine, SHARD, 0)).isFalse();
  }

  @Test
  void aShardDropsWhatLiesInItsSpanAlone() {
    KeySpan index = KeySpace.indexSpan(TABLE, 1);
    KeySpan other = KeySpace.indexSpan(TABLE, 2);
    fill(index, other);
    abandoned.set(List.of(new Abandoned(KeySpace.tableSpan(TABLE), 100)));
    abandoned.drop(engine, index, 101);
    assertThat(rows(SHARD)).isEqualTo(1);
    assertThat(rows(other)).isEqualTo(1);
  }
}
