package io.shardforge.raft.txn;

import io.shardforge.raft.kv.Isolation;
import java.time.Duration;

/** The start of every transaction on this node; for any thread. */
public interface TxnClient {
  /**
   * Starts a transaction. The oracle is asked for a timestamp here (REPEATABLE READ, SERIALIZABLE)
   * or by the first {@link Txn#beginStatement} (READ COMMITTED).
   *
   * @param readOnly refuses writes and row locks
   */
  Txn begin(Isolation isolation, boolean readOnly);

  /**
   * Starts a read-only transaction on the state of a past timestamp; {@link
   * io.shardforge.raft.kv.KvError.TimestampInFuture} if the oracle has not issued it.
   */
  Txn beginAsOf(long readTimestamp);

  /** Starts a read-only transaction on the state of some time ago, by this node's clock. */
  Txn beginBefore(Duration age);
}
