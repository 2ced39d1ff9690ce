package io.shardforge.raft.check.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The strongly connected components of a graph, by Tarjan's algorithm ("Depth-First Search and
 * Linear Graph Algorithms", 1972) with a stack of its own, as histories are too long for a
 * thread's.
 *
 * <p>Components are numbered so that every edge between two leads from the higher to the lower.
 */
final class StronglyConnected {
  private final int[] componentOf;
  private final int count;

  private StronglyConnected(int[] componentOf, int count) {
    this.componentOf = componentOf;
    this.count = count;
  }

  int count() {
    return count;
  }

  int componentOf(int node) {
    return componentOf[node];
  }

  /** The members of each component that has more than one: no other has a cycle. */
  List<int[]> cyclic() {
    int[] sizes = new int[count];
    for (int component : componentOf) {
      sizes[component]++;
    }
    int[][] members = new int[count][];
    int[] filled = new int[count];
    List<int[]> cyclic = new ArrayList<>();
    for (int node = 0; node < componentOf.length; node++) {
      int component = componentOf[node];
      if (sizes[component] > 1) {
        if (members[component] == null) {
          members[component] = new int[sizes[component]];
          cyclic.add(members[component]);
        }
        members[component][filled[component]++] = node;
      }
    }
    return cyclic;
  }

  /** Finds the components under the edges that have one of the dependencies in the mask. */
  static StronglyConnected of(DependencyGraph graph, int mask) {
    int nodes = graph.nodes();
    int[] componentOf = new int[nodes];
    int[] order = new int[nodes]; // 0 is not yet seen.
    int[] low = new int[nodes];
    int[] nextEdge = new int[nodes];
    int[] path = new int[nodes];
    int[] open = new int[nodes];
    int opened = 0;
    int clock = 0;
    int count = 0;
    Arrays.fill(componentOf, -1);
    for (int root = 0; root < nodes; root++) {
      if (order[root] != 0) {
        continue;
      }
      int depth = 0;
      path[0] = root;
      while (depth >= 0) {
        int node = path[depth];
        if (order[node] == 0) {
          order[node] = ++clock;
          low[node] = clock;
          nextEdge[node] = graph.start(node);
          open[opened++] = node;
        }
        int child = -1;
        while (child < 0 && nextEdge[node] < graph.start(node + 1)) {
          int edge = nextEdge[node]++;
          int target = graph.target(edge);
          if ((graph.label(edge) & mask) == 0) {
            continue;
          }
          if (order[target] == 0) {
            child = target;
          } else if (componentOf[target] < 0) {
            low[node] = Math.min(low[node], order[target]);
          }
        }
        if (child >= 0) {
          path[++depth] = child;
          continue;
        }
        if (low[node] == order[node]) {
          int member;
          do {
            member = open[--opened];
            componentOf[member] = count;
          } while (member != node);
          count++;
        }
        depth--;
        if (depth >= 0) {
          low[path[depth]] = Math.min(low[path[depth]], low[node]);
        }
      }
    }
    return new StronglyConnected(componentOf, count);
  }
}
