package io.shardforge.raft.shard;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.mvcc.TxnId;
import java.util.List;

/**
 * A transaction's wait for the end of others, of which the deadlock detector is told while it
 * lasts. For the thread that waits.
 */
final class ReportedWait implements AutoCloseable {
  private final RowLocks rowLocks;
  private final LeaseTerm term;
  private final Clock clock;
  private final TxnId waiter;
  private final byte[] key;
  private long nextReport;
  private boolean reported;

  /**
   * Begins a wait.
   *
   * @param key what an error names if nobody can ever go on
   */
  ReportedWait(RowLocks rowLocks, LeaseTerm term, Clock clock, TxnId waiter, byte[] key) {
    this.rowLocks = rowLocks;
    this.term = term;
    this.clock = clock;
    this.waiter = waiter;
    this.key = key;
    this.nextReport = clock.monotonicNanos() + RowLocks.REPORT_AFTER.toNanos();
  }

  /** Says for whom it waits now; throws if one of them waits for this transaction. */
  void goOn(List<TxnId> holders) throws InterruptedException {
    if (clock.monotonicNanos() - nextReport < 0) {
      return;
    }
    reported = true;
    TxnId with = rowLocks.report(term, waiter, holders, RowLocks.HELPER_TIMEOUT);
    if (with != null) {
      rowLocks.deadlockFound();
      throw new KvException(new KvError.Deadlock(waiter, with, key));
    }
    nextReport = clock.monotonicNanos() + RowLocks.REPORT_EVERY.toNanos();
  }

  @Override
  public void close() {
    if (reported) {
      rowLocks.withdrawLater(term, waiter);
    }
  }
}
