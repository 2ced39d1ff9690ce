package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lists of a history, and the dependencies that they give rise to. */
final class ListHistories implements Inference {
  private final History<Transaction> history;
  private final Map<Object, ListHistory> lists = new LinkedHashMap<>();

  ListHistories(History<Transaction> history) {
    this.history = history;
    for (Operation<Transaction> operation : history.operations()) {
      for (MicroOp step : operation.action().steps()) {
        ListHistory list = lists.computeIfAbsent(step.key(), ListHistory::new);
        switch (step) {
          case MicroOp.Append append -> list.append(operation.index(), append.element());
          case MicroOp.Read read -> {
            if (isKnown(operation, read)) {
              list.read(operation.index(), read.elements());
            }
          }
          case MicroOp.Write write ->
              throw new IllegalArgumentException("not an operation on lists: " + write);
        }
      }
    }
    lists.values().forEach(list -> list.settle(this::aborted));
  }

  /** Whether a read says what it saw: that of an unknown outcome only if it says anything. */
  private static boolean isKnown(Operation<Transaction> operation, MicroOp.Read read) {
    return switch (operation.outcome()) {
      case OK -> true;
      case INFO -> read.value() != null;
      case FAIL -> false;
    };
  }

  private boolean aborted(int operation) {
    return history.get(operation).outcome() == Outcome.FAIL;
  }

  Collection<ListHistory> lists() {
    return lists.values();
  }

  /** The appends to a list that nobody saw, without those that never were. */
  List<Object> unobserved(ListHistory list) {
    return list.unobserved(this::aborted);
  }

  @Override
  public void dependencies(DependencyGraph.Builder graph) {
    for (ListHistory list : lists.values()) {
      int length = list.order().size();
      for (int at = list.writtenFrom(0); at < length; ) {
        int next = list.writtenFrom(at + 1);
        if (next < length) {
          graph.add(list.writer(at), list.writer(next), Dependency.WW);
        }
        at = next;
      }
      // What no read has comes after all that a read has.
      List<Integer> unobserved = unobserved(list).stream().map(list::appender).distinct().toList();
      int last = list.writtenBefore(length);
      if (last >= 0) {
        unobserved.forEach(writer -> graph.add(list.writer(last), writer, Dependency.WW));
      }
      List<ListHistory.ListRead> incompatible = list.incompatible();
      for (ListHistory.ListRead read : list.reads()) {
        if (!read.elements().isEmpty()) {
          int writer = list.appender(read.elements().getLast());
          if (writer != ListHistory.NOBODY && !aborted(writer)) {
            graph.add(writer, read.operation(), Dependency.WR);
          }
        }
        if (incompatible.isEmpty() || list.isPrefix(read)) {
          int next = list.writtenFrom(read.elements().size());
          if (next < length) {
            graph.add(read.operation(), list.writer(next), Dependency.RW);
          } else {
            unobserved.forEach(writer -> graph.add(read.operation(), writer, Dependency.RW));
          }
        }
      }
    }
  }

  @Override
  public String explain(int from, int to, Dependency reason, String first, String second) {
    return switch (reason) {
      case WW -> overwrites(from, to, first, second);
      case WR -> observes(from, to, first, second);
      case RW -> misses(from, to, first, second);
      case PROCESS, REALTIME -> throw new IllegalArgumentException("not of data: " + reason);
    };
  }

  private String overwrites(int from, int to, String first, String second) {
    for (MicroOp step : history.get(to).action().steps()) {
      if (step instanceof MicroOp.Append append) {
        ListHistory list = lists(append.key());
        int before = list.writtenBefore(list.position(append.element()));
        if (before >= 0 && list.writer(before) == from) {
          return "%s appended %s to %s after %s appended %s"
              .formatted(second, append.element(), append.key(), first, list.order().get(before));
        }
      }
    }
    throw new IllegalStateException("no write dependency from " + from + " to " + to);
  }

  private String observes(int from, int to, String first, String second) {
    for (MicroOp.Read read : reads(to)) {
      if (!read.elements().isEmpty()
          && lists(read.key()).appender(read.elements().getLast()) == from) {
        return "%s observed %s's append of %s to %s"
            .formatted(second, first, read.elements().getLast(), read.key());
      }
    }
    throw new IllegalStateException("no read dependency from " + from + " to " + to);
  }

  private String misses(int from, int to, String first, String second) {
    for (MicroOp step : history.get(to).action().steps()) {
      if (step instanceof MicroOp.Append append) {
        ListHistory list = lists(append.key());
        for (MicroOp.Read read : reads(from)) {
          if (read.key().equals(append.key())
              && list.writtenFrom(read.elements().size()) == list.position(append.element())
              && list.isPrefix(new ListHistory.ListRead(from, read.elements()))) {
            return "%s did not observe %s's append of %s to %s"
                .formatted(first, second, append.element(), append.key());
          }
        }
      }
    }
    throw new IllegalStateException("no anti-dependency from " + from + " to " + to);
  }

  private List<MicroOp.Read> reads(int operation) {
    List<MicroOp.Read> reads = new ArrayList<>();
    for (MicroOp step : history.get(operation).action().steps()) {
      if (step instanceof MicroOp.Read read && isKnown(history.get(operation), read)) {
        reads.add(read);
      }
    }
    return reads;
  }

  private ListHistory lists(Object key) {
    ListHistory list = lists.get(key);
    if (list == null) {
      throw new IllegalStateException("no list " + key);
    }
    return list;
  }
}
