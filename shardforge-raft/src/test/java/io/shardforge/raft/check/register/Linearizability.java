package io.shardforge.raft.check.register;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The judge of registers: is each linearizable (Herlihy and Wing 1990)?
 *
 * <p>Linearizability is local: a history is linearizable if and only if that of each register is.
 */
public final class Linearizability {
  private Linearizability() {}

  /** Judges every register of a history. */
  public static Verdict judge(History<RegisterAction> history) {
    Map<Object, List<Operation<RegisterAction>>> registers = new LinkedHashMap<>();
    for (Operation<RegisterAction> operation : history.operations()) {
      boolean tells =
          switch (operation.outcome()) {
            case OK -> true;
            case FAIL -> false;
            case INFO -> !(operation.action() instanceof RegisterAction.Read);
          };
      if (tells) {
        registers.computeIfAbsent(operation.action().key(), _ -> new ArrayList<>()).add(operation);
      }
    }
    Findings findings = new Findings();
    boolean known = true;
    for (Map.Entry<Object, List<Operation<RegisterAction>>> register : registers.entrySet()) {
      switch (new Linearization(register.getValue()).search()) {
        case Linearization.Found _ -> {}
        case Linearization.Impossible impossible ->
            findings.add(
                Phenomenon.NONLINEARIZABLE,
                () -> words(register.getKey(), impossible, register.getValue()));
        case Linearization.TooMany tooMany -> {
          known = false;
          findings.remark(
              "register %s: more than %d configurations at operation #%d"
                  .formatted(
                      register.getKey(),
                      Linearization.CONFIGURATIONS_MAX,
                      tooMany.operation().index()));
        }
      }
    }
    if (!findings.isEmpty()) {
      return findings.verdict(ConsistencyModel.STRICT_SERIALIZABLE);
    }
    boolean anything = history.operations().stream().anyMatch(op -> op.outcome() == Outcome.OK);
    return findings.verdict(known && anything ? Verdict.Result.VALID : Verdict.Result.UNKNOWN);
  }

  private static String words(
      Object key, Linearization.Impossible impossible, List<Operation<RegisterAction>> operations) {
    StringBuilder text =
        new StringBuilder("no order of the operations on register ")
            .append(key)
            .append(" lets ")
            .append(describe(impossible.operation()))
            .append(" return when it did; until then it could have been one of ")
            .append(impossible.values())
            .append("\nunder way or just before:");
    operations.stream()
        .filter(operation ->
            operation.invoked() <= impossible.operation().completed()
                && !operation.precedes(impossible.operation()))
        .limit(20)
        .forEach(operation -> text.append("\n  ").append(describe(operation)));
    return text.toString();
  }

  private static String describe(Operation<RegisterAction> operation) {
    String what =
        switch (operation.action()) {
          case RegisterAction.Read read -> "read " + read.value();
          case RegisterAction.Write write -> "write " + write.value();
          case RegisterAction.CompareAndSet set -> "set " + set.value() + " if " + set.expected();
        };
    return "#%d, process %d, %d to %s {%s}"
        .formatted(
            operation.index(),
            operation.process(),
            operation.invoked(),
            operation.outcome() == Outcome.OK ? operation.completed() : "?",
            what);
  }
}
