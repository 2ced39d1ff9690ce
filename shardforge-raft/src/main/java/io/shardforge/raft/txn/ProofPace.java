package io.shardforge.raft.txn;

/**
 * How often commits that have something to prove are tried in one round. A shard refuses its part
 * if somebody has read there since the proof, and then the commit takes more rounds than two: where
 * that happens it is tried ever more seldom, until it succeeds again.
 *
 * <p>For any number of threads.
 */
final class ProofPace {
  /** Commits that take two rounds after the first refusal. */
  static final int PAUSE_MIN = 8;

  /** The most that do so, however often there were refusals in a row. */
  static final int PAUSE_MAX = 256;

  private int left;
  private int nextPause = PAUSE_MIN;

  /** Whether to try it with the commit that asks. */
  synchronized boolean mayTry() {
    if (left == 0) {
      return true;
    }
    left--;
    return false;
  }

  /** Notes that a shard has refused its part. */
  synchronized void refused() {
    left = nextPause;
    nextPause = Math.min(PAUSE_MAX, 2 * nextPause);
  }

  /** Notes that everything was put in place. */
  synchronized void succeeded() {
    nextPause = PAUSE_MIN;
  }
}
