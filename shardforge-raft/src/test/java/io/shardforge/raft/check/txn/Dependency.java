package io.shardforge.raft.check.txn;

/** A reason why one transaction must come before another, as a bit of an edge's label. */
enum Dependency {
  /** The first wrote a version, the second the next one. */
  WW,
  /** The first wrote a version, the second read it. */
  WR,
  /** The first read a version, the second wrote the next one: an anti-dependency. */
  RW,
  /** One process ran the first, then the second. */
  PROCESS,
  /** The first had ended before the second began. */
  REALTIME;

  int bit() {
    return 1 << ordinal();
  }

  /** The first reason in a label, in the order of this enum. */
  static Dependency strongest(int label) {
    return values()[Integer.numberOfTrailingZeros(label)];
  }

  static int mask(Dependency... dependencies) {
    int mask = 0;
    for (Dependency dependency : dependencies) {
      mask |= dependency.bit();
    }
    return mask;
  }
}
