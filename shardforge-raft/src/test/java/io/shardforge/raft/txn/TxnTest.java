package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The everyday life of transactions on one node with several shards. */
final class TxnTest extends ClusterTest {
  @Test
  void committedWritesAreSeenByLaterTransactions() {
    write(key(1, "a"), "1");
    assertThat(read(key(1, "a"))).isEqualTo("1");
    assertThat(read(key(1, "b"))).isNull();
  }

  @Test
  void ownWritesAreSeenBeforeTheCommitAndByNobodyElse() {
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.put(TABLE, key(1, "a"), bytes("1"));
    assertThat(txn.get(key(1, "a"))).isEqualTo(bytes("1"));
    assertThat(read(key(1, "a"))).isNull();
    txn.commit();
    assertThat(read(key(1, "a"))).isEqualTo("1");
  }

  @Test
  void transactionOverSeveralShardsIsAtomic() {
    assertThat(cluster.locate(key(1, "a"))).isNotEqualTo(cluster.locate(key(2, "a")));
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.put(TABLE, key(1, "a"), bytes("1"));
    txn.put(TABLE, key(2, "a"), bytes("2"));
    long commitTs = txn.commit();
    assertThat(commitTs).isGreaterThan(txn.startTimestamp());
    assertThat(read(key(1, "a"))).isEqualTo("1");
    assertThat(read(key(2, "a"))).isEqualTo("2");
  }

  @Test
  void rollbackLeavesNothing() {
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.put(TABLE, key(1, "a"), bytes("1"));
    txn.put(TABLE, key(2, "a"), bytes("2"));
    txn.rollback();
    assertThat(read(key(1, "a"))).isNull();
    assertThat(read(key(2, "a"))).isNull();
  }

  @Test
  void scansMergeOwnWritesOfEarlierStatementsInBothDirections() {
    write(key(1, "b"), "committed");
    write(key(1, "c"), "committed");
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.put(TABLE, key(1, "a"), bytes("own"));
    txn.lock(List.of(key(1, "b")), LockStrength.UPDATE, LockWait.BLOCK);
    txn.delete(TABLE, key(1, "b"));
    next(txn);
    txn.put(TABLE, key(1, "d"), bytes("this statement's"));
    assertThat(scan(txn, KeySpace.tableSpan(table(1)), false))
        .containsExactly("a=own", "c=committed");
    next(txn);
    assertThat(scan(txn, KeySpace.tableSpan(table(1)), true))
        .containsExactly("d=this statement's", "c=committed", "a=own");
    txn.rollback();
  }

  @Test
  void scanCrossesShards() {
    for (int i = 0; i < 300; i++) {
      write(key(1, "k%03d".formatted(i)), "x");
      write(key(2, "k%03d".formatted(i)), "y");
    }
    Txn txn = begin(Isolation.REPEATABLE_READ);
    int rows = 0;
    try (KvCursor cursor = txn.scan(KeySpace.dataSpan(), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        rows += page.rows();
      }
    }
    assertThat(rows).isEqualTo(600);
    assertThat(scan(txn, KeySpace.dataSpan(), true)).hasSize(600);
    txn.rollback();
  }

  @Test
  void insertOverACommittedRowFailsWhenTheStatementEnds() {
    write(key(1, "a"), "1");
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.insert(TABLE, key(1, "a"), bytes("2"));
    assertThat(errorOf(() -> txn.finishStatement(false))).isInstanceOf(KvError.KeyExists.class);
    txn.rollback();
    assertThat(read(key(1, "a"))).isEqualTo("1");
  }

  @Test
  void insertOverACommittedRowFailsWithTheCommitThatFollows() {
    write(key(1, "a"), "1");
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.insert(TABLE, key(1, "a"), bytes("2"));
    txn.finishStatement(true);
    assertThat(errorOf(txn::commit)).isInstanceOf(KvError.KeyExists.class);
    assertThat(read(key(1, "a"))).isEqualTo("1");
  }

  @Test
  void insertAfterDeleteIsAnInsert() {
    write(key(1, "a"), "1");
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.lock(List.of(key(1, "a")), LockStrength.UPDATE, LockWait.BLOCK);
    txn.delete(TABLE, key(1, "a"));
    txn.insert(TABLE, key(1, "a"), bytes("2"));
    txn.finishStatement(false);
    txn.commit();
    assertThat(read(key(1, "a"))).isEqualTo("2");
  }

  @Test
  void deletedRowCanBeInsertedAgain() {
    write(key(1, "a"), "1");
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.lock(List.of(key(1, "a")), LockStrength.UPDATE, LockWait.BLOCK);
    txn.delete(TABLE, key(1, "a"));
    txn.commit();
    assertThat(read(key(1, "a"))).isNull();
    Txn again = begin(Isolation.READ_COMMITTED);
    again.insert(TABLE, key(1, "a"), bytes("2"));
    again.finishStatement(false);
    again.commit();
    assertThat(read(key(1, "a"))).isEqualTo("2");
  }

  @Test
  void savepointUndoesBufferedWrites() {
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.put(TABLE, key(1, "a"), bytes("1"));
    int savepoint = txn.savepoint();
    next(txn);
    txn.put(TABLE, key(1, "a"), bytes("2"));
    txn.put(TABLE, key(1, "b"), bytes("2"));
    txn.rollbackTo(savepoint);
    next(txn);
    assertThat(txn.get(key(1, "a"))).isEqualTo(bytes("1"));
    txn.put(TABLE, key(1, "c"), bytes("3"));
    txn.commit();
    assertThat(read(key(1, "a"))).isEqualTo("1");
    assertThat(read(key(1, "b"))).isNull();
    assertThat(read(key(1, "c"))).isEqualTo("3");
  }

  @Test
  void largeTransactionsShipEarlyAndCommitAtOnce() {
    int rows = BufferedTxn.BUFFER_ROWS_MAX * 2 + 7;
    Txn txn = begin(Isolation.READ_COMMITTED);
    for (int i = 0; i < rows; i++) {
      txn.insert(TABLE, key(1 + i % 2, "k%06d".formatted(i)), bytes("v" + i));
    }
    assertThat(read(key(1, "k000000"))).isNull();
    next(txn);
    assertThat(txn.get(key(1, "k000000"))).isEqualTo(bytes("v0"));
    assertThat(scan(txn, KeySpace.dataSpan(), false)).hasSize(rows);
    txn.finishStatement(false);
    txn.commit();
    assertThat(read(key(1, "k000000"))).isEqualTo("v0");
    Txn after = begin(Isolation.READ_COMMITTED);
    assertThat(scan(after, KeySpace.dataSpan(), false)).hasSize(rows);
    after.rollback();
  }

  @Test
  void savepointTakesBackShippedWrites() {
    int rows = BufferedTxn.BUFFER_ROWS_MAX + 10;
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.put(TABLE, key(1, "k000001"), bytes("before"));
    int savepoint = txn.savepoint();
    next(txn);
    for (int i = 0; i < rows; i++) {
      txn.put(TABLE, key(1, "k%06d".formatted(i)), bytes("after"));
    }
    txn.rollbackTo(savepoint);
    next(txn);
    assertThat(scan(txn, KeySpace.tableSpan(table(1)), false)).containsExactly("k000001=before");
    txn.commit();
    Txn after = begin(Isolation.READ_COMMITTED);
    assertThat(scan(after, KeySpan.ALL.intersect(KeySpace.dataSpan()).orElseThrow(), false))
        .containsExactly("k000001=before");
    after.rollback();
  }
}
