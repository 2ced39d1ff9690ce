package io.shardforge.server.alert;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * What a {@link Query} finds: a value for each set of labels.
 *
 * @param isNumber whether it is one number without labels, which goes with every set
 */
record Vector(boolean isNumber, Map<Map<String, String>, Double> values) {
  Vector {
    values = Map.copyOf(values);
  }

  static Vector of(Map<Map<String, String>, Double> values) {
    return new Vector(false, values);
  }

  static Vector number(double value) {
    return new Vector(true, Map.of(Map.of(), value));
  }

  private double asNumber() {
    return values.getOrDefault(Map.of(), Double.NaN);
  }

  Vector map(DoubleUnaryOperator change) {
    Map<Map<String, String>, Double> changed = new HashMap<>();
    values.forEach((labels, value) -> changed.put(labels, change.applyAsDouble(value)));
    return new Vector(isNumber, changed);
  }

  /** What two values with labels that match make of each other. */
  interface Pair {
    /** Not a number where the pair is left out. */
    double apply(double left, double right);
  }

  /**
   * Joins this with another vector; labels of the result are those of this one.
   *
   * @param ignored labels that need not match
   */
  Vector join(Vector other, Set<String> ignored, Pair pair) {
    if (isNumber && !other.isNumber) {
      double left = asNumber();
      return other.map(right -> pair.apply(left, right)).numbersOnly();
    }
    Map<Map<String, String>, Double> theirs = new HashMap<>();
    other.values.forEach((labels, value) -> theirs.put(without(labels, ignored), value));
    Map<Map<String, String>, Double> joined = new HashMap<>();
    values.forEach((labels, left) -> {
      Double right =
          other.isNumber ? (Double) other.asNumber() : theirs.get(without(labels, ignored));
      if (right != null) {
        joined.put(
            isNumber || ignored.isEmpty() ? labels : without(labels, ignored),
            pair.apply(left, right));
      }
    });
    return new Vector(isNumber, joined).numbersOnly();
  }

  private Vector numbersOnly() {
    Map<Map<String, String>, Double> kept = new HashMap<>(values);
    kept.values().removeIf(value -> Double.isNaN(value));
    return new Vector(isNumber, kept);
  }

  /** One value for each set of these labels. */
  Vector gather(Set<String> kept, DoubleUnaryOperator first, DoubleBinaryOperator next) {
    Map<Map<String, String>, Double> gathered = new HashMap<>();
    values.forEach((labels, value) -> {
      Map<String, String> key = new TreeMap<>(labels);
      key.keySet().retainAll(kept);
      gathered.compute(
          key,
          (_, before) ->
              before == null
                  ? (Double) first.applyAsDouble(value)
                  : (Double) next.applyAsDouble(before, value));
    });
    return of(gathered);
  }

  static Map<String, String> without(Map<String, String> labels, Set<String> names) {
    Map<String, String> rest = new TreeMap<>(labels);
    rest.keySet().removeAll(names);
    return rest;
  }
}
