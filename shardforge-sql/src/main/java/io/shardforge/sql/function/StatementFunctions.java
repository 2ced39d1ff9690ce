package io.shardforge.sql.function;

/** pg_stat_statements_reset. Obtained from EvalContext.services(). */
public interface StatementFunctions {
  /**
   * Forgets what was counted of statements, each number 0 for any.
   *
   * @return the time of it, in microseconds since 2000-01-01 UTC
   */
  long reset(long roleId, long databaseId, long queryId);
}
