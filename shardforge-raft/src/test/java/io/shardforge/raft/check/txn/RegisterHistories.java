package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The registers of a history, and the dependencies that they give rise to. */
final class RegisterHistories implements Inference {
  private final History<Transaction> history;
  private final Map<Object, RegisterHistory> registers = new LinkedHashMap<>();

  /** What a transaction meets of one register from outside: versions, or -1 where none. */
  private record Encounter(int read, int written) {
    int first() {
      return read >= 0 ? read : written;
    }

    int last() {
      return written >= 0 ? written : read;
    }

    boolean any() {
      return last() >= 0;
    }
  }

  RegisterHistories(History<Transaction> history, Set<KeyOrder> assumptions) {
    this.history = history;
    Map<Object, List<Operation<Transaction>>> visitors = new LinkedHashMap<>();
    Map<Object, Map<Integer, Encounter>> encounters = new HashMap<>();
    for (Operation<Transaction> operation : history.operations()) {
      encounters(operation)
          .forEach((key, encounter) -> {
            visitors.computeIfAbsent(key, _ -> new ArrayList<>()).add(operation);
            encounters.computeIfAbsent(key, _ -> new HashMap<>()).put(operation.index(), encounter);
          });
    }
    visitors.forEach((key, operations) -> {
      RegisterHistory register = register(key);
      Map<Integer, Encounter> met = encounters.getOrDefault(key, Map.of());
      ClientOrder.Sink sink =
          (earlier, later) -> {
            Encounter before = met.get(earlier);
            Encounter after = met.get(later);
            if (before != null && after != null) {
              register.precedes(before.last(), after.first());
            }
          };
      if (assumptions.contains(KeyOrder.WRITES_FOLLOW_READS)) {
        for (Encounter encounter : met.values()) {
          if (encounter.read() >= 0 && encounter.written() >= 0) {
            register.precedes(encounter.read(), encounter.written());
          }
        }
      }
      if (assumptions.contains(KeyOrder.SEQUENTIAL)) {
        ClientOrder.process(operations, sink);
      }
      if (assumptions.contains(KeyOrder.LINEARIZABLE)) {
        ClientOrder.realTime(operations, sink);
      }
    });
  }

  /** Notes a transaction's reads and writes, and returns what it met, by key. */
  private Map<Object, Encounter> encounters(Operation<Transaction> operation) {
    Map<Object, Encounter> met = new LinkedHashMap<>();
    for (MicroOp step : operation.action().steps()) {
      RegisterHistory register = register(step.key());
      Encounter before = met.getOrDefault(step.key(), new Encounter(-1, -1));
      switch (step) {
        case MicroOp.Write write -> {
          register.write(operation.index(), write.value());
          met.put(write.key(), new Encounter(before.read(), register.version(write.value())));
        }
        case MicroOp.Read read -> {
          if (operation.outcome() == Outcome.OK) {
            int version = register.version(read.value());
            if (!before.any()) {
              register.read(operation.index(), read.value());
              met.put(read.key(), new Encounter(version, -1));
            } else if (version != before.last()) {
              register.misread(operation.index(), read.value());
            }
          }
        }
        case MicroOp.Append append ->
            throw new IllegalArgumentException("not an operation on registers: " + append);
      }
    }
    if (operation.outcome() == Outcome.FAIL) {
      met.clear();
    }
    return met;
  }

  private RegisterHistory register(Object key) {
    return registers.computeIfAbsent(key, RegisterHistory::new);
  }

  Collection<RegisterHistory> registers() {
    return registers.values();
  }

  private boolean counts(int operation) {
    return operation != RegisterHistory.NOBODY && history.get(operation).outcome() != Outcome.FAIL;
  }

  @Override
  public void dependencies(DependencyGraph.Builder graph) {
    for (RegisterHistory register : registers.values()) {
      for (int version = 0; version < register.count(); version++) {
        int writer = register.writer(version);
        if (counts(writer)) {
          for (int reader : register.readers(version)) {
            graph.add(writer, reader, Dependency.WR);
          }
        }
      }
      if (!register.cycles().isEmpty()) {
        continue; // An order of its own would be needed; the contradiction is reported elsewhere.
      }
      DependencyGraph order = register.order();
      for (int version = 0; version < register.count(); version++) {
        int writer = register.writer(version);
        for (int edge = order.start(version); edge < order.start(version + 1); edge++) {
          int next = register.writer(order.target(edge));
          if (counts(next)) {
            if (counts(writer)) {
              graph.add(writer, next, Dependency.WW);
            }
            for (int reader : register.readers(version)) {
              graph.add(reader, next, Dependency.RW);
            }
          }
        }
      }
    }
  }

  @Override
  public String explain(int from, int to, Dependency reason, String first, String second) {
    String explanation =
        switch (reason) {
          case WR -> observes(from, to, first, second);
          case WW, RW -> replaces(from, to, reason, first, second);
          case PROCESS, REALTIME -> null;
        };
    if (explanation == null) {
      throw new IllegalArgumentException(
          "no dependency %s from %d to %d".formatted(reason, from, to));
    }
    return explanation;
  }

  private @Nullable String observes(int from, int to, String first, String second) {
    for (MicroOp step : history.get(to).action().steps()) {
      if (step instanceof MicroOp.Read read
          && read.value() != null
          && register(read.key()).writer(register(read.key()).version(read.value())) == from) {
        return "%s observed %s's write of %s to %s"
            .formatted(second, first, read.value(), read.key());
      }
    }
    return null;
  }

  private @Nullable String replaces(
      int from, int to, Dependency reason, String first, String second) {
    for (MicroOp step : history.get(to).action().steps()) {
      if (step instanceof MicroOp.Write write) {
        RegisterHistory register = register(write.key());
        int later = register.version(write.value());
        for (int earlier = 0; earlier < register.count(); earlier++) {
          if (register.order().labelBetween(earlier, later) == 0) {
            continue;
          }
          if (reason == Dependency.WW && register.writer(earlier) == from) {
            return "%s wrote %s to %s after %s wrote %s"
                .formatted(second, write.value(), write.key(), first, register.value(earlier));
          }
          if (reason == Dependency.RW && register.readers(earlier).contains(from)) {
            Object value = register.value(earlier);
            return "%s read %s in %s, which %s replaced by %s"
                .formatted(
                    first,
                    value == null ? "the initial state" : value,
                    write.key(),
                    second,
                    write.value());
          }
        }
      }
    }
    return null;
  }
}
