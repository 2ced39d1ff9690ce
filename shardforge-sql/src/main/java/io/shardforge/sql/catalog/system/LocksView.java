package io.shardforge.sql.catalog.system;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The locks of all sessions, for pg_locks. Obtained from EvalContext.services(). */
public interface LocksView {
  Collection<Entry> locks();

  /**
   * One lock.
   *
   * @param type PostgreSQL's word, such as "advisory"
   * @param relation the table's OID if it is a lock of a row of one that is known
   * @param advisory what an advisory lock is about, else null
   * @param mode PostgreSQL's word, such as "ExclusiveLock"
   * @param sinceMicros when the wait for it began, null if that is not known or it is held
   */
  record Entry(
      String type,
      int databaseId,
      @Nullable Long relation,
      @Nullable AdvisoryKey advisory,
      long pid,
      String mode,
      boolean granted,
      @Nullable Long sinceMicros) {}

  /** As pg_locks takes it apart. */
  record AdvisoryKey(long classId, long objectId, long subId) {}
}
