package io.shardforge.sql.catalog.system;

import java.util.List;

/** The statements that this node has run, for pg_stat_statements. From EvalContext.services(). */
public interface StatementsView {
  List<Entry> statements();

  /** Milliseconds of all runs, of the shortest and longest one, and how they are spread. */
  record Times(double total, double least, double greatest, double mean, double deviation) {}

  /**
   * The runs of one statement by one role in one database.
   *
   * @param queryId 0 for one that the role may not read
   * @param sinceMicros microseconds since 2000-01-01 UTC from which it is counted
   */
  record Entry(
      int roleId,
      int databaseId,
      long queryId,
      String query,
      long plans,
      Times planned,
      long calls,
      Times executed,
      long rows,
      long sinceMicros) {}
}
