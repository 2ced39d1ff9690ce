package io.shardforge.sql.session;

import io.shardforge.raft.kv.LockWait;
import io.shardforge.sql.function.AdvisoryLockFunctions;
import io.shardforge.storage.error.ErrorCode;

/** The session's side of pg_advisory_lock and its kin; for the session's thread. */
record SessionLocks(Session session) implements AdvisoryLockFunctions {
  @Override
  public void lock(Key key, boolean shared, boolean ofTransaction) {
    var _ = lock(key, shared, ofTransaction, LockWait.BLOCK);
  }

  @Override
  public boolean tryLock(Key key, boolean shared, boolean ofTransaction) {
    return lock(key, shared, ofTransaction, LockWait.NOWAIT);
  }

  private boolean lock(Key key, boolean shared, boolean ofTransaction, LockWait wait) {
    return locks()
        .lock(
            key,
            shared,
            ofTransaction,
            wait,
            new AdvisoryLocks.Patience(
                session.statementDeadline(), session.settings().lockTimeout()));
  }

  @Override
  public boolean unlock(Key key, boolean shared) {
    boolean unlocked = locks().unlock(key, shared);
    if (!unlocked) {
      session.notice(
          Notice.warning(
              ErrorCode.WARNING,
              "you don't own a lock of type " + (shared ? "ShareLock" : "ExclusiveLock")));
    }
    return unlocked;
  }

  @Override
  public void unlockAll() {
    locks().unlockAll();
  }

  private AdvisoryLocks locks() {
    return session.transaction().advisoryLocks();
  }
}
