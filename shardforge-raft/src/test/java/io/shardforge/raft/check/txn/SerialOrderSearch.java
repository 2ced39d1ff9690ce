package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serializability by its definition: tries every serial order of a small history, so that the
 * judges have something to be judged by.
 */
final class SerialOrderSearch {
  private static final int OPERATIONS_MAX = 20;

  private final History<Transaction> history;
  private final boolean realTime;
  private final Set<Tried> tried = new HashSet<>();

  /** A set of transactions and the state that they leave behind. */
  private record Tried(int done, Map<Object, Object> state) {}

  private SerialOrderSearch(History<Transaction> history, boolean realTime) {
    if (history.size() > OPERATIONS_MAX) {
      throw new IllegalArgumentException(history.size() + " operations are too many");
    }
    this.history = history;
    this.realTime = realTime;
  }

  /** Whether some serial order, which keeps real time if asked, explains every read. */
  static boolean exists(History<Transaction> history, boolean realTime) {
    return new SerialOrderSearch(history, realTime).from(0, Map.of());
  }

  private boolean from(int done, Map<Object, Object> state) {
    if (!tried.add(new Tried(done, state))) {
      return false;
    }
    boolean all = true;
    for (Operation<Transaction> operation : history.operations()) {
      int bit = 1 << operation.index();
      if (operation.outcome() == Outcome.FAIL || (done & bit) != 0) {
        continue;
      }
      all &= operation.outcome() == Outcome.INFO;
      if (isNext(operation, done)) {
        Map<Object, Object> after = run(operation, state);
        if (after != null && from(done | bit, after)) {
          return true;
        }
      }
    }
    return all;
  }

  private boolean isNext(Operation<Transaction> operation, int done) {
    if (realTime) {
      for (Operation<Transaction> other : history.operations()) {
        if (other.outcome() == Outcome.OK
            && (done & (1 << other.index())) == 0
            && other.precedes(operation)) {
          return false;
        }
      }
    }
    return true;
  }

  private static @Nullable Map<Object, Object> run(
      Operation<Transaction> operation, Map<Object, Object> state) {
    Map<Object, Object> after = new HashMap<>(state);
    for (MicroOp step : operation.action().steps()) {
      switch (step) {
        case MicroOp.Write write -> after.put(write.key(), write.value());
        case MicroOp.Append append -> {
          List<Object> list = new ArrayList<>();
          if (after.get(append.key()) instanceof List<?> before) {
            list.addAll(before);
          }
          list.add(append.element());
          after.put(append.key(), list);
        }
        case MicroOp.Read read -> {
          Object seen =
              read.value() instanceof List<?> list && list.isEmpty() ? null : read.value();
          if (operation.outcome() == Outcome.OK && !Objects.equals(seen, after.get(read.key()))) {
            return null;
          }
        }
      }
    }
    return after;
  }
}
