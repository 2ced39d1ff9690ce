package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.storage.key.KeySpace;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The anomalies that PostgreSQL documents, at each level, on one shard and on two. */
final class IsolationTest extends ClusterTest {
  /** A second key: in the same shard as key(1, …), or in another one. */
  private static byte[] other(boolean twoShards) {
    return key(twoShards ? 2 : 1, "other");
  }

  @ParameterizedTest
  @EnumSource(Isolation.class)
  void lostUpdate(Isolation isolation) {
    byte[] key = key(1, "a");
    write(key, "0");
    Txn first = begin(isolation);
    Txn second = begin(isolation);
    assertThat(text(first.get(key))).isEqualTo("0");
    assertThat(text(second.get(key))).isEqualTo("0");
    first.lock(List.of(key), LockStrength.NO_KEY_UPDATE, LockWait.BLOCK);
    first.put(TABLE, key, bytes("first"));
    first.commit();
    if (isolation == Isolation.READ_COMMITTED) {
      LockedRow row =
          second.lock(List.of(key), LockStrength.NO_KEY_UPDATE, LockWait.BLOCK).getFirst();
      assertThat(row.newer()).isTrue();
      assertThat(text(row.value())).isEqualTo("first");
      second.restartStatement();
      assertThat(text(second.get(key))).isEqualTo("first");
      second.rollback();
    } else {
      assertThat(
              errorOf(() -> second.lock(List.of(key), LockStrength.NO_KEY_UPDATE, LockWait.BLOCK)))
          .isInstanceOf(KvError.WriteConflict.class);
      second.rollback();
    }
    assertThat(read(key)).isEqualTo("first");
  }

  @Test
  void writeWithoutLockIsRefusedIfTheRowChangedSinceItWasRead() {
    byte[] key = key(1, "a");
    write(key, "0");
    Txn txn = begin(Isolation.READ_COMMITTED);
    assertThat(text(txn.get(key))).isEqualTo("0");
    write(key, "1");
    txn.put(TABLE, key, bytes("2"));
    assertThat(errorOf(txn::commit)).isInstanceOf(KvError.WriteConflict.class);
    assertThat(read(key)).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readSkew(boolean twoShards) {
    byte[] a = key(1, "a");
    byte[] b = other(twoShards);
    write(a, "0");
    write(b, "0");
    Txn committed = begin(Isolation.READ_COMMITTED);
    Txn repeatable = begin(Isolation.REPEATABLE_READ);
    assertThat(text(committed.get(a))).isEqualTo("0");
    assertThat(text(repeatable.get(a))).isEqualTo("0");
    Txn writer = begin(Isolation.READ_COMMITTED);
    writer.put(TABLE, a, bytes("1"));
    writer.put(TABLE, b, bytes("1"));
    writer.commit();
    next(committed);
    next(repeatable);
    assertThat(text(committed.get(b))).isEqualTo("1");
    assertThat(text(repeatable.get(b))).isEqualTo("0");
    committed.rollback();
    repeatable.rollback();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void writeSkewIsPossibleBelowSerializableOnly(boolean twoShards) {
    for (Isolation isolation : Isolation.values()) {
      byte[] a = key(1, "a" + isolation);
      byte[] b = key(twoShards ? 2 : 1, "b" + isolation);
      write(a, "on");
      write(b, "on");
      Txn first = begin(isolation);
      Txn second = begin(isolation);
      assertThat(text(first.get(a)) + text(first.get(b))).isEqualTo("onon");
      assertThat(text(second.get(a)) + text(second.get(b))).isEqualTo("onon");
      first.put(TABLE, a, bytes("off"));
      second.put(TABLE, b, bytes("off"));
      first.commit();
      if (isolation == Isolation.SERIALIZABLE) {
        assertThat(errorOf(second::commit)).isInstanceOf(KvError.ReadChanged.class);
      } else {
        second.commit();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void concurrentWriteSkewNeverPasses(boolean twoShards) {
    for (int round = 0; round < 15; round++) {
      byte[] a = key(1, "a" + round);
      byte[] b = key(twoShards ? 2 : 1, "b" + round);
      CompletableFuture<Boolean> first = async(() -> claim(a, b));
      CompletableFuture<Boolean> second = async(() -> claim(b, a));
      assertThat(join(first) && join(second)).as("both committed in round %s", round).isFalse();
    }
  }

  /** Writes mine if neither is there. */
  private boolean claim(byte[] mine, byte[] theirs) {
    Txn txn = begin(Isolation.SERIALIZABLE);
    try {
      if (txn.get(mine) != null || txn.get(theirs) != null) {
        txn.rollback();
        return false;
      }
      txn.put(TABLE, mine, bytes("mine"));
      txn.commit();
      return true;
    } catch (KvException e) {
      txn.rollback();
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void phantom(boolean twoShards) {
    Txn reader = begin(Isolation.SERIALIZABLE);
    assertThat(scan(reader, KeySpace.tableSpan(table(1)), false)).isEmpty();
    write(key(1, "phantom"), "1");
    next(reader);
    assertThat(scan(reader, KeySpace.tableSpan(table(1)), false)).isEmpty();
    // Somebody has seen that the other key is not there, after the phantom came: the reader's
    // write of it belongs after both.
    assertThat(read(other(twoShards))).isNull();
    reader.put(TABLE, other(twoShards), bytes("none seen"));
    assertThat(errorOf(reader::commit)).isInstanceOf(KvError.ReadChanged.class);
  }

  @Test
  void readOnlyTransactionsNeverFailValidation() {
    write(key(1, "a"), "0");
    Txn reader = begin(Isolation.SERIALIZABLE);
    assertThat(text(reader.get(key(1, "a")))).isEqualTo("0");
    write(key(1, "a"), "1");
    next(reader);
    assertThat(text(reader.get(key(1, "a")))).isEqualTo("0");
    reader.commit();
  }
}
