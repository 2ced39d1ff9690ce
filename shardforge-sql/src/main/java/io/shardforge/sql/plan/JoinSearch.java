package io.shardforge.sql.plan;

import io.shardforge.sql.plan.JoinOrder.Tree;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cheapest shape of a cluster of joins: for every set of inputs the best of all ways to
 * cut it in two, by the costs of hash joins, of lookups and, where no condition ties the two
 * together, of all pairs.
 *
 * @see <a href="https://doi.org/10.14778/1164127.1164207">Moerkotte and Neumann, Analysis of two
 *     existing and one new dynamic programming algorithm, DPsub</a>
 */
final class JoinSearch {
  /** Inputs up to which all shapes are tried: the work grows threefold with each. */
  static final int INPUTS_MAX = 9;

  /**
   * A condition: the inputs that it ties, as bits, and the share of their combinations it keeps.
   */
  record Tie(int inputs, double share) {
    private boolean joins(int left, int right) {
      return (inputs & left) != 0 && (inputs & right) != 0 && (inputs & ~(left | right)) == 0;
    }
  }

  /**
   * Ties of which some follow from others: those that join inputs which are tied by none so far
   * narrow their combinations, in this order.
   *
   * @param given pairs of inputs, as bits, that are tied by other ties
   */
  record Implied(List<Integer> given, List<Tie> ties) {
    private double share(int inputs, int set) {
      int[] tied = new int[inputs];
      Arrays.setAll(tied, i -> 1 << i);
      double share = 1;
      for (int pair : given) {
        if ((pair & ~set) == 0) {
          merge(tied, pair);
        }
      }
      for (Tie tie : ties) {
        if ((tie.inputs & ~set) == 0 && merge(tied, tie.inputs)) {
          share *= tie.share;
        }
      }
      return share;
    }

    /** Whether the inputs of a pair were not tied, which they are then. */
    private static boolean merge(int[] tied, int pair) {
      int one = tied[Integer.numberOfTrailingZeros(pair)];
      if ((one & pair) == pair) {
        return false;
      }
      int all = one | tied[Integer.numberOfTrailingZeros(pair & ~one)];
      for (int i = 0; i < tied.length; i++) {
        if ((all & 1 << i) != 0) {
          tied[i] = all;
        }
      }
      return true;
    }
  }

  /** An index by which an input is looked up for rows of others, as bits, and the cost of one. */
  record Lookup(int input, int from, double cost) {}

  private final int inputs;
  private final List<Tie> ties;
  private final List<Implied> implied;
  private final List<Lookup> lookups;
  private final double[] rows;
  private final double[] cost;
  private final @Nullable Tree[] best;

  JoinSearch(
      double[] inputRows,
      double[] inputCosts,
      List<Tie> ties,
      List<Implied> implied,
      List<Lookup> lookups) {
    this.inputs = inputRows.length;
    this.ties = ties;
    this.implied = implied;
    this.lookups = lookups;
    rows = new double[1 << inputs];
    cost = new double[1 << inputs];
    best = new Tree[1 << inputs];
    for (int i = 0; i < inputs; i++) {
      rows[1 << i] = inputRows[i];
      cost[1 << i] = inputCosts[i];
      best[1 << i] = new Tree.Leaf(i);
    }
  }

  Tree find() {
    int all = (1 << inputs) - 1;
    for (int set = 1; set <= all; set++) {
      if (Integer.bitCount(set) > 1) {
        rows[set] = rowsOf(set);
        split(set);
      }
    }
    return of(all);
  }

  private Tree of(int set) {
    return Objects.requireNonNull(best[set]);
  }

  private double rowsOf(int set) {
    double product = 1;
    for (int i = 0; i < inputs; i++) {
      product *= (set & 1 << i) == 0 ? 1 : rows[1 << i];
    }
    for (Tie tie : ties) {
      product *= (tie.inputs & ~set) == 0 ? tie.share : 1;
    }
    for (Implied one : implied) {
      product *= one.share(inputs, set);
    }
    return Math.max(1, product);
  }

  private void split(int set) {
    for (int left = (set - 1) & set; left > 0; left = (left - 1) & set) {
      int right = set & ~left;
      // The right side is the one that is kept in memory, or looked up.
      double hashed =
          cost[left]
              + cost[right]
              + Cost.ROW * (rows[left] + 1.5 * rows[right] + rows[set])
              + (isTied(left, right) ? 0 : Cost.ROW * rows[left] * rows[right]);
      double price = Math.min(hashed, lookedUp(left, right) + Cost.ROW * rows[set]);
      if (best[set] == null || price < cost[set]) {
        best[set] = new Tree.Pair(of(left), of(right));
        cost[set] = price;
      }
    }
  }

  private boolean isTied(int left, int right) {
    return ties.stream().anyMatch(tie -> tie.joins(left, right))
        || implied.stream()
            .anyMatch(one -> one.ties.stream().anyMatch(tie -> tie.joins(left, right)));
  }

  private double lookedUp(int left, int right) {
    double least = Double.POSITIVE_INFINITY;
    for (Lookup lookup : lookups) {
      if (right == 1 << lookup.input && (lookup.from & ~left) == 0) {
        least = Math.min(least, cost[left] + rows[left] * lookup.cost);
      }
    }
    return least;
  }
}
