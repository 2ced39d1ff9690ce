package io.shardforge.storage.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.SpanExport;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transaction records, commit outcomes, and the transfer of all that belongs to a span. */
class RecordsAndSpansTest {
  private static final TxnId A = new TxnId(-1, 5);
  private static final TxnId B = new TxnId(-1, 6);

  private final Engine engine = new MemoryEngine();

  @Test
  void keepsTransactionRecordsByPrimaryKey() {
    KeySpan span = new KeySpan(new byte[] {1, 0}, Bytes.EMPTY);
    TxnRecord record =
        new TxnRecord(
            A, new byte[] {1, 0, 2}, TxnRecord.State.PENDING, 0, 77, List.of(span, KeySpan.ALL));
    WriteBatch batch = engine.newBatch();
    MvccStore.putTxnRecord(batch, record);
    MvccStore.putTxnRecord(
        batch, new TxnRecord(B, new byte[] {9}, TxnRecord.State.ABORTED, 0, 0, List.of()));
    engine.write(batch);
    TxnRecord read = MvccStore.txnRecord(engine, new byte[] {1, 0, 2}, A);
    assertThat(read).isNotNull();
    if (read != null) {
      assertThat(read.state()).isEqualTo(TxnRecord.State.PENDING);
      assertThat(read.heartbeat()).isEqualTo(77);
      assertThat(read.spans()).containsExactly(span, KeySpan.ALL);
      MvccStore.putTxnRecord(batch, read.withState(TxnRecord.State.COMMITTED, 123));
      engine.write(batch);
    }
    List<String> found = new ArrayList<>();
    MvccStore.txnRecords(engine, span, r -> found.add(r.txn() + " " + r.state()));
    assertThat(found).containsExactly(A + " COMMITTED", B + " ABORTED");
    found.clear();
    MvccStore.txnRecords(
        engine, new KeySpan(new byte[] {1}, new byte[] {9}), r -> found.add(r.txn() + ""));
    assertThat(found).containsExactly(A + "");
    assertThat(MvccStore.txnRecord(engine, new byte[] {1, 0, 2}, B)).isNull();
    WriteBatch deletion = engine.newBatch();
    MvccStore.deleteTxnRecord(deletion, new byte[] {1, 0, 2}, A);
    engine.write(deletion);
    assertThat(MvccStore.txnRecord(engine, new byte[] {1, 0, 2}, A)).isNull();
  }

  @Test
  void remembersOutcomesUntilTheyExpire() {
    WriteBatch batch = engine.newBatch();
    for (int i = 0; i < 10; i++) {
      MvccStore.putOutcome(batch, new byte[] {(byte) i}, A, 100 + i);
    }
    engine.write(batch);
    assertThat(MvccStore.outcome(engine, new byte[] {3}, A)).isEqualTo(103);
    assertThat(MvccStore.outcome(engine, new byte[] {3}, B)).isEqualTo(Timestamp.NONE);
    WriteBatch expiry = engine.newBatch();
    KeySpan rest = MvccStore.expireOutcomes(engine, expiry, KeySpan.ALL, 105, 3);
    assertThat(rest).isEqualTo(new KeySpan(new byte[] {3}, Bytes.EMPTY));
    if (rest != null) {
      assertThat(MvccStore.expireOutcomes(engine, expiry, rest, 105, 100)).isNull();
    }
    engine.write(expiry);
    assertThat(MvccStore.outcome(engine, new byte[] {4}, A)).isEqualTo(Timestamp.NONE);
    assertThat(MvccStore.outcome(engine, new byte[] {5}, A)).isEqualTo(105);
  }

  @Test
  void copiesAndEmptiesEverythingOfASpanAndNothingElse() {
    for (int key = 0; key < 20; key++) {
      for (long version = 1; version <= 4; version++) {
        write(new byte[] {(byte) key}, version * 3 * HistoryKey.BUCKET_MILLIS + key);
      }
      provisional(new byte[] {(byte) key});
    }
    KeySpan span = new KeySpan(new byte[] {5}, new byte[] {9});
    Engine copy = new MemoryEngine();
    WriteBatch install = copy.newBatch();
    WriteBatch removal = engine.newBatch();
    for (FamilySpan part : ReplicaSpans.of(engine, span)) {
      SpanExport.stream(
          engine,
          part.family(),
          part.span(),
          (key, value) -> {
            install.put(part.family(), key, value);
            return true;
          });
      removal.deleteRange(part.family(), part.span());
    }
    copy.write(install);
    engine.write(removal);
    for (int key = 0; key < 20; key++) {
      boolean moved = key >= 5 && key < 9;
      for (long version = 1; version <= 4; version++) {
        long ts = Timestamp.of(version * 3 * HistoryKey.BUCKET_MILLIS + key, 0);
        assertThat(commitTsAt(copy, key, ts)).isEqualTo(moved ? ts : Timestamp.NONE);
        assertThat(commitTsAt(engine, key, ts)).isEqualTo(moved ? Timestamp.NONE : ts);
      }
      assertThat(MvccStore.provisional(copy, new byte[] {(byte) key}) != null).isEqualTo(moved);
      assertThat(MvccStore.outcome(copy, new byte[] {(byte) key}, A) != 0).isEqualTo(moved);
      assertThat(MvccStore.provisional(engine, new byte[] {(byte) key}) == null).isEqualTo(moved);
    }
  }

  @Test
  void dropsOnlyBucketsThatTheThresholdHasPassed() {
    byte[] key = {7};
    for (long version = 1; version <= 5; version++) {
      write(key, version * HistoryKey.BUCKET_MILLIS);
    }
    HistoryGc gc = new HistoryGc(engine);
    long threshold = Timestamp.of(3 * HistoryKey.BUCKET_MILLIS + 500, 0);
    assertThat(gc.dropBuckets(threshold)).isPositive();
    assertThat(gc.dropBuckets(threshold)).isZero();
    assertThat(commitTsAt(engine, 7, threshold))
        .isEqualTo(Timestamp.of(3 * HistoryKey.BUCKET_MILLIS, 0));
    assertThat(commitTsAt(engine, 7, Timestamp.of(HistoryKey.BUCKET_MILLIS, 0))).isZero();
  }

  private static long commitTsAt(Engine engine, int key, long ts) {
    return switch (MvccStore.readCommitted(engine, new byte[] {(byte) key}, ts)) {
      case ReadResult.Found found -> found.version().commitTs();
      case ReadResult.Absent _ -> Timestamp.NONE;
      case ReadResult.Blocked _ -> -1;
    };
  }

  private void write(byte[] key, long millis) {
    WriteBatch batch = engine.newBatch();
    long ts = Timestamp.of(millis, 0);
    MvccStore.writeVersion(
        engine, batch, key, ts, Bytes.ofLong(millis), false, MvccStore.ANY_PREVIOUS);
    engine.write(batch);
  }

  private void provisional(byte[] key) {
    WriteBatch batch = engine.newBatch();
    MvccStore.putProvisional(
        engine,
        batch,
        key,
        A,
        key,
        Timestamp.MAX,
        new ProvisionalWrite.Entry(0, 0, new byte[] {1}, false));
    MvccStore.putTxnRecord(batch, new TxnRecord(A, key, TxnRecord.State.PENDING, 0, 0, List.of()));
    MvccStore.putOutcome(batch, key, A, 42);
    engine.write(batch);
  }
}
