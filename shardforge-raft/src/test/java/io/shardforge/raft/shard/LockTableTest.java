package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.RowWait;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The queues of row locks. */
final class LockTableTest {
  private static final byte[] ROW = {1};
  private static final TxnId A = new TxnId(1, 1);
  private static final TxnId B = new TxnId(2, 2);
  private static final TxnId C = new TxnId(3, 3);

  private final ManualClock clock = new ManualClock(0);
  private final LockTable table = new LockTable(clock);

  private LockTable.Waiter queue(TxnId id, LockStrength strength) {
    return Objects.requireNonNull(table.acquireOrQueue(id, ROW, strength), "it was free");
  }

  private static boolean isGranted(LockTable.Waiter waiter) throws InterruptedException {
    return waiter.await(0);
  }

  @Test
  void firstComeFirstServed() throws InterruptedException {
    assertThat(table.acquireOrQueue(A, ROW, LockStrength.UPDATE)).isNull();
    LockTable.Waiter b = queue(B, LockStrength.UPDATE);
    LockTable.Waiter c = queue(C, LockStrength.UPDATE);
    assertThat(c.blockers()).containsExactly(A, B);
    table.releaseAll(A);
    assertThat(isGranted(b)).isTrue();
    assertThat(isGranted(c)).isFalse();
    table.releaseAll(B);
    assertThat(isGranted(c)).isTrue();
  }

  @Test
  void whoWaitsAndForWhomIsTold() {
    assertThat(table.acquireOrQueue(A, ROW, LockStrength.SHARE)).isNull();
    assertThat(table.waits()).isEmpty();
    var _ = queue(B, LockStrength.UPDATE);
    var _ = queue(C, LockStrength.SHARE);
    assertThat(table.waits())
        .extracting(
            RowWait::waiter,
            RowWait::strength,
            wait -> wait.inTheWay().stream().map(ReportedLock::id).toList())
        .containsExactly(
            tuple(B, LockStrength.UPDATE, List.of(A)), tuple(C, LockStrength.SHARE, List.of(B)));
    table.releaseAll(A);
    assertThat(table.waits()).extracting(RowWait::waiter).containsExactly(C);
  }

  @Test
  void whoeverHasTheLockWaitsForNobodyBehindIt() throws InterruptedException {
    assertThat(table.acquireOrQueue(A, ROW, LockStrength.UPDATE)).isNull();
    LockTable.Waiter b = queue(B, LockStrength.UPDATE);
    LockTable.Waiter c = queue(C, LockStrength.UPDATE);
    assertThat(b.blockers()).containsExactly(A);
    table.releaseAll(A);
    assertThat(b.blockers()).isEmpty();
    assertThat(c.blockers()).containsExactly(B);
  }

  @Test
  void laterReaderStandsBehindAWaitingWriter() throws InterruptedException {
    assertThat(table.acquireOrQueue(A, ROW, LockStrength.SHARE)).isNull();
    LockTable.Waiter writer = queue(B, LockStrength.UPDATE);
    assertThat(table.tryAcquire(C, ROW, LockStrength.SHARE)).isFalse();
    LockTable.Waiter reader = queue(C, LockStrength.SHARE);
    table.releaseAll(A);
    assertThat(isGranted(writer)).isTrue();
    assertThat(isGranted(reader)).isFalse();
  }

  @Test
  void holderThatWantsMoreGoesAheadOfTheQueue() throws InterruptedException {
    assertThat(table.acquireOrQueue(A, ROW, LockStrength.SHARE)).isNull();
    assertThat(table.acquireOrQueue(B, ROW, LockStrength.SHARE)).isNull();
    LockTable.Waiter c = queue(C, LockStrength.UPDATE);
    LockTable.Waiter more = queue(A, LockStrength.UPDATE);
    table.releaseAll(B);
    assertThat(isGranted(more)).isTrue();
    assertThat(isGranted(c)).isFalse();
  }

  @Test
  void whoeverGivesUpLetsOthersThrough() throws InterruptedException {
    assertThat(table.acquireOrQueue(A, ROW, LockStrength.SHARE)).isNull();
    LockTable.Waiter writer = queue(B, LockStrength.UPDATE);
    LockTable.Waiter reader = queue(C, LockStrength.SHARE);
    assertThat(writer.cancel()).isFalse();
    assertThat(isGranted(reader)).isTrue();
  }

  @Test
  void closedTableWakesWaitersAndHoldsNothing() throws InterruptedException {
    assertThat(table.acquireOrQueue(A, ROW, LockStrength.UPDATE)).isNull();
    LockTable.Waiter b = queue(B, LockStrength.UPDATE);
    table.close();
    assertThat(isGranted(b)).isTrue();
    assertThat(table.holds(A, ROW, LockStrength.UPDATE)).isFalse();
  }

  @Test
  void expelledTransactionHoldsNothingAndIsRemembered() {
    assertThat(table.tryAcquire(A, ROW, LockStrength.UPDATE)).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(table.silentNanos(A)).isEqualTo(Duration.ofSeconds(1).toNanos());
    table.heard(A);
    assertThat(table.silentNanos(A)).isZero();
    table.expel(A);
    assertThat(table.isExpelled(A)).isTrue();
    assertThat(table.holds(A, ROW, LockStrength.UPDATE)).isFalse();
    assertThat(table.tryAcquire(B, ROW, LockStrength.UPDATE)).isTrue();
    assertThat(table.size()).isEqualTo(1);
    table.release(B, List.of(ROW));
    assertThat(table.size()).isZero();
  }
}
