package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/** Everything wrong with the lists of a history that takes no cycle to see. */
final class ListFaults {
  private final History<Transaction> history;
  private final ListHistories lists;

  ListFaults(History<Transaction> history, ListHistories lists) {
    this.history = history;
    this.lists = lists;
  }

  void find(Findings findings) {
    for (ListHistory list : lists.lists()) {
      orders(list, findings);
      elements(list, findings);
      dirtyUpdates(list, findings);
      lostAppends(list, findings);
    }
    intermediateReads(findings);
  }

  private String describe(int operation) {
    return CycleJudge.describe(history.get(operation));
  }

  private static void orders(ListHistory list, Findings findings) {
    for (ListHistory.ListRead read : list.incompatible()) {
      findings.add(
          Phenomenon.INCOMPATIBLE_ORDER,
          () ->
              "operation #%d read %s of %s, but another read %s"
                  .formatted(read.operation(), read.elements(), list.key(), list.order()));
    }
    for (Object element : list.duplicates()) {
      findings.add(
          Phenomenon.DUPLICATE_ELEMENTS,
          () -> "%s is in %s more than once: %s".formatted(element, list.key(), list.order()));
    }
    for (ListHistory.ListRead read : list.incompatible()) {
      Set<Object> seen = new HashSet<>();
      for (Object element : read.elements()) {
        if (!seen.add(element)) {
          findings.add(
              Phenomenon.DUPLICATE_ELEMENTS,
              () ->
                  "%s is in %s more than once: %s".formatted(element, list.key(), read.elements()));
        }
      }
    }
  }

  /** Aborted reads and garbage: once for each element, with its first reader. */
  private void elements(ListHistory list, Findings findings) {
    for (int i = 0; i < list.order().size(); i++) {
      int position = i;
      element(list, list.order().get(i), () -> firstReader(list, position), findings);
    }
    for (ListHistory.ListRead read : list.incompatible()) {
      for (Object element : read.elements()) {
        element(list, element, read::operation, findings);
      }
    }
  }

  private static int firstReader(ListHistory list, int position) {
    return list.reads().stream()
        .filter(read -> read.elements().size() > position)
        .mapToInt(ListHistory.ListRead::operation)
        .findFirst()
        .orElseThrow();
  }

  private void element(ListHistory list, Object element, IntSupplier reader, Findings findings) {
    int appender = list.appender(element);
    if (appender == ListHistory.NOBODY) {
      findings.add(
          Phenomenon.GARBAGE_READ,
          () ->
              "%s saw %s in %s, which nobody appended"
                  .formatted(describe(reader.getAsInt()), element, list.key()));
    } else if (history.get(appender).outcome() == Outcome.FAIL) {
      findings.add(
          Phenomenon.G1A,
          () ->
              "%s saw %s in %s, which was appended by the aborted %s"
                  .formatted(describe(reader.getAsInt()), element, list.key(), describe(appender)));
    }
  }

  private void dirtyUpdates(ListHistory list, Findings findings) {
    int aborted = -1;
    for (Object element : list.order()) {
      int appender = list.appender(element);
      if (appender != ListHistory.NOBODY) {
        Outcome outcome = history.get(appender).outcome();
        if (outcome == Outcome.FAIL) {
          aborted = appender;
        } else if (outcome == Outcome.OK && aborted >= 0) {
          int dirty = aborted;
          findings.add(
              Phenomenon.DIRTY_UPDATE,
              () ->
                  "%s appended to a version of %s that the aborted %s had made"
                      .formatted(describe(appender), list.key(), describe(dirty)));
          aborted = -1;
        }
      }
    }
  }

  private void lostAppends(ListHistory list, Findings findings) {
    Operation<Transaction> last = null;
    for (ListHistory.ListRead read : list.reads()) {
      Operation<Transaction> reader = history.get(read.operation());
      if (reader.outcome() == Outcome.OK && (last == null || last.invoked() < reader.invoked())) {
        last = reader;
      }
    }
    if (last == null) {
      return;
    }
    Operation<Transaction> reader = last;
    Set<Object> seenOutOfOrder = new HashSet<>();
    list.incompatible().forEach(read -> seenOutOfOrder.addAll(read.elements()));
    for (Object element : lists.unobserved(list)) {
      Operation<Transaction> appender = history.get(list.appender(element));
      if (appender.outcome() == Outcome.OK
          && appender.precedes(reader)
          && !seenOutOfOrder.contains(element)) {
        findings.add(
            Phenomenon.LOST_APPEND,
            () ->
                "%s was acknowledged, but no read has %s in %s, not even the later %s"
                    .formatted(
                        CycleJudge.describe(appender),
                        element,
                        list.key(),
                        CycleJudge.describe(reader)));
      }
    }
  }

  private void intermediateReads(Findings findings) {
    // By key, the elements after which their own transaction appended another.
    Map<Object, Map<Object, Integer>> intermediate = new HashMap<>();
    for (Operation<Transaction> operation : history.operations()) {
      Map<Object, Object> last = new HashMap<>();
      for (MicroOp step : operation.action().steps()) {
        if (step instanceof MicroOp.Append append) {
          Object before = last.put(append.key(), append.element());
          if (before != null) {
            intermediate
                .computeIfAbsent(append.key(), _ -> new HashMap<>())
                .put(before, operation.index());
          }
        }
      }
    }
    for (Operation<Transaction> operation : history.operations()) {
      if (operation.outcome() == Outcome.OK) {
        for (MicroOp step : operation.action().steps()) {
          if (step instanceof MicroOp.Read read && !read.elements().isEmpty()) {
            List<?> elements = read.elements();
            Integer writer =
                intermediate.getOrDefault(read.key(), Map.of()).get(elements.getLast());
            if (writer != null && writer != operation.index()) {
              findings.add(
                  Phenomenon.G1B,
                  () ->
                      "%s saw %s in %s as it was in the middle of %s"
                          .formatted(
                              CycleJudge.describe(operation),
                              elements.getLast(),
                              read.key(),
                              describe(writer)));
            }
          }
        }
      }
    }
  }
}
