package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong inside of single transactions, on lists or registers, and lost updates, for which
 * two transactions are enough.
 */
final class TransactionFaults {
  private final History<Transaction> history;

  TransactionFaults(History<Transaction> history) {
    this.history = history;
  }

  /** A version of a key, by its value. */
  private record Version(Object key, @Nullable Object value) {}

  /** What a transaction must see in a key: all of it, or only how it ends. */
  private record Expected(boolean whole, @Nullable Object value, List<Object> appended) {
    static Expected of(MicroOp.Read read) {
      return new Expected(true, read.value(), List.of());
    }

    Expected with(Object element) {
      List<Object> more = new ArrayList<>(appended);
      more.add(element);
      return new Expected(whole, value, more);
    }

    boolean allows(MicroOp.Read read) {
      if (appended.isEmpty() && !(value instanceof List<?>) && !(read.value() instanceof List<?>)) {
        return Objects.equals(value, read.value());
      }
      List<?> base = value instanceof List<?> list ? list : List.of();
      List<?> seen = read.elements();
      int start = seen.size() - appended.size();
      return start >= 0
          && seen.subList(start, seen.size()).equals(appended)
          && (!whole || seen.subList(0, start).equals(base));
    }

    @Override
    public String toString() {
      if (appended.isEmpty()) {
        return value == null ? "nil" : value.toString();
      }
      return (whole ? (value == null ? "[]" : value.toString()) : "…") + " and then " + appended;
    }
  }

  void find(Findings findings) {
    Map<Version, List<Operation<Transaction>>> updates = new LinkedHashMap<>();
    for (Operation<Transaction> operation : history.operations()) {
      if (operation.outcome() == Outcome.OK) {
        internal(operation, findings);
        futureReads(operation, findings);
        for (Version version : replaced(operation.action())) {
          updates.computeIfAbsent(version, _ -> new ArrayList<>(1)).add(operation);
        }
      }
    }
    updates.forEach((version, writers) -> {
      if (writers.size() > 1) {
        findings.add(
            Phenomenon.LOST_UPDATE,
            () ->
                "%s and %s both read %s and replaced it"
                    .formatted(
                        CycleJudge.describe(writers.getFirst()),
                        CycleJudge.describe(writers.get(1)),
                        new MicroOp.Read(version.key(), version.value())));
      }
    });
  }

  /** The versions that a transaction read from outside and then replaced. */
  private static Set<Version> replaced(Transaction transaction) {
    Map<Object, Version> read = new HashMap<>();
    Set<Object> written = new HashSet<>();
    Set<Version> replaced = new HashSet<>();
    for (MicroOp step : transaction.steps()) {
      switch (step) {
        case MicroOp.Read seen -> {
          if (!written.contains(seen.key())) {
            read.putIfAbsent(seen.key(), new Version(seen.key(), emptyAsNull(seen.value())));
          }
        }
        case MicroOp.Append append -> {
          Version version = read.get(append.key());
          if (written.add(append.key()) && version != null) {
            replaced.add(version);
          }
        }
        case MicroOp.Write write -> {
          Version version = read.get(write.key());
          if (written.add(write.key()) && version != null) {
            replaced.add(version);
          }
        }
      }
    }
    return replaced;
  }

  private static @Nullable Object emptyAsNull(@Nullable Object value) {
    return value instanceof List<?> list && list.isEmpty() ? null : value;
  }

  private static void internal(Operation<Transaction> operation, Findings findings) {
    if (operation.action().steps().size() < 2) {
      return;
    }
    Map<Object, Expected> expected = new HashMap<>();
    for (MicroOp step : operation.action().steps()) {
      switch (step) {
        case MicroOp.Write write ->
            expected.put(write.key(), new Expected(true, write.value(), List.of()));
        case MicroOp.Append append ->
            expected.put(
                append.key(),
                expected
                    .getOrDefault(append.key(), new Expected(false, null, List.of()))
                    .with(append.element()));
        case MicroOp.Read read -> {
          Expected before = expected.put(read.key(), Expected.of(read));
          if (before != null && !before.allows(read)) {
            findings.add(
                Phenomenon.INTERNAL,
                () ->
                    "%s expected %s to be %s after its own steps, but had \"%s\""
                        .formatted(CycleJudge.describe(operation), read.key(), before, read));
          }
        }
      }
    }
  }

  private static boolean sees(MicroOp.Read read, Set<Object> values) {
    Object value = read.value();
    if (value instanceof List<?> list) {
      return list.stream().anyMatch(values::contains);
    }
    return value != null && values.contains(value);
  }

  private static void futureReads(Operation<Transaction> operation, Findings findings) {
    List<MicroOp> steps = operation.action().steps();
    Map<Object, Set<Object>> writtenLater = new HashMap<>();
    for (int i = steps.size() - 1; i >= 0; i--) {
      switch (steps.get(i)) {
        case MicroOp.Append append ->
            writtenLater.computeIfAbsent(append.key(), _ -> new HashSet<>()).add(append.element());
        case MicroOp.Write write ->
            writtenLater.computeIfAbsent(write.key(), _ -> new HashSet<>()).add(write.value());
        case MicroOp.Read read -> {
          Set<Object> future = writtenLater.get(read.key());
          if (future != null && sees(read, future)) {
            findings.add(
                Phenomenon.FUTURE_READ,
                () ->
                    "%s saw in %s what it wrote only afterwards: \"%s\""
                        .formatted(CycleJudge.describe(operation), read.key(), read));
          }
        }
      }
    }
  }
}
