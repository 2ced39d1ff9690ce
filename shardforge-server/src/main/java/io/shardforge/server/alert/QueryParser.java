package io.shardforge.server.alert;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of Prometheus's query language that the rules are written in, by recursive
 * descent:
 *
 * <pre>
 *  query      = comparison { "and" comparison }
 *  comparison = sum { ( "==" | "!=" | ">" | "<" | ">=" | "<=" ) sum }
 *  sum        = product { ( "+" | "-" ) [ ignoring ] product }
 *  product    = value { ( "*" | "/" ) [ ignoring ] value }
 *  ignoring   = "ignoring" "(" labels ")"
 *  value      = number | "(" query ")" | "time" "(" ")" | "histogram_quantile" "(" number "," query ")"
 *             | ( "rate" | "increase" | "changes" ) "(" series "[" time "]" ")"
 *             | ( "sum" | "max" | "count" ) [ "by" "(" labels ")" ] "(" query ")" | series
 *  series     = name [ "{" label ( "=" | "!=" | "=~" | "!~" ) text { "," … } "}" ]
 * </pre>
 */
final class QueryParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:([0-9]+(?:\\.[0-9]+)?[smhd]?)|([a-zA-Z_][a-zA-Z0-9_]*)|\"([^\"]*)\""
              + "|(==|!=|>=|<=|=~|!~|[-+*/><=(){}\\[\\],]))");
  private static final Set<String> COMPARISONS = Set.of("==", "!=", ">", "<", ">=", "<=");
  private static final double MICROS = 1e6;

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Long> spans = new HashMap<>();
  private int at;

  private QueryParser(String text) {
    this.text = text;
    Matcher token = TOKEN.matcher(text.strip());
    int end = 0;
    while (token.lookingAt()) {
      tokens.add(token.group().strip());
      end = token.end();
      token.region(end, text.strip().length());
    }
    if (end != text.strip().length()) {
      throw wrong("cannot be read from position " + end);
    }
  }

  /**
   * A query and what it looks at.
   *
   * @param spans names of series and how far back it looks at them, in microseconds
   */
  record Parsed(Query query, Map<String, Long> spans) {}

  static Parsed parse(String text) {
    QueryParser parser = new QueryParser(text);
    Query query = parser.query();
    if (parser.at < parser.tokens.size()) {
      throw parser.wrong("goes on after its end with " + parser.peek());
    }
    return new Parsed(query, Map.copyOf(parser.spans));
  }

  private IllegalArgumentException wrong(String how) {
    return new IllegalArgumentException("the query " + how + ": " + text);
  }

  private String peek() {
    return at < tokens.size() ? tokens.get(at) : "";
  }

  private String next() {
    String token = peek();
    at++;
    return token;
  }

  private boolean accept(String token) {
    boolean here = peek().equals(token);
    at += here ? 1 : 0;
    return here;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw wrong("has " + (peek().isEmpty() ? "nothing" : peek()) + " in place of " + token);
    }
  }

  private Query query() {
    Query left = comparison();
    while (accept("and")) {
      Query first = left;
      Query right = comparison();
      left = samples -> first.find(samples).join(right.find(samples), Set.of(), (l, _) -> l);
    }
    return left;
  }

  private Query comparison() {
    Query left = sum();
    while (COMPARISONS.contains(peek())) {
      String operator = next();
      left = join(left, Set.of(), sum(), (l, r) -> holds(operator, l, r) ? l : Double.NaN);
    }
    return left;
  }

  private static boolean holds(String operator, double left, double right) {
    return switch (operator) {
      case "==" -> left == right;
      case "!=" -> left != right;
      case ">" -> left > right;
      case "<" -> left < right;
      case ">=" -> left >= right;
      default -> left <= right;
    };
  }

  private Query sum() {
    Query left = product();
    while (true) {
      if (accept("+")) {
        left = join(left, ignoring(), product(), (l, r) -> l + r);
      } else if (accept("-")) {
        left = join(left, ignoring(), product(), (l, r) -> l - r);
      } else {
        return left;
      }
    }
  }

  private Query product() {
    Query left = value();
    while (true) {
      if (accept("*")) {
        left = join(left, ignoring(), value(), (l, r) -> l * r);
      } else if (accept("/")) {
        left = join(left, ignoring(), value(), (l, r) -> l / r);
      } else {
        return left;
      }
    }
  }

  private static Query join(Query left, Set<String> ignored, Query right, Vector.Pair pair) {
    return samples -> left.find(samples).join(right.find(samples), ignored, pair);
  }

  private Set<String> ignoring() {
    return accept("ignoring") ? labels() : Set.of();
  }

  private Set<String> labels() {
    Set<String> labels = new HashSet<>();
    expect("(");
    do {
      labels.add(next());
    } while (accept(","));
    expect(")");
    return labels;
  }

  private Query value() {
    String token = next();
    if (token.isEmpty()) {
      throw wrong("ends too early");
    }
    if (Character.isDigit(token.charAt(0))) {
      Vector number = Vector.number(Double.parseDouble(token));
      return _ -> number;
    }
    return switch (token) {
      case "(" -> {
        Query inner = query();
        expect(")");
        yield inner;
      }
      case "time" -> {
        expect("(");
        expect(")");
        yield samples -> Vector.number(samples.now() / MICROS);
      }
      case "histogram_quantile" -> {
        expect("(");
        double part = Double.parseDouble(next());
        expect(",");
        Query buckets = query();
        expect(")");
        yield samples -> Query.quantile(part, buckets.find(samples));
      }
      case "rate", "increase", "changes" -> range(token);
      case "sum", "max", "count" -> gathered(token);
      default -> series(token);
    };
  }

  private Query gathered(String function) {
    Set<String> kept = accept("by") ? labels() : Set.of();
    expect("(");
    Query inner = query();
    expect(")");
    return samples -> {
      Vector found = inner.find(samples);
      return switch (function) {
        case "sum" -> found.gather(kept, value -> value, Double::sum);
        case "max" -> found.gather(kept, value -> value, Math::max);
        default -> found.gather(kept, _ -> 1, (count, _) -> count + 1);
      };
    };
  }

  private Query range(String function) {
    expect("(");
    String name = next();
    Predicate<Map<String, String>> labels = matchers();
    expect("[");
    long span = micros(next());
    expect("]");
    expect(")");
    spans.merge(name, span, Math::max);
    return samples ->
        samples.range(
            name,
            labels,
            span,
            points ->
                switch (function) {
                  case "rate" -> Query.increase(points, span, samples.now()) / (span / MICROS);
                  case "increase" -> Query.increase(points, span, samples.now());
                  default -> Query.changes(points);
                });
  }

  /** A time as Prometheus writes it, such as 10m. */
  static long micros(String text) {
    return Duration.parse(text.endsWith("d") ? "P" + text : "PT" + text).toNanos() / 1_000;
  }

  private Query series(String name) {
    if (!Character.isLetter(name.charAt(0))) {
      throw wrong("has " + name + " where a value should be");
    }
    Predicate<Map<String, String>> labels = matchers();
    spans.merge(name, 0L, Math::max);
    return samples -> samples.latest(name, labels);
  }

  private Predicate<Map<String, String>> matchers() {
    Predicate<Map<String, String>> all = _ -> true;
    if (!accept("{")) {
      return all;
    }
    while (!accept("}")) {
      String label = next();
      String operator = next();
      String quoted = next();
      Pattern wanted =
          operator.endsWith("~")
              ? Pattern.compile(unquoted(quoted))
              : Pattern.compile(unquoted(quoted), Pattern.LITERAL);
      boolean negated = operator.startsWith("!");
      all = all.and(labels -> wanted.matcher(labels.getOrDefault(label, "")).matches() != negated);
      accept(",");
    }
    return all;
  }

  private String unquoted(String token) {
    if (!token.startsWith("\"")) {
      throw wrong("has " + token + " where a text should be");
    }
    return token.substring(1, token.length() - 1);
  }
}
