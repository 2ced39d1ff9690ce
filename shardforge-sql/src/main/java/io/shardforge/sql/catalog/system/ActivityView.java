package io.shardforge.sql.catalog.system;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions of all nodes, for pg_stat_activity. Obtained from EvalContext.services(). */
public interface ActivityView {
  List<Entry> sessions();

  /**
   * One session; times are microseconds since 2000-01-01 UTC, null where there is none.
   *
   * @param waitEventType PostgreSQL's word for what kind of thing it waits for, null for nothing
   * @param waitEvent and for what of that kind
   * @param state PostgreSQL's word, such as "idle in transaction"
   */
  record Entry(
      int node,
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
      @Nullable String waitEventType,
      @Nullable String waitEvent,
      String state,
      String query) {}
}
