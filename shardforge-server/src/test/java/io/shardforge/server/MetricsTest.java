package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.config.ServerConfig;
import io.shardforge.server.telemetry.Metric;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole node shows all its metrics, and no others. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MetricsTest {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) \\S+$");
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** What is shown once it has happened. */
  private static final Set<Metric> LATER =
      EnumSet.of(
          Metric.SQL_LATENCY,
          Metric.SQL_ERRORS,
          Metric.SQL_RESTARTS,
          Metric.GC_PAUSES,
          Metric.CERTIFICATE_EXPIRY);

  @TempDir private Path store;

  @Test
  void nodeShowsWhatIsDocumented() throws Exception {
    ServerConfig config =
        ServerConfig.read(
            ServerConfig.Role.SINGLE,
            List.of(
                "--store",
                store.toString(),
                "--listen",
                "127.0.0.1:0",
                "--pg",
                "127.0.0.1:0",
                "--http",
                "127.0.0.1:0",
                "--insecure",
                "--cache",
                "32MiB"));
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (Node node = Node.start(config, nowhere);
        HttpClient client = HttpClient.newHttpClient()) {
      node.initialize();
      String page = scrape(client, node.httpAddress());
      // Those of the cluster's tables are read some seconds after the start.
      while (!page.contains(Metric.JOBS.metricName() + "{")) {
        LockSupport.parkNanos(POLL_NANOS);
        page = scrape(client, node.httpAddress());
      }
      assertThat(shown(page)).containsAll(names(EnumSet.complementOf(EnumSet.copyOf(LATER))));
      assertThat(names(EnumSet.allOf(Metric.class))).containsAll(shown(page));
      assertThat(page)
          .contains("shardforge_nodes{state=\"live\"} 1.0")
          .contains("shardforge_shard_leader{holds=\"meta\",shard=\"1\"} 1.0")
          .contains("shardforge_raft_commit_seconds_bucket{le=\"0.001\"}");
      assertThat(value(page, Metric.CPU_SECONDS)).isPositive();
      assertThat(value(page, Metric.RESIDENT_BYTES)).isPositive();
      assertThat(value(page, Metric.OPEN_FILES)).isPositive();
      assertThat(value(page, Metric.LOG_SYNCS)).isPositive();
      assertThat(value(page, Metric.LOG_SYNC_SECONDS)).isPositive();
      assertThat(value(page, Metric.LEADER_CHANGES)).isPositive();
    }
  }

  private static String scrape(HttpClient client, InetSocketAddress address)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static double value(String page, Metric metric) {
    Matcher line = Pattern.compile("(?m)^" + metric.metricName() + " (\\S+)$").matcher(page);
    assertThat(line.find()).as(metric.metricName()).isTrue();
    return Double.parseDouble(line.group(1));
  }

  /** The greatest of durations is shown as a metric of its own, and belongs to them. */
  private static Set<String> shown(String page) {
    return TYPE.matcher(page)
        .results()
        .map(found -> found.group(1).replaceFirst("_seconds_max$", "_seconds"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(Set<Metric> metrics) {
    return metrics.stream().map(Metric::metricName).collect(Collectors.toCollection(TreeSet::new));
  }
}
