package io.shardforge.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.shardforge.server.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules and the dashboard that are shipped. */
class AlertRulesTest {
  private static final Pattern NAME =
      Pattern.compile("\\b(?:shardforge|process|jvm)_[a-z0-9_]+(?=[{\\[ )\"]|$)");
  private static final Pattern ALERT = Pattern.compile("(?m)alert(?:name)?: ([A-Za-z]+)");

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void namesOnlyMetricsThatThereAre(AlertFile file) {
    assertThat(NAME.matcher(file.text()).results().map(MatchResult::group))
        .isNotEmpty()
        .allMatch(AlertRulesTest::isShown);
  }

  private static boolean isShown(String name) {
    return Arrays.stream(Metric.values())
        .anyMatch(metric ->
            switch (metric.kind()) {
              case GAUGE, COUNTER -> name.equals(metric.metricName());
              case HISTOGRAM -> name.matches(metric.metricName() + "_(bucket|sum|count|max)");
              case SUMMARY -> name.matches(metric.metricName() + "_(sum|count|max)");
            });
  }

  @Test
  void everyAlertIsCausedByATest() throws IOException {
    assertThat(alerts(Files.readString(tests()))).isEqualTo(alerts(AlertFile.RULES.text()));
  }

  private static Set<String> alerts(String text) {
    return ALERT
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Path tests() {
    return Path.of("src/test/resources/alerts/rules_test.yml");
  }

  @Test
  void rulesPassPrometheusOwnTool() throws Exception {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(":", -1))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "promtool")));
    if (!there) {
      abort("promtool is not installed (Debian's package prometheus)");
    }
    Files.writeString(directory.resolve("rules.yml"), AlertFile.RULES.text());
    Files.copy(tests(), directory.resolve("rules_test.yml"));
    promtool("check", "rules", "rules.yml");
    promtool("test", "rules", "rules_test.yml");
  }

  private void promtool(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("promtool");
    builder.command().addAll(List.of(arguments));
    Process process = builder.directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void serverShowsThem() throws Exception {
    try (TestServer server = TestServer.start();
        HttpClient client = HttpClient.newHttpClient()) {
      String address = "http://127.0.0.1:" + server.httpAddress().getPort();
      assertThat(get(client, address + "/alerts/rules.yml")).isEqualTo(AlertFile.RULES.text());
      String dashboard = get(client, address + "/alerts/dashboard.json");
      assertThat(dashboard).isEqualTo(AlertFile.DASHBOARD.text());
      assertThat(
              server.query(
                  "SELECT json_array_length('%s'::json -> 'panels') > 20"
                      .formatted(dashboard.replace("'", "''"))))
          .containsExactly("t");
      assertThat(get(client, address + "/metrics")).contains("shardforge_ready 1.0");
    }
  }

  private static String get(HttpClient client, String address)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}
