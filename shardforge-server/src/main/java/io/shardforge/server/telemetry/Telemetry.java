package io.shardforge.server.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import io.shardforge.raft.shard.ReplicaMonitor;
import io.shardforge.sql.session.NodeMetrics;
import io.shardforge.sql.session.SessionMonitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/** The registry of all {@link Metric}s of this process. */
public final class Telemetry implements SessionMonitor, ReplicaMonitor, AutoCloseable {
  /** The upper bounds of the buckets of all histograms. */
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofSeconds(60)
  };

  private final PrometheusMeterRegistry registry = newRegistry();
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
  private final ConcurrentMap<String, Timer> statements = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> errors = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> restarts = new ConcurrentHashMap<>();
  private final ConcurrentMap<Metric, MultiGauge> rows = new ConcurrentHashMap<>();
  private final Counter committed = counter(Metric.TRANSACTIONS_COMMITTED);
  private final Counter rolledBack = counter(Metric.TRANSACTIONS_ROLLED_BACK);
  private final Timer commits = timer(Metric.RAFT_COMMIT);
  private final Counter refused = counter(Metric.RAFT_REFUSED);
  private final Timer lockWaits = timer(Metric.LOCK_WAIT);
  private final Counter deadlocks = counter(Metric.DEADLOCKS);
  private final Counter leaderChanges = counter(Metric.LEADER_CHANGES);

  public Telemetry(String version) {
    gcMetrics.bindTo(registry);
    ProcessFigures.show(this);
    // A kind of its own: the library strips the end of the name of anything else.
    Info.builder()
        .name(Metric.BUILD_INFO.metricName())
        .help(Metric.BUILD_INFO.description())
        .labelNames(Metric.BUILD_INFO.labels().getFirst())
        .register(registry.getPrometheusRegistry())
        .addLabelValues(version);
  }

  private static PrometheusMeterRegistry newRegistry() {
    PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // Of what the library tells of collections only the pauses: the rest is in ProcessFigures.
    made.config()
        .meterFilter(
            MeterFilter.deny(
                id -> id.getName().startsWith("jvm.") && !id.getName().equals("jvm.gc.pause")));
    return made;
  }

  /**
   * Shows a value that is read at each scrape: a gauge, or a sum that only grows.
   *
   * @param labels the values of the metric's labels
   */
  public void show(Metric metric, DoubleSupplier value, String... labels) {
    if (metric.kind() == Metric.Kind.COUNTER) {
      // The registry holds on to the first argument weakly, to the function strongly.
      FunctionCounter.builder(metric.metricName(), this, _ -> value.getAsDouble())
          .description(metric.description())
          .tags(tags(metric, List.of(labels)))
          .register(registry);
      return;
    }
    Gauge.builder(metric.metricName(), value::getAsDouble)
        .description(metric.description())
        .tags(tags(metric, List.of(labels)))
        .strongReference(true)
        .register(registry);
  }

  /** One of the values of a metric whose labels come and go. */
  public record Row(List<String> labels, DoubleSupplier value) {}

  /** Shows these values of a metric from now on, and no others of it. */
  public void show(Metric metric, Collection<Row> values) {
    rows.computeIfAbsent(
            metric,
            m -> MultiGauge.builder(m.metricName()).description(m.description()).register(registry))
        .register(
            values.stream()
                .map(row ->
                    MultiGauge.Row.of(tags(metric, row.labels()), () -> row.value().getAsDouble()))
                .toList(),
            true);
  }

  private static Tags tags(Metric metric, List<String> values) {
    List<String> names = metric.labels();
    if (names.size() != values.size()) {
      throw new IllegalArgumentException(metric + " has the labels " + names + ", not " + values);
    }
    Tags tags = Tags.empty();
    for (int i = 0; i < names.size(); i++) {
      tags = tags.and(names.get(i), values.get(i));
    }
    return tags;
  }

  private Counter counter(Metric metric, String... labels) {
    return Counter.builder(metric.metricName())
        .description(metric.description())
        .tags(tags(metric, List.of(labels)))
        .register(registry);
  }

  private Timer timer(Metric metric, String... labels) {
    return Timer.builder(metric.metricName())
        .description(metric.description())
        .tags(tags(metric, List.of(labels)))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  @Override
  public void statementEnded(String kind, long nanos) {
    statements
        .computeIfAbsent(kind, k -> timer(Metric.SQL_LATENCY, k))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void statementFailed(String sqlState) {
    errors.computeIfAbsent(sqlState, s -> counter(Metric.SQL_ERRORS, s)).increment();
  }

  @Override
  public void statementRestarted(String cause) {
    restarts.computeIfAbsent(cause, c -> counter(Metric.SQL_RESTARTS, c)).increment();
  }

  @Override
  public void transactionCommitted() {
    committed.increment();
  }

  @Override
  public void transactionRolledBack() {
    rolledBack.increment();
  }

  @Override
  public void entryApplied(long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void proposalRefused() {
    refused.increment();
  }

  @Override
  public void lockAwaited(long nanos) {
    lockWaits.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void deadlockFound() {
    deadlocks.increment();
  }

  @Override
  public void leaderChanged() {
    leaderChanges.increment();
  }

  /**
   * Every value as it is now, under the names that {@link #scrape} gives them, without the buckets
   * of histograms.
   *
   * @param micros when that is
   */
  List<NodeMetrics.Point> points(long micros) {
    List<NodeMetrics.Point> points = new ArrayList<>();
    for (Meter meter : registry.getMeters()) {
      String name = meter.getId().getConventionName(registry.config().namingConvention());
      String labels =
          meter.getId().getTags().stream()
              .map(tag -> tag.getKey() + "=" + tag.getValue())
              .collect(Collectors.joining(", "));
      for (Measurement measured : meter.measure()) {
        String suffix =
            switch (measured.getStatistic()) {
              case COUNT -> meter.getId().getType() == Meter.Type.COUNTER ? "_total" : "_count";
              case TOTAL, TOTAL_TIME -> "_sum";
              case MAX -> "_max";
              default -> "";
            };
        points.add(new NodeMetrics.Point(name + suffix, labels, micros, measured.getValue()));
      }
    }
    return points;
  }

  /** The Prometheus text format, version 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  /** What {@link #scrape} shows under some names. */
  public String scrape(Set<String> names) {
    return scrape()
        .lines()
        .filter(line -> {
          int end = line.indexOf('{') < 0 ? line.indexOf(' ') : line.indexOf('{');
          return end > 0 && names.contains(line.substring(0, end));
        })
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    gcMetrics.close();
    registry.close();
  }
}
