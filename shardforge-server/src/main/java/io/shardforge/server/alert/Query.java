package io.shardforge.server.alert;

import io.shardforge.server.alert.Samples.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An expression of a rule: what Prometheus would find for it. */
interface Query {
  Vector find(Samples samples);

  /** How much a counter grew within a time, continued to its borders as Prometheus does. */
  static double increase(List<Point> points, long spanMicros, long now) {
    if (points.size() < 2) {
      return Double.NaN;
    }
    Point first = points.getFirst();
    Point last = points.getLast();
    double grown = last.value() - first.value();
    for (int i = 1; i < points.size(); i++) {
      // A counter that is smaller than before began anew.
      double before = points.get(i - 1).value();
      grown += points.get(i).value() < before ? before : 0;
    }
    double sampled = last.micros() - first.micros();
    double step = sampled / (points.size() - 1);
    double toStart = first.micros() - (now - spanMicros);
    double toEnd = now - last.micros();
    double near = step * 1.1;
    toStart = toStart >= near ? step / 2 : toStart;
    toEnd = toEnd >= near ? step / 2 : toEnd;
    if (grown > 0 && first.value() >= 0) {
      toStart = Math.min(toStart, sampled * (first.value() / grown));
    }
    return grown * ((sampled + toStart + toEnd) / sampled);
  }

  /** How often a value differs from the one before it. */
  static double changes(List<Point> points) {
    if (points.isEmpty()) {
      return Double.NaN;
    }
    int changes = 0;
    for (int i = 1; i < points.size(); i++) {
      changes += points.get(i).value() == points.get(i - 1).value() ? 0 : 1;
    }
    return changes;
  }

  /** The value below which a part of what a histogram counted is. */
  static Vector quantile(double part, Vector buckets) {
    record Bucket(double upTo, double count) {}
    Map<Map<String, String>, List<Bucket>> histograms = new HashMap<>();
    buckets
        .values()
        .forEach((labels, count) -> {
          String upTo = labels.get("le");
          if (upTo != null) {
            histograms
                .computeIfAbsent(Vector.without(labels, Set.of("le")), _ -> new ArrayList<>())
                .add(new Bucket(Samples.parse(upTo), count));
          }
        });
    Map<Map<String, String>, Double> found = new HashMap<>();
    histograms.forEach((labels, unsorted) -> {
      List<Bucket> sorted =
          unsorted.stream().sorted(Comparator.comparingDouble(Bucket::upTo)).toList();
      double total = sorted.getLast().count;
      if (sorted.size() < 2 || !Double.isInfinite(sorted.getLast().upTo) || total <= 0) {
        return;
      }
      double rank = part * total;
      int at = 0;
      while (at < sorted.size() - 1 && sorted.get(at).count < rank) {
        at++;
      }
      if (at == sorted.size() - 1) {
        found.put(labels, sorted.get(at - 1).upTo);
        return;
      }
      double from = at == 0 ? 0 : sorted.get(at - 1).upTo;
      double below = at == 0 ? 0 : sorted.get(at - 1).count;
      double here = sorted.get(at).count - below;
      found.put(labels, from + (sorted.get(at).upTo - from) * ((rank - below) / here));
    });
    return Vector.of(found);
  }
}
