package io.shardforge.server.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shardforge.sql.session.SessionMonitor;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** The registry of all {@link Metric}s of this process. */
public final class Telemetry implements SessionMonitor, AutoCloseable {
  private static final String KIND = "kind";
  private static final String SQLSTATE = "sqlstate";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
  private final ConcurrentMap<String, Timer> statements = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> errors = new ConcurrentHashMap<>();
  private final Counter restarts = counter(Metric.SQL_RESTARTS);
  private final Counter committed = counter(Metric.TRANSACTIONS_COMMITTED);
  private final Counter rolledBack = counter(Metric.TRANSACTIONS_ROLLED_BACK);

  public Telemetry(String version) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gcMetrics.bindTo(registry);
    Gauge.builder(Metric.BUILD_INFO.metricName(), () -> 1)
        .description(Metric.BUILD_INFO.description())
        .tag("version", version)
        .register(registry);
  }

  /** Shows a value that is read at each scrape. */
  public void gauge(Metric metric, DoubleSupplier value, String... tags) {
    Gauge.builder(metric.metricName(), value::getAsDouble)
        .description(metric.description())
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private Counter counter(Metric metric, String... tags) {
    return Counter.builder(metric.metricName())
        .description(metric.description())
        .tags(tags)
        .register(registry);
  }

  @Override
  public void statementEnded(String kind, long nanos) {
    statements
        .computeIfAbsent(
            kind,
            k ->
                Timer.builder(Metric.SQL_LATENCY.metricName())
                    .description(Metric.SQL_LATENCY.description())
                    .tag(KIND, k)
                    .register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void statementFailed(String sqlState) {
    errors.computeIfAbsent(sqlState, s -> counter(Metric.SQL_ERRORS, SQLSTATE, s)).increment();
  }

  @Override
  public void statementRestarted() {
    restarts.increment();
  }

  @Override
  public void transactionCommitted() {
    committed.increment();
  }

  @Override
  public void transactionRolledBack() {
    rolledBack.increment();
  }

  /** The Prometheus text format, version 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gcMetrics.close();
    registry.close();
  }
}
