package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the order of inner joins. A cluster of inner joins is taken apart into its inputs and
 * conditions and put together again along a {@link Tree}; outer and semi joins are inputs.
 */
final class JoinOrder {
  /** Cost below which looking for a better order costs more than it can gain. */
  static final double CHEAP = 100;

  /**
   * A join in its new order; {@code columns[i]} is where column {@code i} of the old one is now.
   */
  record Ordered(Rel.Join join, int[] columns) {}

  /** The shape of a cluster: inputs by number, joined in pairs. */
  sealed interface Tree {
    /** An input. */
    record Leaf(int input) implements Tree {}

    /** A join of two shapes. */
    record Pair(Tree left, Tree right) implements Tree {}
  }

  /**
   * A cluster of inner joins.
   *
   * @param offsets the inputs' first columns
   * @param conditions over all columns in a row
   * @param equal what follows from the conditions
   */
  record Cluster(
      List<Rel> inputs, List<Integer> offsets, List<Bound> conditions, List<EqualInputs> equal) {
    static Cluster of(List<Rel> inputs, List<Integer> offsets, List<Bound> conditions) {
      Cluster given = new Cluster(inputs, offsets, conditions, List.of());
      return new Cluster(inputs, offsets, conditions, EqualInputs.of(given));
    }

    int inputOf(int column) {
      int input = 0;
      while (input + 1 < offsets.size() && offsets.get(input + 1) <= column) {
        input++;
      }
      return input;
    }

    /** Whether a condition equates expressions of two inputs. */
    boolean isEquality(Bound condition) {
      return sides(condition) != null;
    }

    /** The equalities between two inputs, over the columns of each. */
    List<Cardinality.Pair> equalities(int left, int right) {
      List<Cardinality.Pair> pairs = new ArrayList<>();
      for (Bound condition : conditions) {
        int[] sides = sides(condition);
        if (sides != null
            && Math.min(sides[0], sides[1]) == Math.min(left, right)
            && Math.max(sides[0], sides[1]) == Math.max(left, right)) {
          pairs.add(pair(condition, left, right));
        }
      }
      return pairs;
    }

    /** An equality of expressions of two inputs, over the columns of each. */
    Cardinality.Pair pair(Bound equality, int left, int right) {
      int mine = inputsOf(equality.operands().get(0)).get(left) ? 0 : 1;
      return new Cardinality.Pair(
          Bound.shift(equality.operands().get(mine), -offsets.get(left)),
          Bound.shift(equality.operands().get(1 - mine), -offsets.get(right)));
    }

    /** The inputs with an expression that an input's column must be equal to. */
    List<Integer> equated(int input, int column) {
      List<Integer> others = new ArrayList<>();
      for (Bound condition : conditions) {
        int[] sides = sides(condition);
        for (int side = 0; sides != null && side < 2; side++) {
          if (sides[side] == input
              && AccessPath.column(condition.operands().get(side)) == offsets.get(input) + column) {
            others.add(sides[1 - side]);
          }
        }
      }
      for (EqualInputs one : equal) {
        Bound.Column mine = one.columns().get(input);
        if (mine != null && mine.index() == offsets.get(input) + column) {
          one.columns().keySet().stream().filter(other -> other != input).forEach(others::add);
        }
      }
      return others;
    }

    /** The inputs of both sides of an equality of expressions of two inputs, else null. */
    private int @Nullable [] sides(Bound condition) {
      if (!(condition instanceof Bound.Call call)
          || !"=".equals(call.operator())
          || call.args().size() != 2
          || !call.args().get(0).type().isStoredLike(call.args().get(1).type())) {
        return null;
      }
      BitSet left = inputsOf(call.args().get(0));
      BitSet right = inputsOf(call.args().get(1));
      return left.cardinality() == 1 && right.cardinality() == 1 && !left.equals(right)
          ? new int[] {left.nextSetBit(0), right.nextSetBit(0)}
          : null;
    }

    /**
     * Has the conditions of a join compare equal columns once, which is enough, as they are equal
     * within each side already. Those of two inputs that have most to be compared are chosen: they
     * may be a key together.
     */
    void compareOnce(List<Bound> ofJoin, List<Integer> left, List<Integer> right) {
      equal.forEach(one -> ofJoin.removeIf(one::follows));
      List<Bound> others = List.copyOf(ofJoin);
      for (EqualInputs one : equal) {
        int most = 0;
        Bound best = null;
        for (int i : left) {
          for (int j : right) {
            int tied = one.ties(i, j) ? tied(others, i, j) : 0;
            if (tied > most) {
              most = tied;
              best = one.between(i, j);
            }
          }
        }
        if (best != null) {
          ofJoin.add(best);
        }
      }
    }

    /** How many equalities there are between two inputs. */
    private int tied(List<Bound> others, int left, int right) {
      int count = 0;
      for (EqualInputs one : equal) {
        count += one.ties(left, right) ? 1 : 0;
      }
      for (Bound condition : others) {
        BitSet inputs = inputsOf(condition);
        count += isEquality(condition) && inputs.get(left) && inputs.get(right) ? 1 : 0;
      }
      return count;
    }

    /** The inputs that a condition reads. */
    BitSet inputsOf(Bound condition) {
      BitSet result = new BitSet();
      BitSet columns = Rewriter.columns(condition);
      for (int c = columns.nextSetBit(0); c >= 0; c = columns.nextSetBit(c + 1)) {
        result.set(inputOf(c));
      }
      return result;
    }
  }

  private final Set<Rel> done = Collections.newSetFromMap(new IdentityHashMap<>());

  /** True for a join that came out of {@link #build}. */
  boolean isOrdered(Rel.Join join) {
    return done.contains(join);
  }

  /** The cluster of an inner join, null for another join or one whose order is settled. */
  @Nullable Cluster cluster(Rel.Join join) {
    if (done.contains(join) || join.kind() != Rel.JoinKind.INNER) {
      return null;
    }
    List<Rel> inputs = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    List<Bound> conditions = new ArrayList<>();
    flatten(join, 0, inputs, offsets, conditions);
    return Cluster.of(inputs, offsets, conditions);
  }

  private static int flatten(
      Rel rel, int offset, List<Rel> inputs, List<Integer> offsets, List<Bound> conditions) {
    if (rel instanceof Rel.Join join && join.kind() == Rel.JoinKind.INNER) {
      int middle = flatten(join.left(), offset, inputs, offsets, conditions);
      int end = flatten(join.right(), middle, inputs, offsets, conditions);
      for (Bound condition : Bound.conjuncts(join.condition())) {
        conditions.add(Bound.shift(condition, offset));
      }
      return end;
    }
    inputs.add(rel);
    offsets.add(offset);
    return offset + rel.types().size();
  }

  /**
   * Starts with the smallest input and adds, each time, the smallest one that a condition ties to
   * it.
   */
  static Tree greedy(Cluster cluster, double[] rows) {
    int count = cluster.inputs.size();
    BitSet joined = new BitSet();
    int first = smallest(cluster, rows, joined, false);
    joined.set(first);
    Tree tree = new Tree.Leaf(first);
    while (joined.cardinality() < count) {
      int next = smallest(cluster, rows, joined, true);
      if (next < 0) {
        next = smallest(cluster, rows, joined, false);
      }
      joined.set(next);
      tree = new Tree.Pair(tree, new Tree.Leaf(next));
    }
    return tree;
  }

  private static int smallest(Cluster cluster, double[] rows, BitSet joined, boolean tied) {
    int best = -1;
    for (int i = 0; i < cluster.inputs.size(); i++) {
      if (joined.get(i)
          || (tied && !isTied(cluster, joined, i))
          || (best >= 0 && rows[i] >= rows[best])) {
        continue;
      }
      best = i;
    }
    return best;
  }

  private static boolean isTied(Cluster cluster, BitSet joined, int input) {
    for (Bound condition : cluster.conditions) {
      BitSet inputs = cluster.inputsOf(condition);
      if (inputs.get(input) && inputs.intersects(joined)) {
        return true;
      }
    }
    return false;
  }

  // Putting together.

  /** The cluster joined along a tree. */
  Ordered build(Cluster cluster, Tree tree) {
    List<Integer> layout = leaves(tree);
    int width = 0;
    for (Rel input : cluster.inputs) {
      width += input.types().size();
    }
    int[] columns = new int[width];
    int at = 0;
    for (int input : layout) {
      int from = cluster.offsets.get(input);
      for (int i = 0; i < cluster.inputs.get(input).types().size(); i++) {
        columns[from + i] = at++;
      }
    }
    List<Bound> open = new ArrayList<>(cluster.conditions);
    Rel rel = build(cluster, tree, open, true);
    return new Ordered((Rel.Join) rel, columns);
  }

  private static List<Integer> leaves(Tree tree) {
    List<Integer> found = new ArrayList<>();
    leaves(tree, found);
    return found;
  }

  private static void leaves(Tree tree, List<Integer> into) {
    switch (tree) {
      case Tree.Leaf leaf -> into.add(leaf.input);
      case Tree.Pair pair -> {
        leaves(pair.left, into);
        leaves(pair.right, into);
      }
    }
  }

  private Rel build(Cluster cluster, Tree tree, List<Bound> open, boolean top) {
    return switch (tree) {
      case Tree.Leaf leaf -> cluster.inputs.get(leaf.input);
      case Tree.Pair pair -> {
        Rel left = build(cluster, pair.left, open, false);
        Rel right = build(cluster, pair.right, open, false);
        List<Integer> inside = leaves(tree);
        int[] moved = new int[cluster.offsets.getLast() + cluster.inputs.getLast().types().size()];
        int at = 0;
        BitSet available = new BitSet();
        for (int input : inside) {
          available.set(input);
          int from = cluster.offsets.get(input);
          for (int i = 0; i < cluster.inputs.get(input).types().size(); i++) {
            moved[from + i] = at++;
          }
        }
        List<Bound> here = new ArrayList<>();
        for (Bound condition : List.copyOf(open)) {
          BitSet needs = cluster.inputsOf(condition);
          needs.andNot(available);
          boolean floating = Rewriter.columns(condition).isEmpty();
          if (needs.isEmpty() && (!floating || top)) {
            here.add(condition);
            open.remove(condition);
          }
        }
        int ofLeft = leaves(pair.left).size();
        cluster.compareOnce(here, inside.subList(0, ofLeft), inside.subList(ofLeft, inside.size()));
        here.replaceAll(condition -> moved(condition, moved));
        Rel.Join join = new Rel.Join(Rel.JoinKind.INNER, left, right, Bound.and(here), false);
        done.add(join);
        yield join;
      }
    };
  }

  /** The expression with its columns moved. */
  static Bound moved(Bound e, int[] columns) {
    return Bound.mapColumns(e, c -> ((Bound.Column) c).at(columns[((Bound.Column) c).index()]));
  }
}
