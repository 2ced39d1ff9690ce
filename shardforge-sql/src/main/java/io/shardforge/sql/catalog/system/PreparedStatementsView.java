package io.shardforge.sql.catalog.system;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What pg_prepared_statements shows: the named prepared statements of this session. */
public interface PreparedStatementsView {
  /**
   * One prepared statement.
   *
   * @param preparedMicros when it was made, in microseconds since 2000
   * @param parameterTypes OIDs
   * @param resultTypes OIDs, null for a statement without rows
   * @param fromSql whether PREPARE made it, not the protocol
   */
  record Entry(
      String name,
      String statement,
      long preparedMicros,
      List<Integer> parameterTypes,
      @Nullable List<Integer> resultTypes,
      boolean fromSql) {}

  List<Entry> preparedStatements();
}
