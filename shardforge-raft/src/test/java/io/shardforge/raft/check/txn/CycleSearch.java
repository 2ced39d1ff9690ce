package io.shardforge.raft.check.txn;

import static io.shardforge.raft.check.txn.Dependency.PROCESS;
import static io.shardforge.raft.check.txn.Dependency.REALTIME;
import static io.shardforge.raft.check.txn.Dependency.RW;
import static io.shardforge.raft.check.txn.Dependency.WR;
import static io.shardforge.raft.check.txn.Dependency.WW;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds short cycles in a graph, from the worst kind to the mildest, deciding the existence of each
 * kind exactly and in time that does not grow with the number of cycles.
 *
 * <p>The kinds form a grid: five {@link Shape}s, each a superset of the one before, by three orders
 * (dependencies alone, with process order, with real time). A cell is searched only when no cell
 * that it contains has a cycle, so that whatever it finds is of exactly its kind: a G1c search that
 * follows a failed G0 search cannot return a cycle without a read.
 */
final class CycleSearch {
  private static final int STARTS_MAX = 16;
  private static final int DEPENDENCIES = Dependency.mask(WW, WR);
  private static final int[] ORDERS = {0, PROCESS.bit(), Dependency.mask(PROCESS, REALTIME)};

  /** Which cycles count, each shape more than the one before. */
  private enum Shape {
    /** Write dependencies only. */
    WRITES,
    /** Write and read dependencies. */
    INFORMATION,
    /** And at most one anti-dependency. */
    SINGLE,
    /** And anti-dependencies of which no two follow each other: all that snapshots forbid. */
    NONADJACENT,
    /** And any anti-dependencies. */
    ANY
  }

  private final DependencyGraph graph;

  CycleSearch(DependencyGraph graph) {
    this.graph = graph;
  }

  /** A cycle of each kind that is not implied by a milder order or a worse shape. */
  List<Cycle> search() {
    List<Cycle> cycles = new ArrayList<>();
    // By order, whether a cycle was found of this shape or a worse one.
    boolean[] found = new boolean[ORDERS.length];
    for (Shape shape : Shape.values()) {
      for (int order = 0; order < ORDERS.length; order++) {
        found[order] |= order > 0 && found[order - 1];
        if (!found[order]) {
          Optional<Cycle> cycle = find(shape, ORDERS[order]);
          found[order] = cycle.isPresent();
          cycle.ifPresent(cycles::add);
        }
      }
    }
    return cycles;
  }

  private Optional<Cycle> find(Shape shape, int order) {
    return switch (shape) {
      case WRITES -> anywhere(WW.bit() | order);
      case INFORMATION -> anywhere(DEPENDENCIES | order);
      case SINGLE -> single(DEPENDENCIES | order);
      case NONADJACENT -> nonadjacent(DEPENDENCIES | order);
      case ANY -> anywhere(DEPENDENCIES | RW.bit() | order);
    };
  }

  /** Any cycle under a mask lies in a component. */
  private Optional<Cycle> anywhere(int mask) {
    return shortest(graph, mask).map(walk -> cycle(walk, mask));
  }

  private Cycle cycle(List<Integer> nodes, int mask) {
    List<Dependency> reasons = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      int label = graph.labelBetween(nodes.get(i), nodes.get((i + 1) % nodes.size()));
      reasons.add(Dependency.strongest(label & mask));
    }
    return new Cycle(nodes, reasons);
  }

  /**
   * A cycle of dependencies and one anti-dependency: an anti-dependency from whose end its start
   * can be reached. Sixty-four of them travel together, as the bits of a word, through the
   * components in topological order.
   */
  private Optional<Cycle> single(int mask) {
    StronglyConnected tangles = StronglyConnected.of(graph, mask | RW.bit());
    StronglyConnected components = StronglyConnected.of(graph, mask);
    int[] byComponent = nodesByDescendingComponent(components);
    long[] reached = new long[components.count()];
    int[] from = new int[Long.SIZE];
    int[] to = new int[Long.SIZE];
    int batch = 0;
    for (int node = 0; node < graph.nodes(); node++) {
      for (int edge = graph.start(node); edge < graph.start(node + 1); edge++) {
        if ((graph.label(edge) & RW.bit()) != 0
            && tangles.componentOf(node) == tangles.componentOf(graph.target(edge))) {
          from[batch] = node;
          to[batch++] = graph.target(edge);
          if (batch == Long.SIZE) {
            Optional<Cycle> cycle = closed(components, byComponent, reached, from, to, batch, mask);
            if (cycle.isPresent()) {
              return cycle;
            }
            batch = 0;
          }
        }
      }
    }
    return closed(components, byComponent, reached, from, to, batch, mask);
  }

  private Optional<Cycle> closed(
      StronglyConnected components,
      int[] byComponent,
      long[] reached,
      int[] from,
      int[] to,
      int batch,
      int mask) {
    Arrays.fill(reached, 0);
    for (int i = 0; i < batch; i++) {
      reached[components.componentOf(to[i])] |= 1L << i;
    }
    for (int node : byComponent) {
      long bits = reached[components.componentOf(node)];
      if (bits != 0) {
        for (int edge = graph.start(node); edge < graph.start(node + 1); edge++) {
          if ((graph.label(edge) & mask) != 0) {
            reached[components.componentOf(graph.target(edge))] |= bits;
          }
        }
      }
    }
    List<Integer> best = null;
    for (int i = 0; i < batch; i++) {
      if (((reached[components.componentOf(from[i])] >>> i) & 1) != 0) {
        List<Integer> path = path(graph, to[i], from[i], mask);
        if (best == null || path.size() < best.size()) {
          best = path;
        }
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    // The path runs from the anti-dependency's end to its start: the latter closes the cycle.
    List<Dependency> reasons = new ArrayList<>();
    for (int i = 0; i + 1 < best.size(); i++) {
      reasons.add(Dependency.strongest(graph.labelBetween(best.get(i), best.get(i + 1)) & mask));
    }
    reasons.add(RW);
    return Optional.of(new Cycle(best, reasons));
  }

  private int[] nodesByDescendingComponent(StronglyConnected components) {
    int[] next = new int[components.count() + 1];
    for (int node = 0; node < graph.nodes(); node++) {
      next[components.count() - components.componentOf(node)]++;
    }
    for (int i = 1; i < next.length; i++) {
      next[i] += next[i - 1];
    }
    int[] sorted = new int[graph.nodes()];
    for (int node = 0; node < graph.nodes(); node++) {
      sorted[next[components.count() - 1 - components.componentOf(node)]++] = node;
    }
    return sorted;
  }

  /**
   * A cycle without two anti-dependencies in a row, in a graph with two copies of each node: one
   * reached by a dependency, one by an anti-dependency, which only dependencies leave.
   */
  private Optional<Cycle> nonadjacent(int mask) {
    int nodes = graph.nodes();
    DependencyGraph.Builder doubled = new DependencyGraph.Builder(2 * nodes);
    for (int node = 0; node < nodes; node++) {
      for (int edge = graph.start(node); edge < graph.start(node + 1); edge++) {
        int label = graph.label(edge);
        if ((label & mask) != 0) {
          doubled.add(node, graph.target(edge), label & mask);
          doubled.add(nodes + node, graph.target(edge), label & mask);
        }
        if ((label & RW.bit()) != 0) {
          doubled.add(node, nodes + graph.target(edge), RW);
        }
      }
    }
    return shortest(doubled.build(), mask | RW.bit()).map(walk -> simple(walk, mask));
  }

  /**
   * Cuts a closed walk of the doubled graph down to a cycle. Where it passes both copies of a node,
   * the part that leaves the second copy and comes back to the first has no two in a row either.
   */
  private Cycle simple(List<Integer> walk, int mask) {
    int nodes = graph.nodes();
    List<Integer> rest = new ArrayList<>(walk);
    boolean cut = true;
    while (cut) {
      cut = false;
      for (int i = 0; i < rest.size() && !cut; i++) {
        int first = rest.indexOf(rest.get(i) - nodes);
        if (rest.get(i) >= nodes && first >= 0) {
          List<Integer> part = new ArrayList<>();
          for (int j = i; j != first; j = (j + 1) % rest.size()) {
            part.add(rest.get(j));
          }
          // It now comes back by a dependency.
          part.set(0, rest.get(first));
          rest = part;
          cut = true;
        }
      }
    }
    List<Integer> plain = new ArrayList<>();
    List<Dependency> reasons = new ArrayList<>();
    for (int i = 0; i < rest.size(); i++) {
      int next = rest.get((i + 1) % rest.size());
      plain.add(rest.get(i) % nodes);
      int label = graph.labelBetween(rest.get(i) % nodes, next % nodes);
      reasons.add(next >= nodes ? RW : Dependency.strongest(label & mask));
    }
    return new Cycle(plain, reasons);
  }

  /**
   * A short closed walk under a mask: the shortest through a few nodes of the smallest component.
   */
  private static Optional<List<Integer>> shortest(DependencyGraph graph, int mask) {
    int[] smallest = null;
    for (int[] members : StronglyConnected.of(graph, mask).cyclic()) {
      if (smallest == null || members.length < smallest.length) {
        smallest = members;
      }
    }
    if (smallest == null) {
      return Optional.empty();
    }
    DependencyGraph component = new DependencyGraph.Parts(graph).among(smallest);
    List<Integer> best = null;
    int step = Math.max(1, smallest.length / STARTS_MAX);
    for (int start = 0; start < smallest.length; start += step) {
      List<Integer> walk = path(component, start, start, mask);
      if (best == null || walk.size() < best.size()) {
        best = walk;
      }
    }
    List<Integer> nodes = new ArrayList<>();
    if (best != null) {
      for (int place : best) {
        nodes.add(smallest[place]);
      }
    }
    return Optional.of(nodes);
  }

  /**
   * The nodes of a shortest path that is known to exist, both ends included, or those of a shortest
   * cycle, its start once, if the ends are one node.
   */
  private static List<Integer> path(DependencyGraph graph, int from, int to, int mask) {
    int[] parent = new int[graph.nodes()];
    Arrays.fill(parent, -1);
    int[] queue = new int[graph.nodes() + 1];
    int size = 0;
    queue[size++] = from;
    for (int i = 0; i < size; i++) {
      int node = queue[i];
      for (int edge = graph.start(node); edge < graph.start(node + 1); edge++) {
        int target = graph.target(edge);
        if ((graph.label(edge) & mask) != 0 && parent[target] < 0) {
          parent[target] = node;
          if (target == to) {
            return trace(parent, from, to);
          }
          queue[size++] = target;
        }
      }
    }
    throw new IllegalStateException("no path from " + from + " to " + to);
  }

  private static List<Integer> trace(int[] parent, int from, int to) {
    List<Integer> nodes = new ArrayList<>();
    if (from != to) {
      nodes.add(to);
    }
    for (int node = parent[to]; node != from; node = parent[node]) {
      nodes.add(node);
    }
    nodes.add(from);
    return nodes.reversed();
  }
}
