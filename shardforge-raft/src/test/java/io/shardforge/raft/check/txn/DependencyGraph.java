package io.shardforge.raft.check.txn;

import java.util.Arrays;

/**
 * A directed graph whose edges carry sets of {@link Dependency}, packed by source node: for each
 * node the ascending run of its targets, each with its label.
 */
final class DependencyGraph {
  private static final int LABEL_BITS = 8;
  private static final int NOWHERE = -1;

  private final int[] starts;
  private final int[] targets;
  private final byte[] labels;

  private DependencyGraph(int[] starts, int[] targets, byte[] labels) {
    this.starts = starts;
    this.targets = targets;
    this.labels = labels;
  }

  int nodes() {
    return starts.length - 1;
  }

  int edges() {
    return targets.length;
  }

  /** Where a node's edges begin; they end where the next node's begin. */
  int start(int node) {
    return starts[node];
  }

  int target(int edge) {
    return targets[edge];
  }

  int label(int edge) {
    return labels[edge];
  }

  /** The label of the edge between two nodes, 0 if there is none. */
  int labelBetween(int from, int to) {
    int edge = Arrays.binarySearch(targets, starts[from], starts[from + 1], to);
    return edge < 0 ? 0 : labels[edge];
  }

  /** A graph's parts, one after the other: what each needs of memory is its own size. */
  static final class Parts {
    private final DependencyGraph whole;
    private final int[] place;

    Parts(DependencyGraph whole) {
      this.whole = whole;
      this.place = new int[whole.nodes()];
      Arrays.fill(place, NOWHERE);
    }

    /** The graph among some nodes, which become 0, 1, 2… in the order given. */
    DependencyGraph among(int[] nodes) {
      for (int i = 0; i < nodes.length; i++) {
        place[nodes[i]] = i;
      }
      Builder builder = new Builder(nodes.length);
      for (int i = 0; i < nodes.length; i++) {
        for (int edge = whole.start(nodes[i]); edge < whole.start(nodes[i] + 1); edge++) {
          if (place[whole.target(edge)] != NOWHERE) {
            builder.add(i, place[whole.target(edge)], whole.label(edge));
          }
        }
      }
      for (int node : nodes) {
        place[node] = NOWHERE;
      }
      return builder.build();
    }
  }

  /** A graph in the making: edges in any order, repeated ones with their labels joined. */
  static final class Builder {
    private final int nodes;
    private int[] sources = new int[64];
    private int[] targets = new int[64];
    private byte[] labels = new byte[64];
    private int edges;

    Builder(int nodes) {
      this.nodes = nodes;
    }

    /** Adds an edge, unless it would lead from a node to itself. */
    void add(int from, int to, int label) {
      if (from == to) {
        return;
      }
      if (edges == sources.length) {
        sources = Arrays.copyOf(sources, edges * 2);
        targets = Arrays.copyOf(targets, edges * 2);
        labels = Arrays.copyOf(labels, edges * 2);
      }
      sources[edges] = from;
      targets[edges] = to;
      labels[edges++] = (byte) label;
    }

    void add(int from, int to, Dependency dependency) {
      add(from, to, dependency.bit());
    }

    DependencyGraph build() {
      int[] ends = new int[nodes + 1];
      for (int i = 0; i < edges; i++) {
        ends[sources[i] + 1]++;
      }
      for (int i = 0; i < nodes; i++) {
        ends[i + 1] += ends[i];
      }
      int[] next = Arrays.copyOf(ends, nodes);
      long[] packed = new long[edges];
      for (int i = 0; i < edges; i++) {
        packed[next[sources[i]]++] = ((long) targets[i] << LABEL_BITS) | labels[i];
      }
      int[] starts = new int[nodes + 1];
      int[] mergedTargets = new int[edges];
      byte[] mergedLabels = new byte[edges];
      int merged = 0;
      for (int node = 0; node < nodes; node++) {
        Arrays.sort(packed, ends[node], ends[node + 1]);
        for (int i = ends[node]; i < ends[node + 1]; i++) {
          int target = (int) (packed[i] >> LABEL_BITS);
          byte label = (byte) packed[i];
          if (merged > starts[node] && mergedTargets[merged - 1] == target) {
            mergedLabels[merged - 1] = (byte) (mergedLabels[merged - 1] | label);
          } else {
            mergedTargets[merged] = target;
            mergedLabels[merged++] = label;
          }
        }
        starts[node + 1] = merged;
      }
      return new DependencyGraph(
          starts, Arrays.copyOf(mergedTargets, merged), Arrays.copyOf(mergedLabels, merged));
    }
  }
}
