package io.shardforge.raft.group;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.impl.RatisMetricRegistryImpl;
import org.apache.ratis.server.metrics.SegmentedRaftLogMetrics;
import org.apache.ratis.thirdparty.com.codahale.metrics.MetricFilter;
import org.apache.ratis.thirdparty.com.codahale.metrics.Timer;

/**
 * How the logs of this process are doing, as the library has counted: all groups together. Times
 * are those of some minutes past, and those of the last work where there was none.
 *
 * @param syncs how often a log was made durable
 * @param syncSeconds the 99th percentile of how long that took, of the slowest group
 * @param appendSeconds the same of an entry's way into a log, its wait for that included
 */
public record LogFigures(long syncs, double syncSeconds, double appendSeconds) {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The figures of now. */
  public static LogFigures read() {
    long syncs = 0;
    double sync = 0;
    double append = 0;
    for (RatisMetricRegistry registry : MetricRegistries.global().getMetricRegistries()) {
      if (registry instanceof RatisMetricRegistryImpl found) {
        syncs += (long) sum(found, SegmentedRaftLogMetrics.RAFT_LOG_SYNC_TIME, Timer::getCount);
        sync = Math.max(sync, slowest(found, SegmentedRaftLogMetrics.RAFT_LOG_SYNC_TIME));
        append =
            Math.max(append, slowest(found, SegmentedRaftLogMetrics.RAFT_LOG_APPEND_ENTRY_LATENCY));
      }
    }
    return new LogFigures(syncs, sync, append);
  }

  private static double slowest(RatisMetricRegistryImpl registry, String name) {
    return sum(registry, name, timer -> timer.getSnapshot().get99thPercentile() / NANOS);
  }

  /** Each registry has at most one timer of a name. */
  private static double sum(
      RatisMetricRegistryImpl registry, String name, ToDoubleFunction<Timer> figure) {
    MetricFilter named = (full, _) -> full.endsWith(name);
    return registry.getDropWizardMetricRegistry().getTimers(named).values().stream()
        .mapToDouble(figure)
        .sum();
  }
}
