package io.shardforge.raft.check;

import java.util.ArrayList;
import java.util.List;

/**
 * A history in the making: clients report what they begin and how it ended, from any thread.
 *
 * <p>Its clock counts reports, so an operation that was answered before another was asked for has a
 * smaller completion than the other's invocation. Report an invocation before the request is sent
 * and a completion after the answer has come: then the real-time order is never claimed wrongly.
 */
public final class HistoryRecorder<T> {
  private static final int OPERATIONS_MAX = 10_000_000;

  private final List<Operation<T>> operations = new ArrayList<>();
  private long clock;

  /** Begins an operation and returns the number under which it ends. */
  public synchronized int invoke(long process, T action) {
    if (operations.size() == OPERATIONS_MAX) {
      throw new IllegalStateException("more than " + OPERATIONS_MAX + " operations");
    }
    int index = operations.size();
    operations.add(new Operation<>(index, process, clock++, Operation.NEVER, Outcome.INFO, action));
    return index;
  }

  /** Ends an operation that took effect, with what it saw. */
  public synchronized void ok(int index, T action) {
    end(index, Outcome.OK, action);
  }

  /** Ends an operation that certainly took no effect. */
  public synchronized void fail(int index) {
    end(index, Outcome.FAIL, operations.get(index).action());
  }

  /** What was recorded so far; what has not ended has an unknown outcome. */
  public synchronized History<T> history() {
    return new History<>(operations);
  }

  private void end(int index, Outcome outcome, T action) {
    Operation<T> open = operations.get(index);
    if (open.outcome() != Outcome.INFO) {
      throw new IllegalStateException("operation " + index + " has ended already");
    }
    operations.set(
        index, new Operation<>(index, open.process(), open.invoked(), clock++, outcome, action));
  }
}
