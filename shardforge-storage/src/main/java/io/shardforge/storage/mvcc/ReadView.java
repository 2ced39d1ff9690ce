package io.shardforge.storage.mvcc;

import org.jspecify.annotations.Nullable;

/**
 * What a read sees: the versions committed at or before a timestamp, and of its own transaction's
 * provisional writes those of earlier statements.
 *
 * @param ts the read timestamp
 * @param own the reading transaction, null if it has no provisional writes
 * @param ownStatementLimit own writes by statements with this number or a higher one are not seen
 */
public record ReadView(long ts, @Nullable TxnId own, int ownStatementLimit) {
  /** A view of committed versions only. */
  public static ReadView at(long ts) {
    return new ReadView(ts, null, 0);
  }

  boolean isOwn(ProvisionalWrite write) {
    return write.txn().equals(own);
  }
}
