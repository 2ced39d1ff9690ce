package io.shardforge.sql.function;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What nodes measure of themselves. Obtained from EvalContext.services(). */
public interface MetricFunctions {
  /** Rows of node, name, labels, value: what is measured now on each node that answers. */
  Iterator<@Nullable Object[]> metrics();

  /** Rows of node, labels, time, value: the past hour of one metric on each node that answers. */
  Iterator<@Nullable Object[]> metricHistory(String name);
}
