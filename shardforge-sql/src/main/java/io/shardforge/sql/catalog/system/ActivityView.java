package io.shardforge.sql.catalog.system;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions of this node, for pg_stat_activity. Obtained from EvalContext.services(). */
public interface ActivityView {
  List<Entry> sessions();

  /**
   * One session; times are microseconds since 2000-01-01 UTC, null where there is none.
   *
   * @param state PostgreSQL's word, such as "idle in transaction"
   */
  record Entry(
      long pid,
      int databaseId,
      String database,
      int roleId,
      String user,
      String applicationName,
      @Nullable String clientAddress,
      int clientPort,
      long startedMicros,
      @Nullable Long transactionMicros,
      @Nullable Long queryMicros,
      @Nullable Long stateMicros,
      String state,
      String query) {}
}
