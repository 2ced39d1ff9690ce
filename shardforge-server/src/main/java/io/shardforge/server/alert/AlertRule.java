package io.shardforge.server.alert;

import io.shardforge.server.telemetry.AlertFile;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When an alert is raised: a rule of the file that is shipped for Prometheus, too, so that the two
 * cannot differ.
 *
 * @param forMicros how long the query has to find something before the alert fires
 * @param spans what the query looks at and how far back, in microseconds
 * @param summary of an alert, with places for labels and the value
 */
record AlertRule(
    String name,
    String severity,
    long forMicros,
    Query query,
    Map<String, Long> spans,
    String summary) {
  private static final Pattern RULE =
      Pattern.compile(
          " *- alert: (?<name>\\w+)\\n *expr: (?<expr>.+)\\n(?: *for: (?<for>\\w+)\\n)?"
              + " *labels: \\{severity: (?<severity>\\w+)}\\n *annotations:\\n"
              + " *summary: (?<summary>.+)\\n");
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{ \\$(?:labels\\.(\\w+)|value)(?: \\| (\\w+))? }}");
  private static final MathContext DIGITS = new MathContext(4);
  private static final int MINUTE = 60;

  AlertRule {
    spans = Map.copyOf(spans);
  }

  /** Those that are shipped. */
  static List<AlertRule> shipped() {
    return read(AlertFile.RULES.text());
  }

  /** Reads rules that are written as those that are shipped; others are an error. */
  static List<AlertRule> read(String file) {
    List<AlertRule> rules = new ArrayList<>();
    Matcher rule = RULE.matcher(file.endsWith("\n") ? file : file + "\n");
    while (rule.find()) {
      QueryParser.Parsed parsed = QueryParser.parse(rule.group("expr"));
      String time = rule.group("for");
      String summary = rule.group("summary");
      boolean quoted = summary.startsWith("\"");
      rules.add(
          new AlertRule(
              rule.group("name"),
              rule.group("severity"),
              time == null ? 0 : QueryParser.micros(time),
              parsed.query(),
              parsed.spans(),
              quoted ? summary.substring(1, summary.length() - 1) : summary));
    }
    long named = file.lines().filter(line -> line.contains("- alert: ")).count();
    if (rules.size() != named) {
      throw new IllegalArgumentException(
          "of " + named + " alert rules only " + rules.size() + " can be read");
    }
    return rules;
  }

  /** How far back its query looks. */
  long spanMicros() {
    return spans.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** What rules look at together, and how far back. */
  static Map<String, Long> spans(List<AlertRule> rules) {
    Map<String, Long> spans = new HashMap<>();
    rules.forEach(rule -> rule.spans.forEach((name, span) -> spans.merge(name, span, Math::max)));
    return spans;
  }

  /** What people are told. */
  String summary(Map<String, String> labels, double value) {
    return PLACE
        .matcher(summary)
        .replaceAll(place -> Matcher.quoteReplacement(fill(place, labels, value)));
  }

  private static String fill(MatchResult place, Map<String, String> labels, double value) {
    String label = place.group(1);
    if (label != null) {
      return labels.getOrDefault(label, "");
    }
    return switch (place.group(2)) {
      case "humanizePercentage" -> digits(value * 100) + "%";
      case "humanizeDuration" -> duration(value);
      case null, default -> digits(value);
    };
  }

  private static String digits(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded =
        Math.abs(value) < 1_000 ? exact.round(DIGITS) : exact.round(MathContext.DECIMAL64);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String duration(double seconds) {
    double size = Math.abs(seconds);
    if (size < MINUTE || !Double.isFinite(seconds)) {
      return size < 1 && size > 0 ? digits(seconds * 1_000) + "ms" : digits(seconds) + "s";
    }
    long whole = (long) size;
    String sign = seconds < 0 ? "-" : "";
    long minutes = whole / MINUTE;
    long hours = minutes / MINUTE;
    long days = hours / 24;
    StringBuilder text = new StringBuilder(sign);
    text.append(days > 0 ? days + "d " : "").append(hours > 0 ? hours % 24 + "h " : "");
    return text.append(String.format(Locale.ROOT, "%dm %ds", minutes % MINUTE, whole % MINUTE))
        .toString();
  }
}
