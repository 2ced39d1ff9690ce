package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.sql.plan.PlanNode.LockPolicy;
import io.shardforge.sql.plan.PlanNode.RowLock;

/** How plans' words for row locks are said to the transaction. */
final class RowLocks {
  /** Rows locked in one request. */
  static final int BATCH_MAX = 1024;

  private RowLocks() {}

  static LockStrength strength(RowLock lock) {
    return switch (lock) {
      case KEY_SHARE -> LockStrength.KEY_SHARE;
      case SHARE -> LockStrength.SHARE;
      case NO_KEY_UPDATE -> LockStrength.NO_KEY_UPDATE;
      case UPDATE -> LockStrength.UPDATE;
    };
  }

  static LockWait wait(LockPolicy policy) {
    return switch (policy) {
      case BLOCK -> LockWait.BLOCK;
      case NOWAIT -> LockWait.NOWAIT;
      case SKIP_LOCKED -> LockWait.SKIP_LOCKED;
    };
  }
}
