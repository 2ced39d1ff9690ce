package io.shardforge.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the page of metrics to the enum; {@code -Dmetrics.rewrite} writes it. */
class MetricPageTest {
  private static final Path PAGE = Path.of("../docs/operations/metrics.md");

  private static final String HEAD =
      """
      # Metrics

      What `GET /metrics` of a node's `http` port shows, in Prometheus's text format. The values are the node's own and count from the start of its process; those of
      shards, logs, store, nodes and jobs are looked at every five seconds. A histogram has `_bucket`, `_sum`, `_count` and `_max`, with buckets from 0.1 ms to 60 s; a summary
      `_sum`, `_count` and `_max`. `_max` is the greatest of some minutes past.

      | metric | kind | unit | labels | is |
      |---|---|---|---|---|
      """;

  @Test
  void pageSaysWhatTheServerShows() throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    for (Metric metric : Metric.values()) {
      page.append(
          "| `%s` | %s | %s | %s | %s |%n"
              .formatted(
                  metric.metricName(),
                  metric.kind().name().toLowerCase(Locale.ROOT),
                  metric.unit().words(),
                  metric.labels().stream().map("`%s`"::formatted).collect(Collectors.joining(", ")),
                  metric.description()));
    }
    if (System.getProperty("metrics.rewrite") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .as("-Dmetrics.rewrite writes the page anew")
        .content()
        .isEqualTo(page.toString());
  }

  @Test
  void namesFollowTheirKindAndUnit() {
    for (Metric metric : Metric.values()) {
      String name = metric.metricName();
      assertThat(name.endsWith("_total")).as(name).isEqualTo(metric.kind() == Metric.Kind.COUNTER);
      switch (metric.unit()) {
        case SECONDS -> assertThat(name).contains("_seconds");
        case BYTES -> assertThat(name).contains("_bytes");
        case UNIX_TIME -> assertThat(name).endsWith("_seconds");
        case RATIO -> assertThat(name).endsWith("_ratio");
        case NUMBER, BOOLEAN ->
            assertThat(name).doesNotContain("_seconds").doesNotContain("_bytes");
      }
    }
  }
}
