package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Row locks between transactions: strengths, queues, time-outs, deadlocks. */
final class RowLockTest extends ClusterTest {
  private static List<byte[]> row() {
    return List.of(key(1, "row"));
  }

  @Test
  void strengthsConflictAsInPostgres() {
    // Rows: held; columns: asked for, in the order of the constants.
    String[] conflicts = {"...x", "..xx", ".xxx", "xxxx"};
    LockStrength[] strengths = LockStrength.values();
    write(key(1, "row"), "0");
    for (int i = 0; i < strengths.length; i++) {
      for (int j = 0; j < strengths.length; j++) {
        Txn holder = begin(Isolation.READ_COMMITTED);
        Txn other = begin(Isolation.READ_COMMITTED);
        holder.lock(row(), strengths[i], LockWait.BLOCK);
        boolean skipped =
            other.lock(row(), strengths[j], LockWait.SKIP_LOCKED).getFirst().skipped();
        assertThat(skipped)
            .as("%s against %s", strengths[j], strengths[i])
            .isEqualTo(conflicts[i].charAt(j) == 'x');
        other.rollback();
        holder.rollback();
      }
    }
  }

  @Test
  void nowaitFailsAndSkipLockedLeavesOut() {
    write(key(1, "row"), "0");
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(row(), LockStrength.UPDATE, LockWait.BLOCK);
    Txn other = begin(Isolation.READ_COMMITTED);
    assertThat(errorOf(() -> other.lock(row(), LockStrength.SHARE, LockWait.NOWAIT)))
        .isInstanceOf(KvError.LockNotAvailable.class);
    assertThat(other.lock(row(), LockStrength.SHARE, LockWait.SKIP_LOCKED).getFirst().skipped())
        .isTrue();
    holder.commit();
    assertThat(text(other.lock(row(), LockStrength.SHARE, LockWait.NOWAIT).getFirst().value()))
        .isEqualTo("0");
    other.rollback();
  }

  @Test
  void preparedRowOfADecidedTransactionIsFreeAtOnce() {
    for (int i = 0; i < 10; i++) {
      Txn writer = begin(Isolation.READ_COMMITTED);
      writer.put(TABLE, key(1, "row"), bytes("1"));
      writer.put(TABLE, key(2, "row"), bytes("1"));
      writer.commit();
      Txn next = begin(Isolation.READ_COMMITTED);
      assertThat(text(next.lock(row(), LockStrength.UPDATE, LockWait.NOWAIT).getFirst().value()))
          .isEqualTo("1");
      next.rollback();
    }
  }

  @Test
  void lockTimeoutEndsAWait() {
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(row(), LockStrength.UPDATE, LockWait.BLOCK);
    Txn other = cluster.transactions().begin(Isolation.READ_COMMITTED, false);
    other.beginStatement(Deadline.after(clock, PATIENCE), Duration.ofMillis(50));
    assertThat(errorOf(() -> other.lock(row(), LockStrength.UPDATE, LockWait.BLOCK)))
        .isInstanceOfSatisfying(
            KvError.LockNotAvailable.class, error -> assertThat(error.timedOut()).isTrue());
    other.rollback();
    holder.rollback();
  }

  @Test
  void statementDeadlineEndsAWait() {
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(row(), LockStrength.UPDATE, LockWait.BLOCK);
    Txn other = cluster.transactions().begin(Isolation.READ_COMMITTED, false);
    other.beginStatement(Deadline.after(clock, Duration.ofMillis(50)), Duration.ZERO);
    assertThat(errorOf(() -> other.lock(row(), LockStrength.UPDATE, LockWait.BLOCK)))
        .isInstanceOf(KvError.DeadlineExceeded.class);
    other.rollback();
    holder.rollback();
  }

  @Test
  void interruptionEndsAWait() throws InterruptedException {
    Txn holder = begin(Isolation.READ_COMMITTED);
    holder.lock(row(), LockStrength.UPDATE, LockWait.BLOCK);
    CompletableFuture<KvError> error = new CompletableFuture<>();
    Thread waiter =
        Thread.startVirtualThread(() -> {
          Txn other = begin(Isolation.READ_COMMITTED);
          error.complete(errorOf(() -> other.lock(row(), LockStrength.UPDATE, LockWait.BLOCK)));
          other.rollback();
        });
    waiter.interrupt();
    assertThat(join(error)).isInstanceOf(KvError.Canceled.class);
    waiter.join();
    holder.rollback();
  }

  @Test
  void lockUpgradeOfTheOnlyHolderNeedsNoWait() {
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.lock(row(), LockStrength.SHARE, LockWait.BLOCK);
    txn.lock(row(), LockStrength.UPDATE, LockWait.NOWAIT);
    Txn other = begin(Isolation.READ_COMMITTED);
    assertThat(other.lock(row(), LockStrength.KEY_SHARE, LockWait.SKIP_LOCKED).getFirst().skipped())
        .isTrue();
    other.rollback();
    txn.rollback();
  }

  @Test
  void deadlockAcrossShardsEndsOneOfTheTwoAndNamesBoth() {
    MonotonicTimer timer = MonotonicTimer.start(clock);
    CountDownLatch bothHold = new CountDownLatch(2);
    CompletableFuture<KvError> first = async(() -> cross(1, 2, bothHold));
    CompletableFuture<KvError> second = async(() -> cross(2, 1, bothHold));
    List<KvError> errors = List.of(join(first), join(second));
    List<KvError.Deadlock> deadlocks =
        errors.stream()
            .filter(KvError.Deadlock.class::isInstance)
            .map(KvError.Deadlock.class::cast)
            .toList();
    assertThat(deadlocks).hasSize(1);
    assertThat(deadlocks.getFirst().waiter()).isNotEqualTo(deadlocks.getFirst().holder());
    assertThat(timer.elapsed()).isLessThan(Duration.ofSeconds(10));
  }

  /** Locks a row of one shard, then one of another; returns how that failed, or Canceled. */
  private KvError cross(int from, int to, CountDownLatch bothHold) {
    Txn txn = begin(Isolation.READ_COMMITTED);
    try {
      txn.lock(List.of(key(from, "x")), LockStrength.UPDATE, LockWait.BLOCK);
      bothHold.countDown();
      bothHold.await();
      txn.lock(List.of(key(to, "x")), LockStrength.UPDATE, LockWait.BLOCK);
      txn.commit();
      return new KvError.Canceled();
    } catch (KvException e) {
      txn.rollback();
      return e.error();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void insertWaitsForTheOtherInserter() {
    Txn first = begin(Isolation.READ_COMMITTED);
    first.insert(TABLE, key(1, "row"), bytes("first"));
    first.finishStatement(false);
    CompletableFuture<KvError> second =
        async(() -> {
          Txn txn = begin(Isolation.READ_COMMITTED);
          txn.insert(TABLE, key(1, "row"), bytes("second"));
          KvError error = errorOf(() -> txn.finishStatement(false));
          txn.rollback();
          return error;
        });
    first.commit();
    assertThat(join(second)).isInstanceOf(KvError.KeyExists.class);
    assertThat(read(key(1, "row"))).isEqualTo("first");
  }
}
