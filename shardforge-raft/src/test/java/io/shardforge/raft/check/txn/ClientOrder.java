package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The orders that clients see without looking at data: within a process, and in real time.
 *
 * <p>Both are given by few edges: those of the transitive reduction, so that a history of n
 * operations on c processes has at most n·c of them.
 */
final class ClientOrder {
  private ClientOrder() {}

  /** Receives a pair of operations, the first of which comes before the second. */
  interface Sink {
    void accept(int earlier, int later);
  }

  /** Each operation of a process and its next, where the first certainly came to an end. */
  static void process(Iterable<? extends Operation<?>> operations, Sink sink) {
    Map<Long, Integer> last = new HashMap<>();
    for (Operation<?> operation : operations) {
      if (operation.outcome() != Outcome.FAIL) {
        Integer before =
            operation.outcome() == Outcome.OK
                ? last.put(operation.process(), operation.index())
                : last.get(operation.process());
        if (before != null) {
          sink.accept(before, operation.index());
        }
      }
    }
  }

  /** Each operation and those that ended before it began, without the ones in between. */
  static void realTime(List<? extends Operation<?>> inOrderOfInvocation, Sink sink) {
    List<Operation<?>> ended = new ArrayList<>();
    for (Operation<?> operation : inOrderOfInvocation) {
      if (operation.outcome() == Outcome.OK) {
        ended.add(operation);
      }
    }
    ended.sort(Comparator.comparingLong(Operation::completed));
    // The operations that have ended and have no other ended one after them.
    List<Operation<?>> frontier = new ArrayList<>();
    int next = 0;
    for (Operation<?> operation : inOrderOfInvocation) {
      if (operation.outcome() == Outcome.FAIL) {
        continue;
      }
      for (; next < ended.size() && ended.get(next).precedes(operation); next++) {
        Operation<?> done = ended.get(next);
        frontier.removeIf(before -> before.precedes(done));
        frontier.add(done);
      }
      for (Operation<?> before : frontier) {
        sink.accept(before.index(), operation.index());
      }
    }
  }
}
