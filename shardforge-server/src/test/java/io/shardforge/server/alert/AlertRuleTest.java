package io.shardforge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shipped rules as the server evaluates them: it must find what Prometheus does, by the tests
 * that are written for Prometheus's own tool.
 */
class AlertRuleTest {
  private static final Pattern SERIES =
      Pattern.compile("\\{series: \"((?:[^\"\\\\]|\\\\.)*)\", values: \"([^\"]*)\"}");
  private static final Pattern EVALUATION =
      Pattern.compile(
          "eval_time: (\\d+)m,?\\s+alertname: (\\w+)"
              + "(?:\\s+exp_alerts:\\s+- exp_labels: \\{(.*)}\\s+exp_annotations: \\{(.*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+): \"([^\"]*)\"");
  private static final Pattern SHOWN_LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Pattern VALUES =
      Pattern.compile("(-?[0-9.]+)(?:([+-][0-9.]+)?x([0-9]+))?|stale");
  private static final long MINUTE = Duration.ofMinutes(1).toNanos() / 1_000;

  /** What is measured of a series, each minute. */
  record Series(String name, Map<String, String> labels, List<Double> values) {}

  /** What is expected after some minutes; no labels if the alert is quiet. */
  record Expected(int minute, String alert, Map<String, String> labels, String summary) {}

  record Scenario(List<Series> series, List<Expected> expected) {
    @Override
    public String toString() {
      return expected.getFirst().alert;
    }
  }

  static Stream<Scenario> scenarios() throws IOException {
    String file = Files.readString(Path.of("src/test/resources/alerts/rules_test.yml"));
    return Arrays.stream(file.split("- interval: 1m", -1)).skip(1).map(AlertRuleTest::scenario);
  }

  private static Scenario scenario(String text) {
    List<Series> series = new ArrayList<>();
    SERIES
        .matcher(text)
        .results()
        .forEach(found -> {
          String shown = found.group(1).replace("\\\"", "\"");
          Map<String, String> labels = new TreeMap<>();
          Matcher label = SHOWN_LABEL.matcher(shown);
          while (label.find()) {
            labels.put(label.group(1), label.group(2));
          }
          series.add(
              new Series(shown.substring(0, shown.indexOf('{')), labels, values(found.group(2))));
        });
    List<Expected> expected = new ArrayList<>();
    EVALUATION
        .matcher(text)
        .results()
        .forEach(found -> {
          Map<String, String> labels = found.group(3) == null ? Map.of() : labels(found.group(3));
          String summary =
              found.group(4) == null ? "" : labels(found.group(4)).getOrDefault("summary", "");
          expected.add(
              new Expected(Integer.parseInt(found.group(1)), found.group(2), labels, summary));
        });
    return new Scenario(series, expected);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    LABEL.matcher(text).results().forEach(found -> labels.put(found.group(1), found.group(2)));
    return labels;
  }

  private static List<Double> values(String text) {
    List<Double> values = new ArrayList<>();
    VALUES
        .matcher(text)
        .results()
        .forEach(found -> {
          if (found.group(1) == null) {
            values.add(Double.NaN);
            return;
          }
          double step = found.group(2) == null ? 0 : Double.parseDouble(found.group(2));
          int more = found.group(3) == null ? 0 : Integer.parseInt(found.group(3));
          for (int i = 0; i <= more; i++) {
            values.add(Double.parseDouble(found.group(1)) + i * step);
          }
        });
    return values;
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void firesAndEndsAsPrometheusDoes(Scenario scenario) {
    List<AlertRule> rules = AlertRule.shipped();
    Samples samples = new Samples(AlertRule.spans(rules));
    AlertBook book = new AlertBook();
    int fired = 0;
    int last = scenario.expected.getLast().minute;
    for (int minute = 0; minute <= last; minute++) {
      samples.begin(minute * MINUTE);
      for (Series series : scenario.series) {
        if (minute < series.values.size() && !series.values.get(minute).isNaN()) {
          samples.add(series.name, series.labels, series.values.get(minute));
        }
      }
      book.note(rules, samples, Long.MAX_VALUE);
      for (Expected expected : scenario.expected) {
        if (expected.minute == minute) {
          List<Alert> firing =
              book.all().stream()
                  .filter(alert -> alert.name().equals(expected.alert))
                  .filter(alert -> alert.state() == Alert.State.FIRING)
                  .toList();
          if (expected.labels.isEmpty()) {
            assertThat(firing).as("after %s min", minute).isEmpty();
          } else {
            fired++;
            assertThat(firing).as("after %s min", minute).hasSize(1);
            Alert alert = firing.getFirst();
            Map<String, String> labels = new TreeMap<>(alert.labels());
            labels.put("severity", alert.severity());
            assertThat(labels).isEqualTo(expected.labels);
            assertThat(alert.summary()).isEqualTo(expected.summary);
          }
        }
      }
    }
    assertThat(fired).isPositive();
    assertThat(book.all())
        .as("what is over")
        .anyMatch(alert ->
            alert.name().equals(scenario.toString()) && alert.state() == Alert.State.RESOLVED);
  }

  @Test
  void everyRuleHasAScenario() throws IOException {
    Set<String> tried = new TreeSet<>();
    scenarios().forEach(scenario -> tried.add(scenario.toString()));
    assertThat(tried)
        .containsExactlyInAnyOrderElementsOf(
            AlertRule.shipped().stream().map(AlertRule::name).toList());
  }

  @Test
  void refusesWhatItCannotEvaluate() {
    for (String query :
        List.of("a >", "rate(a)", "a offset 5m", "topk(3, a)", "a{b=c} > 1", "a ? b", "", "(a")) {
      assertThatThrownBy(() -> QueryParser.parse(query))
          .as(query)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the query");
    }
    assertThatThrownBy(() -> AlertRule.read("- alert: Odd\n  expr: |\n    a > 1\n"))
        .hasMessageContaining("of 1 alert rules only 0 can be read");
  }
}
