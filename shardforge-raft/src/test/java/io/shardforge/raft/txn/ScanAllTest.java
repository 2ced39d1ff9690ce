package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many short scans at once: each is as it would be alone. */
final class ScanAllTest extends ClusterTest {
  private static final int GROUPS = 40;

  /** Enough for the rows of a group to take more than the first page. */
  private static final String LONG = "x".repeat(3_000);

  private static byte[] key(int table, int group, int row) {
    return key(table, "g%02d/%02d".formatted(group, row));
  }

  private static KeySpan span(int table, int group) {
    return KeySpan.ofPrefix(key(table, "g%02d/".formatted(group)));
  }

  private void fill() {
    Txn txn = begin(Isolation.READ_COMMITTED);
    for (int group = 0; group < GROUPS; group++) {
      for (int row = 0; row < group % 7; row++) {
        txn.put(TABLE, key(1 + group % 2, group, row), bytes(group % 5 == 0 ? LONG : "v" + row));
      }
    }
    txn.commit();
  }

  private static List<String> rows(KvCursor cursor) {
    List<String> rows = new ArrayList<>();
    try (cursor) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int i = 0; i < page.rows(); i++) {
          rows.add(nameOf(page.key(i)) + "=" + text(page.value(i)));
        }
      }
    }
    return rows;
  }

  private static List<KeySpan> spans(Randomness random) {
    List<KeySpan> spans = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      spans.add(span(1 + random.nextInt(2), random.nextInt(GROUPS)));
    }
    // One over both tables, so over shards, and one of nothing.
    spans.add(new KeySpan(key(2, ""), key(1, "g03")));
    spans.add(new KeySpan(key(1, "g"), key(1, "g")));
    return spans;
  }

  private static void assertEachAsAlone(Txn txn, List<KeySpan> spans) {
    List<KvCursor> cursors = txn.scanAll(spans);
    assertThat(cursors).hasSameSizeAs(spans);
    for (int i = 0; i < spans.size(); i++) {
      assertThat(rows(cursors.get(i)))
          .as(spans.get(i).toString())
          .isEqualTo(scan(txn, spans.get(i), false));
    }
  }

  @ParameterizedTest
  @EnumSource(Isolation.class)
  void eachIsAsItWouldBeAlone(Isolation isolation) {
    fill();
    Randomness random = Randomness.seeded(1);
    Txn txn = begin(isolation);
    assertEachAsAlone(txn, spans(random));
    txn.put(TABLE, key(1, 6, 3), bytes("mine"));
    txn.put(TABLE, key(2, 7, 50), bytes("mine, new"));
    txn.delete(TABLE, key(1, 4, 0));
    assertThat(rows(txn.scanAll(List.of(span(1, 6))).getFirst()).toString())
        .as("the statement does not see its own writes")
        .doesNotContain("mine");
    next(txn);
    assertThat(rows(txn.scanAll(List.of(span(1, 6))).getFirst()).toString()).contains("mine");
    assertEachAsAlone(txn, spans(random));
    txn.rollback();
  }

  @Test
  void aScanThatComesAgainIsAnsweredFromMemoryUntilARowChanges() {
    // One shard's commit leaves nothing provisional behind, which a scan would not keep.
    Txn writer = begin(Isolation.READ_COMMITTED);
    for (int row = 0; row < 20; row++) {
      writer.put(TABLE, key(1, 6, row), bytes("v" + row));
    }
    writer.commit();
    KeySpan all = KeySpan.ofPrefix(key(1, "g"));
    Txn txn = begin(Isolation.READ_COMMITTED);
    List<String> first = scan(txn, all, false);
    long before = hits();
    assertThat(scan(txn, all, false)).isEqualTo(first);
    assertThat(hits()).as("pages found").isGreaterThan(before);
    assertThat(text(txn.get(key(1, 6, 1)))).isEqualTo("v1");
    txn.rollback();
    write(key(1, 6, 1), "other");
    assertThat(read(key(1, 6, 1))).isEqualTo("other");
    Txn later = begin(Isolation.READ_COMMITTED);
    assertThat(scan(later, all, false)).contains("g06/01=other").hasSameSizeAs(first);
    later.rollback();
  }

  private long hits() {
    return cluster.nodes().stream().mapToLong(node -> node.scans().hits()).sum();
  }

  @Test
  void aShardThatWasSplitIsReadAnyway() throws InterruptedException {
    fill();
    Txn txn = begin(Isolation.REPEATABLE_READ);
    List<KeySpan> spans = spans(Randomness.seeded(2));
    assertEachAsAlone(txn, spans);
    var _ =
        cluster.splitter().splitAt(key(1, 20, 3), Deadline.after(clock, Duration.ofSeconds(20)));
    assertEachAsAlone(txn, spans);
    txn.rollback();
  }

  @Test
  void whatIsReadTogetherIsProvedAtTheCommit() {
    fill();
    Txn txn = begin(Isolation.SERIALIZABLE);
    List<KvCursor> cursors = txn.scanAll(List.of(span(1, 2), span(1, 6)));
    cursors.forEach(ScanAllTest::rows);
    txn.put(TABLE, key(2, "elsewhere"), bytes("x"));
    write(key(1, 6, 60), "a row that was not there");
    assertThat(errorOf(txn::commit)).isInstanceOf(KvError.ReadChanged.class);
  }
}
