package io.shardforge.sql.session;

import java.util.List;

/** What a node measures of itself, now and in the past hour. Any thread. */
public interface NodeMetrics {
  /**
   * A value that was measured.
   *
   * @param labels what tells values of one name apart, as {@code kind=read, state=free}; empty
   *     where there is one
   * @param micros since 1970-01-01 UTC, when it was measured
   */
  record Point(String name, String labels, long micros, double value) {}

  /** The values of now. */
  List<Point> now();

  /** What was kept of a metric, in the order of time for each of its labels. */
  List<Point> history(String name);
}
