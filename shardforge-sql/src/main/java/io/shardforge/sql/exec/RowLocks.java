package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.plan.PlanNode.LockPolicy;
import io.shardforge.sql.plan.PlanNode.RowLock;
import java.util.List;

/** Row locks that plans ask for. */
final class RowLocks {
  /** Rows locked in one request. */
  static final int BATCH_MAX = 1024;

  private RowLocks() {}

  /** Locks rows of a table; also in the form that the table is to have, if there is one. */
  static List<LockedRow> take(
      TableDescriptor table,
      List<byte[]> keys,
      RowLock lock,
      LockPolicy policy,
      Execution execution) {
    List<LockedRow> rows = execution.txn().lock(keys, strength(lock), wait(policy));
    RowConversion conversion = SuccessorWriter.conversion(table, execution);
    if (conversion != null) {
      new SuccessorLocks(conversion, execution).take(rows, strength(lock));
    }
    return rows;
  }

  private static LockStrength strength(RowLock lock) {
    return switch (lock) {
      case KEY_SHARE -> LockStrength.KEY_SHARE;
      case SHARE -> LockStrength.SHARE;
      case NO_KEY_UPDATE -> LockStrength.NO_KEY_UPDATE;
      case UPDATE -> LockStrength.UPDATE;
    };
  }

  private static LockWait wait(LockPolicy policy) {
    return switch (policy) {
      case BLOCK -> LockWait.BLOCK;
      case NOWAIT -> LockWait.NOWAIT;
      case SKIP_LOCKED -> LockWait.SKIP_LOCKED;
    };
  }
}
