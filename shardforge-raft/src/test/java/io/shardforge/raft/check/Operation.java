package io.shardforge.raft.check;

/**
 * One action of one client: when it was asked for, when it was answered, and what came of it.
 *
 * @param index its place in the order of invocations
 * @param process the client, which has one operation under way at a time
 * @param invoked when it began: any clock that all processes share, logical or physical
 * @param completed when it ended, {@link #NEVER} if its outcome is not known
 * @param action what was done; of a read that is {@link Outcome#OK}, with what it saw
 */
public record Operation<T>(
    int index, long process, long invoked, long completed, Outcome outcome, T action) {
  /** The completion of an operation with an unknown outcome: later than everything. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Checks that it ends after its start, and ends only if its outcome is known. */
  public Operation {
    if (completed < invoked) {
      throw new IllegalArgumentException("completed " + completed + " before invoked " + invoked);
    }
    if (outcome == Outcome.INFO) {
      completed = NEVER;
    }
  }

  /** Whether it had ended for certain before the other began: the real-time order. */
  public boolean precedes(Operation<?> other) {
    return completed < other.invoked;
  }

  Operation<T> withIndex(int place) {
    return new Operation<>(place, process, invoked, completed, outcome, action);
  }
}
