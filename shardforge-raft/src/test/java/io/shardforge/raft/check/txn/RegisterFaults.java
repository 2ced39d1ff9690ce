package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Everything wrong with the registers of a history that takes no cycle of transactions to see. */
final class RegisterFaults {
  private final History<Transaction> history;
  private final RegisterHistories registers;

  RegisterFaults(History<Transaction> history, RegisterHistories registers) {
    this.history = history;
    this.registers = registers;
  }

  void find(Findings findings) {
    Map<Object, Set<Object>> intermediate = intermediate();
    for (RegisterHistory register : registers.registers()) {
      for (int version = 1; version < register.count(); version++) {
        for (int reader : register.readers(version)) {
          read(register, version, reader, intermediate, findings);
        }
        for (int reader : register.misreaders(version)) {
          read(register, version, reader, intermediate, findings);
        }
      }
      for (int[] versions : register.cycles()) {
        findings.add(
            Phenomenon.CYCLIC_VERSIONS,
            () -> {
              Set<String> values = new TreeSet<>();
              for (int version : versions) {
                values.add(String.valueOf(register.value(version)));
              }
              return "of %s, each of %s must be older than the others"
                  .formatted(register.key(), values);
            });
      }
    }
  }

  /** By key, the values that their own transaction replaced. */
  private Map<Object, Set<Object>> intermediate() {
    Map<Object, Set<Object>> intermediate = new HashMap<>();
    for (Operation<Transaction> operation : history.operations()) {
      Map<Object, Object> last = new HashMap<>();
      for (MicroOp step : operation.action().steps()) {
        if (step instanceof MicroOp.Write write) {
          Object before = last.put(write.key(), write.value());
          if (before != null) {
            intermediate.computeIfAbsent(write.key(), _ -> new HashSet<>()).add(before);
          }
        }
      }
    }
    return intermediate;
  }

  private void read(
      RegisterHistory register,
      int version,
      int reader,
      Map<Object, Set<Object>> intermediate,
      Findings findings) {
    int writer = register.writer(version);
    Object value = register.value(version);
    Supplier<String> saw =
        () -> "%s saw %s in %s".formatted(describe(reader), value, register.key());
    if (writer == RegisterHistory.NOBODY) {
      findings.add(Phenomenon.GARBAGE_READ, () -> saw.get() + ", which nobody wrote");
    } else if (history.get(writer).outcome() == Outcome.FAIL) {
      findings.add(
          Phenomenon.G1A,
          () -> saw.get() + ", which was written by the aborted " + describe(writer));
    } else if (writer != reader
        && value != null
        && intermediate.getOrDefault(register.key(), Set.of()).contains(value)) {
      findings.add(
          Phenomenon.G1B, () -> saw.get() + ", as it was in the middle of " + describe(writer));
    }
  }

  private String describe(int operation) {
    return CycleJudge.describe(history.get(operation));
  }
}
