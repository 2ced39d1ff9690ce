package io.shardforge.raft.kv;

/** PostgreSQL's four strengths of row locks, weakest first. */
public enum LockStrength {
  /** Keeps the row's key: conflicts with deletion only. */
  KEY_SHARE(0, 0b1000),
  /** Keeps the row as it is. */
  SHARE(1, 0b1100),
  /** Changes the row but not its key. */
  NO_KEY_UPDATE(2, 0b1110),
  /** Deletes the row or changes its key. */
  UPDATE(3, 0b1111);

  private final int rank;
  // Bit i is set where rank i conflicts; PostgreSQL's table of conflicting row-level locks.
  private final int conflicts;

  LockStrength(int rank, int conflicts) {
    this.rank = rank;
    this.conflicts = conflicts;
  }

  /** Whether two transactions cannot hold these on one row at once. */
  public boolean conflictsWith(LockStrength other) {
    return (conflicts & (1 << other.rank)) != 0;
  }

  /** Whether holding this one makes asking for the other needless. */
  public boolean covers(LockStrength other) {
    return rank >= other.rank;
  }

  /** The stronger of the two. */
  public LockStrength stronger(LockStrength other) {
    return covers(other) ? this : other;
  }
}
