package io.shardforge.raft.check.invariant;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The judge of a set that only grows: what was acknowledged, or once read, must be in every later
 * read.
 *
 * <p>An element is <em>lost</em> if it was known to be there and the last reads do not have it;
 * <em>stale</em> if a read lacked it that began after it was known, and a later one has it;
 * <em>recovered</em> if nobody knew what came of its addition until a read had it; <em>never
 * read</em> if no read began after it was acknowledged.
 */
public final class GrowOnlySet {
  private GrowOnlySet() {}

  /** A read's elements and the time that it covers. */
  private record Snapshot(Operation<SetAction> operation, Set<Object> elements) {}

  /** Judges every element of a history. */
  public static Verdict judge(History<SetAction> history, ConsistencyModel model) {
    Findings findings = new Findings();
    Map<Object, Operation<SetAction>> additions = new LinkedHashMap<>();
    List<Snapshot> snapshots = new ArrayList<>();
    for (Operation<SetAction> operation : history.operations()) {
      switch (operation.action()) {
        case SetAction.Add add -> {
          if (additions.put(add.element(), operation) != null) {
            throw new IllegalArgumentException("added more than once: " + add.element());
          }
        }
        case SetAction.Read read -> {
          if (operation.outcome() == Outcome.OK && read.elements() != null) {
            Set<Object> elements = new HashSet<>();
            for (Object element : read.elements()) {
              if (!elements.add(element)) {
                findings.add(
                    Phenomenon.DUPLICATE_ELEMENTS,
                    () -> "operation #%d read %s twice".formatted(operation.index(), element));
              }
            }
            snapshots.add(new Snapshot(operation, elements));
          }
        }
      }
    }
    Map<Object, Operation<SetAction>> firstRead = new LinkedHashMap<>();
    snapshots.stream()
        .sorted(Comparator.comparingLong(snapshot -> snapshot.operation().completed()))
        .forEach(snapshot ->
            snapshot
                .elements()
                .forEach(element -> firstRead.putIfAbsent(element, snapshot.operation())));
    firstRead.forEach((element, reader) -> {
      Operation<SetAction> addition = additions.get(element);
      if (addition == null) {
        findings.add(
            Phenomenon.GARBAGE_READ,
            () -> "operation #%d read %s, which nobody added".formatted(reader.index(), element));
      } else if (addition.outcome() == Outcome.FAIL) {
        findings.add(
            Phenomenon.G1A,
            () ->
                "operation #%d read %s, but operation #%d, which added it, aborted"
                    .formatted(reader.index(), element, addition.index()));
      }
    });
    Counts counts = new Counts();
    additions.forEach((element, addition) ->
        element(element, addition, firstRead.get(element), snapshots, findings, counts));
    findings.remark(
        "%d reads of %d elements: %d stable, %d recovered, %d never read"
            .formatted(
                snapshots.size(),
                additions.size(),
                counts.stable,
                counts.recovered,
                counts.neverRead));
    return snapshots.isEmpty() ? findings.verdict(Verdict.Result.UNKNOWN) : findings.verdict(model);
  }

  private static final class Counts {
    private int stable;
    private int recovered;
    private int neverRead;
  }

  private static void element(
      Object element,
      Operation<SetAction> addition,
      @Nullable Operation<SetAction> firstRead,
      List<Snapshot> snapshots,
      Findings findings,
      Counts counts) {
    if (addition.outcome() == Outcome.FAIL) {
      return;
    }
    if (addition.outcome() == Outcome.INFO) {
      if (firstRead == null) {
        return;
      }
      counts.recovered++;
    }
    long known =
        Math.min(addition.completed(), firstRead == null ? Operation.NEVER : firstRead.completed());
    Operation<SetAction> lastWithout = null;
    Operation<SetAction> lastWith = null;
    for (Snapshot snapshot : snapshots) {
      Operation<SetAction> read = snapshot.operation();
      if (snapshot.elements().contains(element)) {
        lastWith = later(lastWith, read);
      } else if (read.invoked() > known) {
        lastWithout = later(lastWithout, read);
      }
    }
    if (lastWithout == null) {
      if (lastWith == null) {
        counts.neverRead++;
      } else {
        counts.stable++;
      }
      return;
    }
    boolean lost = lastWith == null || lastWith.invoked() < lastWithout.invoked();
    int reader = lastWithout.index();
    findings.add(
        lost ? Phenomenon.LOST_ELEMENT : Phenomenon.STALE_ELEMENT,
        () ->
            "%s, added by operation #%d and known to be there at %d, is not in the later read #%d%s"
                .formatted(
                    element,
                    addition.index(),
                    known,
                    reader,
                    lost ? " nor in any after it" : ", but in one after it"));
  }

  private static Operation<SetAction> later(
      @Nullable Operation<SetAction> one, Operation<SetAction> other) {
    return one == null || one.invoked() < other.invoked() ? other : one;
  }
}
