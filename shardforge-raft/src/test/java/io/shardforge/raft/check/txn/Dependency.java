package io.shardforge.raft.check.txn;

/** A reason why one transaction must come before another, as a bit of an edge's label. */
enum Dependency {
  /** The first wrote a version, the second the next one. */
  WW(1),
  /** The first wrote a version, the second read it. */
  WR(2),
  /** The first read a version, the second wrote the next one: an anti-dependency. */
  RW(4),
  /** One process ran the first, then the second. */
  PROCESS(8),
  /** The first had ended before the second began. */
  REALTIME(16);

  private final int bit;

  Dependency(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }

  /** The first reason in a label, in the order of this enum. */
  static Dependency strongest(int label) {
    for (Dependency dependency : values()) {
      if ((label & dependency.bit) != 0) {
        return dependency;
      }
    }
    throw new IllegalArgumentException("an edge without a reason");
  }

  static int mask(Dependency... dependencies) {
    int mask = 0;
    for (Dependency dependency : dependencies) {
      mask |= dependency.bit();
    }
    return mask;
  }
}
