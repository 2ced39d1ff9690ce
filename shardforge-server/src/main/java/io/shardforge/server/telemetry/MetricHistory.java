package io.shardforge.server.telemetry;

import io.shardforge.sql.session.NodeMetrics;
import io.shardforge.storage.clock.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The past hour of this node's metrics, measured every {@link #STEP}: what charts show that are
 * opened after something happened. Counters are kept as they are, ever growing. Any thread; {@link
 * #run} wants one of its own.
 */
public final class MetricHistory implements NodeMetrics, Runnable {
  /** Time from one measurement to the next. */
  public static final Duration STEP = Duration.ofSeconds(10);

  /** Measurements that are kept: an hour. */
  static final int STEPS_MAX = 360;

  /** Values with a name and labels that are kept; new ones beyond them are not. */
  static final int SERIES_MAX = 2_000;

  /** Values of one name in an answer: those that were largest. */
  static final int ANSWER_SERIES_MAX = 100;

  private final Telemetry telemetry;
  private final Clock clock;
  private final long[] micros = new long[STEPS_MAX];
  private final Map<Key, double[]> series = new HashMap<>();
  private int steps;

  private record Key(String name, String labels) {}

  public MetricHistory(Telemetry telemetry, Clock clock) {
    this.telemetry = telemetry;
    this.clock = clock;
  }

  /** Measures until the thread is interrupted. */
  @Override
  public void run() {
    try {
      while (true) {
        measure();
        clock.sleep(STEP);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  void measure() {
    List<Point> points = now();
    synchronized (this) {
      int at = steps % STEPS_MAX;
      micros[at] = clock.wallMicros();
      series.values().forEach(values -> values[at] = Double.NaN);
      for (Point point : points) {
        Key key = new Key(point.name(), point.labels());
        double[] values = series.get(key);
        if (values == null && series.size() < SERIES_MAX) {
          values = new double[STEPS_MAX];
          Arrays.fill(values, Double.NaN);
          series.put(key, values);
        }
        if (values != null) {
          values[at] = point.value();
        }
      }
      steps++;
      if (steps % STEPS_MAX == 0) {
        series.values().removeIf(values -> Arrays.stream(values).allMatch(Double::isNaN));
      }
    }
  }

  @Override
  public List<Point> now() {
    return telemetry.points(clock.wallMicros());
  }

  @Override
  public synchronized List<Point> history(String name) {
    List<Key> keys =
        series.keySet().stream()
            .filter(key -> key.name.equals(name))
            .sorted(
                Comparator.comparingDouble(
                    (Key key) -> -sum(series.getOrDefault(key, new double[0]))))
            .limit(ANSWER_SERIES_MAX)
            .toList();
    List<Point> points = new ArrayList<>();
    for (Key key : keys) {
      double[] values = series.getOrDefault(key, new double[0]);
      for (int step = Math.max(0, steps - STEPS_MAX); step < steps; step++) {
        int at = step % STEPS_MAX;
        if (!Double.isNaN(values[at])) {
          points.add(new Point(name, key.labels, micros[at], values[at]));
        }
      }
    }
    return points;
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).filter(value -> !Double.isNaN(value)).sum();
  }
}
