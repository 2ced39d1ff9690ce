package io.shardforge.raft.check.txn;

/** What a workload tells about the order of its transactions. */
interface Inference {
  /** Adds an edge for each write, read and anti-dependency. */
  void dependencies(DependencyGraph.Builder graph);

  /**
   * Says why one transaction depends on another.
   *
   * @param reason one of the dependencies between the two
   * @param first what to call the one that comes before
   * @param second what to call the one that comes after
   */
  String explain(int from, int to, Dependency reason, String first, String second);
}
