package io.shardforge.sql.function;

/** pg_advisory_lock and its kin. Obtained from EvalContext.services(). */
public interface AdvisoryLockFunctions {
  /**
   * What a lock is about: one number, or two that do not meet those.
   *
   * @param pair whether the value is two numbers of four bytes
   */
  record Key(boolean pair, long value) {
    static Key of(long value) {
      return new Key(false, value);
    }

    static Key of(long first, long second) {
      return new Key(true, first << Integer.SIZE | (second & 0xFFFF_FFFFL));
    }
  }

  /**
   * Waits for a lock.
   *
   * @param ofTransaction whether it ends with the transaction, else with the session
   */
  void lock(Key key, boolean shared, boolean ofTransaction);

  /** Takes a lock if nobody is in the way. */
  boolean tryLock(Key key, boolean shared, boolean ofTransaction);

  /** Lets go of a lock of the session once; false, with a warning, if there is none. */
  boolean unlock(Key key, boolean shared);

  /** Lets go of all locks of the session. */
  void unlockAll();
}
