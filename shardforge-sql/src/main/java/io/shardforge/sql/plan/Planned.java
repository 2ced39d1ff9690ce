package io.shardforge.sql.plan;

import java.util.BitSet;

/**
 * A plan node for a relational expression, and where its columns went: {@code columns[i]} is the
 * node's output column for column {@code i} of the expression, negative if nobody asked for it.
 */
record Planned(PlanNode node, int[] columns) {
  static int[] identity(int width) {
    int[] columns = new int[width];
    for (int i = 0; i < width; i++) {
      columns[i] = i;
    }
    return columns;
  }

  static BitSet all(int width) {
    BitSet bits = new BitSet(width);
    bits.set(0, width);
    return bits;
  }

  /** True if the node's output is exactly the expression's columns in order. */
  boolean isIdentity() {
    if (node.types().size() != columns.length) {
      return false;
    }
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] != i) {
        return false;
      }
    }
    return true;
  }

  double rows() {
    return node.estimate().rows();
  }

  double cost() {
    return node.estimate().totalCost();
  }
}
