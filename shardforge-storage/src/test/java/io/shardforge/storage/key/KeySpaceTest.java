package io.shardforge.storage.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The map of the key space. */
class KeySpaceTest {
  @Test
  void keepsSystemTablesOnTheMetaShardAndUsersTablesOffIt() {
    assertThat(KeySpace.metaSpan().contains(KeySpace.tableSpan(1))).isTrue();
    assertThat(KeySpace.metaSpan().contains(KeySpace.tableSpan(999))).isTrue();
    assertThat(KeySpace.dataSpan().contains(KeySpace.tableSpan(1000))).isTrue();
    assertThat(KeySpace.dataSpan().contains(KeySpace.tableSpan(Integer.MAX_VALUE))).isTrue();
    assertThat(KeySpace.metaSpan().overlaps(KeySpace.dataSpan())).isFalse();
    assertThat(KeySpace.metaSpan().contains(KeySpace.oracleKey())).isTrue();
    assertThat(KeySpace.shardMapSpan().contains(KeySpace.shardKey(7))).isTrue();
    assertThat(KeySpace.nodeSpan().contains(KeySpace.nodeKey(3))).isTrue();
    assertThat(KeySpace.settingSpan().contains(KeySpace.settingKey("x"))).isTrue();
    assertThat(KeySpace.namedStateSpan().contains(KeySpace.namedStateKey("x"))).isTrue();
  }

  @Test
  void keepsTablesAndIndexesApart() {
    for (int table : new int[] {1, 2, 999, 1000, 1001, 70_000}) {
      assertThat(KeySpace.tableIdOf(KeySpace.indexPrefix(table, 300))).isEqualTo(table);
      assertThat(KeySpace.tableSpan(table).contains(KeySpace.indexSpan(table, 1))).isTrue();
      assertThat(KeySpace.indexSpan(table, 1).overlaps(KeySpace.indexSpan(table, 2))).isFalse();
      assertThat(KeySpace.indexSpan(table, 246).overlaps(KeySpace.indexSpan(table, 247))).isFalse();
      assertThat(KeySpace.tableSpan(table).overlaps(KeySpace.tableSpan(table + 1))).isFalse();
    }
    assertThat(KeySpace.tableIdOf(KeySpace.oracleKey())).isEqualTo(-1);
  }

  @Test
  void cutsTheDataSpanWithoutGaps() {
    for (int shards : new int[] {1, 2, 3, 8, 30}) {
      List<KeySpan> spans = KeySpace.dataShardSpans(shards);
      assertThat(spans).hasSize(shards);
      assertThat(KeySpace.dataSplitKeys(shards)).hasSize(shards - 1);
      assertThat(spans.getFirst().start()).isEqualTo(KeySpace.dataSpan().start());
      assertThat(spans.getLast().end()).isEqualTo(KeySpace.dataSpan().end());
      for (int i = 1; i < shards; i++) {
        assertThat(spans.get(i).start()).isEqualTo(spans.get(i - 1).end());
      }
    }
  }

  @Test
  void spreadsNeighboringTablesEvenly() {
    List<KeySpan> shards = KeySpace.dataShardSpans(4);
    Map<Integer, Integer> tables = new HashMap<>();
    for (int table = 1000; table < 1040; table++) {
      byte[] prefix = KeySpace.tablePrefix(table);
      for (int shard = 0; shard < shards.size(); shard++) {
        if (shards.get(shard).contains(prefix)) {
          tables.merge(shard, 1, Integer::sum);
        }
      }
    }
    assertThat(tables.values()).containsExactly(10, 10, 10, 10);
  }
}
