package io.shardforge.sql.catalog.system;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The alerts of the cluster. From EvalContext.services(). */
public interface AlertsView {
  /**
   * An alert.
   *
   * @param nodeId the node that it is about, or null
   * @param sinceMicros since when there is cause for it, since 1970-01-01 UTC like all of them
   * @param firedMicros since when it fires, or null if it does not yet
   * @param endedMicros when it ended, or null if it has not
   */
  record Entry(
      String name,
      String severity,
      @Nullable Integer nodeId,
      String state,
      long sinceMicros,
      @Nullable Long firedMicros,
      @Nullable Long endedMicros,
      double value,
      String summary) {}

  /** Those that fire first, then those that may, then those of the past day. */
  List<Entry> alerts();
}
