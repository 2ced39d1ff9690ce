package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.CombinedStatistics.Common;
import io.shardforge.sql.catalog.CombinedStatistics.Dependency;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Columns that are to have given values, all at once, by what is known of them together.
 *
 * @param keys the values by the numbers of their columns, in their form in keys
 * @param shares the share of rows that have each of them, by itself
 */
record EqualColumns(
    CombinedStatistics known, Map<Integer, byte[]> keys, Map<Integer, Double> shares) {
  /** The share of rows that have all the values; negative if nothing is known. */
  double share() {
    return known.common().isEmpty() ? byDependencies() : byCommon();
  }

  private double independent() {
    double share = 1;
    for (double one : shares.values()) {
      share *= one;
    }
    return share;
  }

  /** What the common combinations say, and of the others what independent columns would have. */
  private double byCommon() {
    double matching = 0;
    double expected = 0;
    double all = 0;
    for (Common common : known.common()) {
      all += common.fraction();
      if (matches(common)) {
        matching += common.fraction();
        expected += common.expected();
      }
    }
    double others = Math.clamp(independent() - expected, 0, Math.max(0, 1 - all));
    return matching + others;
  }

  private boolean matches(Common common) {
    for (Map.Entry<Integer, byte[]> key : keys.entrySet()) {
      int at = known.columns().indexOf(key.getKey());
      if (!Arrays.equals(common.values().get(at), key.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** The strongest dependencies first, each taking away the column that follows from others. */
  private double byDependencies() {
    Map<Integer, Double> left = new TreeMap<>(shares);
    double share = 1;
    boolean any = false;
    for (Dependency next = strongest(left); next != null; next = strongest(left)) {
      double from = 1;
      for (int column : next.from()) {
        from *= left.getOrDefault(column, 1.0);
      }
      double to = left.getOrDefault(next.to(), 1.0);
      double both = next.degree() * Math.min(from, to) + (1 - next.degree()) * from * to;
      share *= from == 0 ? 0 : both / from;
      left.remove(next.to());
      any = true;
    }
    for (double one : left.values()) {
      share *= one;
    }
    return any ? share : -1;
  }

  private @Nullable Dependency strongest(Map<Integer, Double> left) {
    Dependency best = null;
    for (Dependency one : known.dependencies()) {
      boolean applies = left.containsKey(one.to()) && left.keySet().containsAll(one.from());
      boolean better =
          best == null
              || one.from().size() > best.from().size()
              || (one.from().size() == best.from().size() && one.degree() > best.degree());
      if (applies && better) {
        best = one;
      }
    }
    return best;
  }
}
