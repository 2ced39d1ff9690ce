package io.shardforge.raft.check.invariant;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.invariant.MonotonicAction.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The judge of a table in which every transaction adds one more than the largest value there is:
 * values grow with the database's timestamps, and with real time.
 */
public final class Monotonic {
  private Monotonic() {}

  /** Judges the rows of every read, and the additions among each other. */
  public static Verdict judge(History<MonotonicAction> history, ConsistencyModel model) {
    Findings findings = new Findings();
    List<Operation<MonotonicAction>> added = new ArrayList<>();
    Set<Long> aborted = new HashSet<>();
    int reads = 0;
    for (Operation<MonotonicAction> operation : history.operations()) {
      switch (operation.action()) {
        case MonotonicAction.Add add -> {
          if (add.row() != null && operation.outcome() == Outcome.OK) {
            added.add(operation);
          } else if (add.row() != null && operation.outcome() == Outcome.FAIL) {
            aborted.add(add.row().value());
          }
        }
        case MonotonicAction.Read _ -> {}
      }
    }
    for (Operation<MonotonicAction> operation : history.operations()) {
      if (operation.outcome() == Outcome.OK
          && operation.action() instanceof MonotonicAction.Read read
          && read.rows() != null) {
        reads++;
        rows(operation, read.rows(), findings);
        lost(operation, read.rows(), added, findings);
        for (Row row : read.rows()) {
          if (aborted.contains(row.value())) {
            findings.add(
                Phenomenon.G1A,
                () ->
                    "operation #%d read %s, whose addition aborted"
                        .formatted(operation.index(), row));
          }
        }
      }
    }
    realTime(added, findings);
    findings.remark("%d reads, %d acknowledged additions".formatted(reads, added.size()));
    return reads == 0 ? findings.verdict(Verdict.Result.UNKNOWN) : findings.verdict(model);
  }

  private static void rows(
      Operation<MonotonicAction> operation, List<Row> rows, Findings findings) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingLong(Row::timestamp).thenComparingLong(Row::value));
    Set<Long> values = new HashSet<>();
    for (int i = 0; i < sorted.size(); i++) {
      Row row = sorted.get(i);
      if (!values.add(row.value())) {
        findings.add(
            Phenomenon.DUPLICATE_ELEMENTS,
            () -> "operation #%d read %d twice".formatted(operation.index(), row.value()));
      } else if (i > 0 && sorted.get(i - 1).value() > row.value()) {
        Row before = sorted.get(i - 1);
        findings.add(
            Phenomenon.NOT_MONOTONIC,
            () ->
                "operation #%d read %s and the later %s".formatted(operation.index(), before, row));
      }
    }
  }

  private static void lost(
      Operation<MonotonicAction> operation,
      List<Row> rows,
      List<Operation<MonotonicAction>> added,
      Findings findings) {
    Set<Row> seen = new HashSet<>(rows);
    for (Operation<MonotonicAction> addition : added) {
      if (addition.precedes(operation)
          && addition.action() instanceof MonotonicAction.Add add
          && add.row() != null
          && !seen.contains(add.row())) {
        findings.add(
            Phenomenon.LOST_ELEMENT,
            () ->
                "%s, acknowledged to operation #%d, is not in the later read #%d"
                    .formatted(add.row(), addition.index(), operation.index()));
      }
    }
  }

  /** What was added after another addition had ended is larger. */
  private static void realTime(List<Operation<MonotonicAction>> added, Findings findings) {
    List<Operation<MonotonicAction>> ended = new ArrayList<>(added);
    ended.sort(Comparator.comparingLong(Operation::completed));
    Operation<MonotonicAction> largest = null;
    int next = 0;
    for (Operation<MonotonicAction> operation : added) {
      for (; next < ended.size() && ended.get(next).precedes(operation); next++) {
        if (largest == null || value(ended.get(next)) > value(largest)) {
          largest = ended.get(next);
        }
      }
      if (largest != null && value(largest) >= value(operation)) {
        Operation<MonotonicAction> before = largest;
        findings.add(
            Phenomenon.NOT_MONOTONIC,
            () ->
                "operation #%d added %d, after #%d had added %d"
                    .formatted(operation.index(), value(operation), before.index(), value(before)));
      }
    }
  }

  private static long value(Operation<MonotonicAction> operation) {
    if (operation.action() instanceof MonotonicAction.Add add && add.row() != null) {
      return add.row().value();
    }
    throw new IllegalArgumentException("not an addition: " + operation);
  }
}
