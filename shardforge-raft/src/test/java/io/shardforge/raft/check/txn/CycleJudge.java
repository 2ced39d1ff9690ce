package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Verdict;
import java.util.List;

/** Finds the cycles among a history's transactions and puts each into words. */
final class CycleJudge {
  private static final int ANY_DEPENDENCY = Dependency.mask(Dependency.values());

  private final History<Transaction> history;
  private final Inference inference;

  CycleJudge(History<Transaction> history, Inference inference) {
    this.history = history;
    this.inference = inference;
  }

  /** Adds cycles to what was found otherwise, and judges by a model. */
  Verdict judge(Findings findings, ConsistencyModel model) {
    DependencyGraph.Builder builder = new DependencyGraph.Builder(history.size());
    inference.dependencies(builder);
    ClientOrder.process(
        history.operations(), (before, after) -> builder.add(before, after, Dependency.PROCESS));
    ClientOrder.realTime(
        history.operations(), (before, after) -> builder.add(before, after, Dependency.REALTIME));
    DependencyGraph graph = builder.build();
    for (int[] members : StronglyConnected.of(graph, ANY_DEPENDENCY).cyclic()) {
      for (Cycle cycle : new CycleSearch(graph.among(members)).search()) {
        List<Integer> nodes = cycle.nodes().stream().map(place -> members[place]).toList();
        findings.add(cycle.phenomenon(), () -> words(new Cycle(nodes, cycle.reasons())));
      }
    }
    if (history.operations().stream().noneMatch(op -> op.outcome() == Outcome.OK)) {
      findings.remark("no transaction is known to have committed: nothing to judge by");
      return findings.verdict(Verdict.Result.UNKNOWN);
    }
    return findings.verdict(model);
  }

  private String words(Cycle cycle) {
    StringBuilder text = new StringBuilder("let");
    int length = cycle.nodes().size();
    for (int i = 0; i < length; i++) {
      text.append("\n  T%d = %s".formatted(i + 1, describe(history.get(cycle.nodes().get(i)))));
    }
    text.append("\nthen");
    for (int i = 0; i < length; i++) {
      int next = (i + 1) % length;
      String first = "T" + (i + 1);
      String second = "T" + (next + 1);
      text.append(
          "\n  %s < %s, because %s"
              .formatted(
                  first,
                  second,
                  explain(
                      cycle.nodes().get(i),
                      cycle.nodes().get(next),
                      cycle.reasons().get(i),
                      first,
                      second)));
    }
    return text.append(": a contradiction").toString();
  }

  private String explain(int from, int to, Dependency reason, String first, String second) {
    return switch (reason) {
      case WW, WR, RW -> inference.explain(from, to, reason, first, second);
      case PROCESS ->
          "process %d ran %s before %s".formatted(history.get(to).process(), first, second);
      case REALTIME ->
          "%s completed at %d, before %s was invoked at %d"
              .formatted(first, history.get(from).completed(), second, history.get(to).invoked());
    };
  }

  /** A transaction on one line. */
  static String describe(Operation<Transaction> operation) {
    return "#%d, process %d%s %s"
        .formatted(
            operation.index(),
            operation.process(),
            operation.outcome() == Outcome.OK ? "" : " (" + operation.outcome() + ")",
            operation.action());
  }
}
