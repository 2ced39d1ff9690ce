package io.shardforge.storage.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Provisional writes: who sees them, who is stopped by them, what becomes of them. */
class ProvisionalWriteTest {
  private static final TxnId OWN = new TxnId(1, 1);
  private static final TxnId OTHER = new TxnId(2, 2);
  private static final int ALL_STATEMENTS = Integer.MAX_VALUE;

  private final Engine engine = new MemoryEngine();

  @Test
  void stopsReadersFromItsLeastCommitTimestampOn() {
    commit("k", 10, "old");
    provisional("k", OTHER, 20, 0, "new");
    assertThat(read("k", ReadView.at(19))).isEqualTo("old@10");
    assertThat(read("k", ReadView.at(20))).isEqualTo("blocked by " + OTHER);
    batch(batch -> MvccStore.pushProvisional(engine, batch, key("k"), OTHER, 31));
    assertThat(read("k", ReadView.at(30))).isEqualTo("old@10");
    assertThat(read("k", ReadView.at(31))).isEqualTo("blocked by " + OTHER);
  }

  @Test
  void isSeenByItsOwnTransactionFromTheNextStatementOn() {
    commit("k", 10, "old");
    provisional("k", OWN, 20, 3, "first");
    provisional("k", OWN, 20, 5, null);
    assertThat(read("k", new ReadView(30, OWN, 3))).isEqualTo("old@10");
    assertThat(read("k", new ReadView(30, OWN, 4))).isEqualTo("first@10");
    assertThat(read("k", new ReadView(30, OWN, 6))).isEqualTo("absent@10");
    provisional("new", OWN, 20, 3, "row");
    assertThat(read("new", new ReadView(30, OWN, 4))).isEqualTo("row@0");
    assertThat(read("new", new ReadView(30, OWN, 3))).isEqualTo("absent@0");
  }

  @Test
  void commitsTheLastOfItsVersions() {
    provisional("k", OWN, 20, 3, "first");
    provisional("k", OWN, 20, 5, "second");
    batch(batch ->
        assertThat(MvccStore.commitProvisional(engine, batch, key("k"), OWN, 25)).isTrue());
    assertThat(read("k", ReadView.at(24))).isEqualTo("absent@0");
    assertThat(read("k", ReadView.at(25))).isEqualTo("second@25");
    assertThat(MvccStore.provisional(engine, key("k"))).isNull();
  }

  @Test
  void mayNotCommitBelowItsBound() {
    provisional("k", OWN, 20, 3, "v");
    assertThatThrownBy(
            () -> MvccStore.commitProvisional(engine, engine.newBatch(), key("k"), OWN, 19))
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR));
  }

  @Test
  void takesBackRolledBackStatements() {
    provisional("k", OWN, 20, 3, "first");
    provisional("k", OWN, 20, 5, "second");
    batch(batch -> MvccStore.rollBackStatements(engine, batch, key("k"), OWN, s -> s >= 4));
    assertThat(read("k", new ReadView(30, OWN, ALL_STATEMENTS))).isEqualTo("first@0");
    batch(batch -> MvccStore.rollBackStatements(engine, batch, key("k"), OWN, s -> s >= 3));
    assertThat(MvccStore.provisional(engine, key("k"))).isNull();
  }

  @Test
  void isForgottenWhenItsTransactionAborts() {
    commit("k", 10, "old");
    provisional("k", OWN, 20, 3, "new");
    batch(batch -> {
      assertThat(MvccStore.abortProvisional(engine, batch, key("k"), OTHER)).isFalse();
      assertThat(MvccStore.abortProvisional(engine, batch, key("k"), OWN)).isTrue();
    });
    assertThat(read("k", ReadView.at(30))).isEqualTo("old@10");
  }

  @Test
  void keepsTheKeyTimestampOfPlainUpdates() {
    commit("k", 10, "old");
    provisional("k", OWN, 20, 1, "update");
    batch(batch -> MvccStore.commitProvisional(engine, batch, key("k"), OWN, 20));
    assertThat(newest("k").keyTs()).isEqualTo(10);
    provisional("k", OWN, 30, 1, null);
    provisional("k", OWN, 30, 2, "inserted again");
    batch(batch -> MvccStore.commitProvisional(engine, batch, key("k"), OWN, 30));
    assertThat(newest("k").keyTs()).isEqualTo(30);
    KeySpan span = KeySpan.ofKey(key("k"));
    assertThat(MvccStore.hasVersionIn(engine, span, 10, 25, ChangeKind.ANY)).isTrue();
    assertThat(MvccStore.hasVersionIn(engine, span, 10, 25, ChangeKind.KEY_ONLY)).isFalse();
    assertThat(MvccStore.hasVersionIn(engine, span, 10, 30, ChangeKind.KEY_ONLY)).isTrue();
  }

  @Test
  void stopsScansAndTellsWhatIsInTheirWay() {
    for (String key : List.of("a", "b", "d", "e", "f")) {
      commit(key, 10, "v");
    }
    provisional("b", OTHER, 50, 0, "later");
    provisional("c", OTHER, 20, 0, "new");
    provisional("e", OTHER, 20, 0, null);
    provisional("f", OWN, 20, 0, "mine");
    ReadView view = new ReadView(30, OWN, ALL_STATEMENTS);
    try (MvccScanner scanner = scan(view, ScanLimits.none(), false)) {
      assertThat(rows(scanner)).containsExactly("a=v", "b=v");
      assertThat(conflictKeys(scanner)).containsExactly("c", "e");
      assertThat(scanner.remaining()).contains(new KeySpan(key("c"), KeySpan.ALL.end()));
    }
    try (MvccScanner scanner = scan(view, ScanLimits.none(), true)) {
      assertThat(rows(scanner)).containsExactly("f=mine");
      assertThat(conflictKeys(scanner)).containsExactly("e", "c");
      assertThat(scanner.remaining()).contains(new KeySpan(key(""), key("e\0")));
    }
    batch(batch -> {
      MvccStore.commitProvisional(engine, batch, key("c"), OTHER, 25);
      MvccStore.commitProvisional(engine, batch, key("e"), OTHER, 25);
    });
    try (MvccScanner scanner = scan(view, ScanLimits.none(), false)) {
      assertThat(rows(scanner)).containsExactly("a=v", "b=v", "c=new", "d=v", "f=mine");
      assertThat(scanner.remaining()).isEmpty();
    }
  }

  @Test
  void scansOwnWritesBesideCommittedRowsPageByPage() {
    for (int i = 0; i < 20; i += 2) {
      commit("k" + (char) ('a' + i), 10, "v");
    }
    for (int i = 1; i < 20; i += 2) {
      provisional("k" + (char) ('a' + i), OWN, 20, 0, "own");
    }
    provisional("ka", OWN, 20, 0, null);
    provisional("kc", OWN, 20, 0, "updated");
    List<String> all = new ArrayList<>();
    Optional<KeySpan> rest = Optional.of(KeySpan.ALL);
    while (rest.isPresent()) {
      try (MvccScanner scanner =
          new MvccScanner(
              engine, rest.get(), new ReadView(30, OWN, 1), ScanLimits.rows(3), false)) {
        all.addAll(rows(scanner));
        rest = scanner.remaining();
      }
    }
    assertThat(all).hasSize(19).startsWith("kb=own", "kc=updated", "kd=own", "ke=v");
    assertThat(all).isSorted();
  }

  @Test
  void listsConflictsUpToABound() {
    for (int i = 0; i < 40; i++) {
      provisional("k" + (100 + i), OTHER, 20, 0, "v");
    }
    assertThat(MvccStore.conflictsIn(engine, KeySpan.ALL, 20, OWN, 5)).hasSize(5);
    assertThat(MvccStore.conflictsIn(engine, KeySpan.ALL, 19, OWN, 5)).isEmpty();
    assertThat(MvccStore.conflictsIn(engine, KeySpan.ALL, 20, OTHER, 5)).isEmpty();
    try (MvccScanner scanner = scan(ReadView.at(30), ScanLimits.none(), false)) {
      assertThat(scanner.next()).isFalse();
      assertThat(scanner.conflicts()).hasSize(MvccScanner.CONFLICTS_MAX);
    }
  }

  @Test
  void refusesMalformedBytes() {
    byte[] good =
        new ProvisionalWrite(
                key("k"),
                OWN,
                key("p"),
                20,
                List.of(new ProvisionalWrite.Entry(1, 2, key("value"), true)))
            .encode();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertCorrupted(() -> ProvisionalWrite.decode(key("k"), cut));
    }
    assertCorrupted(() -> ProvisionalWrite.decode(key("k"), Arrays.copyOf(good, good.length + 1)));
    engine.write(engine.newBatch().put(Family.CURRENT, key("bad"), new byte[] {1, 2, 3}));
    assertCorrupted(() -> MvccStore.read(engine, key("bad"), ReadView.at(5)));
  }

  private static void assertCorrupted(ThrowableAssert.ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
  }

  private void commit(String key, long ts, String value) {
    batch(batch ->
        MvccStore.writeVersion(engine, batch, key(key), ts, key(value), false, Timestamp.NONE));
  }

  @Test
  void aSpanIsResolvedAtOnceAndOthersInItStay() {
    commit("b", 10, "old");
    commit("d", 40, "newer");
    for (String key : List.of("a", "b", "c", "d")) {
      provisional(key, OWN, 20, 1, "own");
    }
    provisional("e", OWN, 20, 1, "beyond");
    batch(batch -> MvccStore.resolveSpan(engine, batch, span("a", "e"), OWN, 30));
    assertThat(read("a", ReadView.at(50))).isEqualTo("own@30");
    assertThat(read("b", ReadView.at(50))).isEqualTo("own@30");
    assertThat(read("b", ReadView.at(29))).isEqualTo("old@10");
    // Came too late: a newer version is there.
    assertThat(read("d", ReadView.at(50))).isEqualTo("newer@40");
    assertThat(MvccStore.hasProvisional(engine, span("a", "e"))).isFalse();
    assertThat(read("e", ReadView.at(50))).isEqualTo("blocked by " + OWN);

    provisional("a", OWN, 60, 1, "again");
    provisional("c", OTHER, 60, 1, "other");
    batch(batch -> MvccStore.resolveSpan(engine, batch, span("a", "e"), OWN, 0));
    assertThat(read("a", ReadView.at(70))).isEqualTo("own@30");
    assertThat(read("c", ReadView.at(70))).isEqualTo("blocked by " + OTHER);
  }

  @Test
  void aScanOfWhatIsCommittedIsGoodWhereNothingProvisionalIs() {
    commit("a", 10, "1");
    commit("b", 11, "2");
    commit("c", 12, "3");
    provisional("c", OTHER, 20, 1, "x");
    try (EngineSnapshot snapshot = engine.snapshot();
        MvccScanner scanner =
            MvccScanner.committed(
                snapshot, KeySpan.ALL, ReadView.at(30), new ScanLimits(2, 1000, 1000), false)) {
      assertThat(rows(scanner)).containsExactly("a=1", "b=2");
      KeySpan rest = scanner.remaining().orElseThrow();
      assertThat(MvccStore.hasProvisional(snapshot, new KeySpan(key(""), rest.start()))).isFalse();
      assertThat(MvccStore.hasProvisional(snapshot, rest)).isTrue();
    }
  }

  private static KeySpan span(String first, String end) {
    return new KeySpan(key(first), key(end));
  }

  private void provisional(
      String key, TxnId txn, long minCommitTs, int statement, @Nullable String value) {
    ProvisionalWrite.Entry entry =
        new ProvisionalWrite.Entry(statement, 0, value == null ? null : key(value), false);
    batch(batch ->
        assertThat(
                MvccStore.putProvisional(
                    engine, batch, key(key), txn, key("primary"), minCommitTs, entry))
            .isNull());
  }

  private void batch(Consumer<WriteBatch> changes) {
    WriteBatch batch = engine.newBatch();
    changes.accept(batch);
    engine.write(batch);
  }

  private String read(String key, ReadView view) {
    return switch (MvccStore.read(engine, key(key), view)) {
      case ReadResult.Found found ->
          text(found.version().value()) + "@" + found.version().commitTs();
      case ReadResult.Absent absent -> "absent@" + absent.replacedTs();
      case ReadResult.Blocked blocked -> "blocked by " + blocked.write().txn();
    };
  }

  private VersionedValue newest(String key) {
    VersionedValue newest = MvccStore.newestVersion(engine, key(key));
    if (newest == null) {
      throw new AssertionError("no version of " + key);
    }
    return newest;
  }

  private MvccScanner scan(ReadView view, ScanLimits limits, boolean reverse) {
    return new MvccScanner(engine, KeySpan.ALL, view, limits, reverse);
  }

  private static List<String> rows(MvccScanner scanner) {
    List<String> rows = new ArrayList<>();
    while (scanner.next()) {
      rows.add(text(scanner.key()) + "=" + text(scanner.value()));
    }
    return rows;
  }

  private static List<String> conflictKeys(MvccScanner scanner) {
    return scanner.conflicts().stream().map(write -> text(write.key())).toList();
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
