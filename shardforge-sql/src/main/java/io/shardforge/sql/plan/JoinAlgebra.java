package io.shardforge.sql.plan;

/** Orders larger clusters of joins. */
final class JoinAlgebra {
  private JoinAlgebra() {}

  static JoinOrder.Tree order(JoinOrder.Cluster cluster) {
    return JoinOrder.greedy(cluster);
  }
}
