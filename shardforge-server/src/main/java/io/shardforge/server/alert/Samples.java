package io.shardforge.server.alert;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was measured lately, of each series as far back as a rule looks. Not for several threads.
 */
final class Samples {
  /** Series that are kept; new ones beyond them are not. */
  static final int SERIES_MAX = 20_000;

  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  private final Map<String, Long> spans;
  private final Map<String, Map<Map<String, String>, Deque<Point>>> series = new HashMap<>();
  private int count;
  private long now;

  /** A value and when it was measured. */
  record Point(long micros, double value) {}

  /**
   * Keeps no more than is needed.
   *
   * @param spans names that are kept, and how far back, in microseconds; 0 for the newest alone
   */
  Samples(Map<String, Long> spans) {
    this.spans = Map.copyOf(spans);
  }

  /** Begins a round of measurements. */
  void begin(long micros) {
    now = micros;
    for (Map.Entry<String, Map<Map<String, String>, Deque<Point>>> named : series.entrySet()) {
      long oldest = micros - spans.getOrDefault(named.getKey(), 0L);
      named
          .getValue()
          .values()
          .forEach(points -> {
            while (!points.isEmpty() && points.getFirst().micros < oldest) {
              points.removeFirst();
            }
          });
      int before = named.getValue().size();
      named.getValue().values().removeIf(Deque::isEmpty);
      count -= before - named.getValue().size();
    }
  }

  /** When the round began that is the newest. */
  long now() {
    return now;
  }

  void add(String name, Map<String, String> labels, double value) {
    if (!spans.containsKey(name)) {
      return;
    }
    Map<Map<String, String>, Deque<Point>> named =
        series.computeIfAbsent(name, _ -> new HashMap<>());
    Deque<Point> points = named.get(labels);
    if (points == null) {
      if (count >= SERIES_MAX) {
        return;
      }
      count++;
      points = new ArrayDeque<>();
      named.put(Map.copyOf(labels), points);
    }
    points.addLast(new Point(now, value));
  }

  /**
   * Adds what a node shows.
   *
   * @param text lines in Prometheus's format
   * @param origin labels that tell where it comes from
   */
  void addAll(String text, Map<String, String> origin) {
    for (String line : text.lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (line.startsWith("#") || space < 0) {
        continue;
      }
      int brace = line.indexOf('{');
      Map<String, String> labels = new TreeMap<>(origin);
      if (brace >= 0) {
        Matcher label = LABEL.matcher(line.substring(brace, space));
        while (label.find()) {
          labels.put(label.group(1), label.group(2).replaceAll("\\\\(.)", "$1"));
        }
      }
      add(line.substring(0, brace < 0 ? space : brace), labels, parse(line.substring(space + 1)));
    }
  }

  /** A number as Prometheus writes it. */
  static double parse(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** The values of the newest round. */
  Vector latest(String name, Predicate<Map<String, String>> labels) {
    Map<Map<String, String>, Double> found = new HashMap<>();
    series
        .getOrDefault(name, Map.of())
        .forEach((key, points) -> {
          if (!points.isEmpty() && points.getLast().micros == now && labels.test(key)) {
            found.put(key, points.getLast().value);
          }
        });
    return Vector.of(found);
  }

  /** A figure of the values of the past time; not a number where there are none to make it of. */
  Vector range(
      String name,
      Predicate<Map<String, String>> labels,
      long spanMicros,
      ToDoubleFunction<List<Point>> figure) {
    Map<Map<String, String>, Double> found = new HashMap<>();
    series
        .getOrDefault(name, Map.of())
        .forEach((key, points) -> {
          if (labels.test(key)) {
            List<Point> within = new ArrayList<>(points);
            within.removeIf(point -> point.micros < now - spanMicros);
            double value = figure.applyAsDouble(within);
            if (!Double.isNaN(value)) {
              found.put(key, value);
            }
          }
        });
    return Vector.of(found);
  }
}
