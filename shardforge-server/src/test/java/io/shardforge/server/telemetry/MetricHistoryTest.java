package io.shardforge.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.session.NodeMetrics.Point;
import io.shardforge.storage.clock.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class MetricHistoryTest {
  private final AtomicInteger step = new AtomicInteger();
  private final Clock clock =
      new Clock() {
        @Override
        public long wallMillis() {
          return step.get() * MetricHistory.STEP.toMillis();
        }

        @Override
        public long monotonicNanos() {
          return step.get() * MetricHistory.STEP.toNanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          throw new InterruptedException("one measurement is enough");
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
          throw new UnsupportedOperationException();
        }
      };

  @Test
  void keepsAnHour() {
    try (Telemetry telemetry = new Telemetry("test")) {
      MetricHistory history = new MetricHistory(telemetry, clock);
      String name = Metric.SQL_CONNECTIONS.metricName();
      int all = MetricHistory.STEPS_MAX + 10;
      int begins = 5;
      for (; step.get() < all; step.incrementAndGet()) {
        if (step.get() == begins) {
          telemetry.show(Metric.SQL_CONNECTIONS, step::get);
        }
        history.measure();
        if (step.get() == begins + 1) {
          assertThat(history.history(name)).extracting(Point::value).containsExactly(5.0, 6.0);
        }
      }
      List<Point> kept = history.history(name);
      assertThat(kept).hasSize(MetricHistory.STEPS_MAX);
      assertThat(kept.getFirst().value()).isEqualTo(10.0);
      assertThat(kept.getLast())
          .isEqualTo(
              new Point(name, "", (all - 1) * MetricHistory.STEP.toMillis() * 1000, all - 1.0));
      assertThat(history.history("nothing")).isEmpty();
    }
  }

  @Test
  void namesValuesAsPrometheusDoes() {
    try (Telemetry telemetry = new Telemetry("test")) {
      telemetry.statementEnded("SELECT", 2_000_000_000);
      telemetry.statementFailed("40001");
      assertThat(telemetry.points(0))
          .contains(
              new Point("shardforge_sql_statement_seconds_count", "kind=SELECT", 0, 1),
              new Point("shardforge_sql_statement_seconds_sum", "kind=SELECT", 0, 2),
              new Point("shardforge_sql_errors_total", "sqlstate=40001", 0, 1));
      assertThat(telemetry.scrape())
          .contains("shardforge_sql_statement_seconds_sum{kind=\"SELECT\"} 2")
          .contains("shardforge_sql_errors_total{sqlstate=\"40001\"} 1");
    }
  }
}
