package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    DependencyGraph.Parts parts = new DependencyGraph.Parts(graph);
    for (int[] members : StronglyConnected.of(graph, ANY_DEPENDENCY).cyclic()) {
      for (Cycle cycle : new CycleSearch(parts.among(members)).search()) {
        List<Integer> nodes = cycle.nodes().stream().map(place -> members[place]).toList();
        findings.add(cycle.phenomenon(), () -> words(shorten(new Cycle(nodes, cycle.reasons()))));
      }
    }
    if (history.operations().stream().noneMatch(op -> op.outcome() == Outcome.OK)) {
      findings.remark("no transaction is known to have committed: nothing to judge by");
      return findings.verdict(Verdict.Result.UNKNOWN);
    }
    return findings.verdict(model);
  }

  /**
   * Leaps over steps where the clients' order leads straight from one transaction to a later one of
   * the cycle: the graph has that order only as a chain of its smallest steps.
   */
  private Cycle shorten(Cycle cycle) {
    Cycle shortest = cycle;
    boolean leapt = true;
    while (leapt) {
      leapt = false;
      int length = shortest.nodes().size();
      for (int from = 0; from < length && !leapt; from++) {
        for (int steps = length - 1; steps > 1 && !leapt; steps--) {
          Cycle shorter = leap(shortest, from, steps);
          if (shorter != null) {
            shortest = shorter;
            leapt = true;
          }
        }
      }
    }
    return shortest;
  }

  private @Nullable Cycle leap(Cycle cycle, int from, int steps) {
    int length = cycle.nodes().size();
    int to = (from + steps) % length;
    Operation<Transaction> first = history.get(cycle.nodes().get(from));
    Operation<Transaction> second = history.get(cycle.nodes().get(to));
    if (!first.precedes(second)) {
      return null;
    }
    List<Integer> nodes = new ArrayList<>();
    List<Dependency> reasons = new ArrayList<>();
    for (int i = to; i != from; i = (i + 1) % length) {
      nodes.add(cycle.nodes().get(i));
      reasons.add(cycle.reasons().get(i));
    }
    nodes.add(first.index());
    reasons.add(first.process() == second.process() ? Dependency.PROCESS : Dependency.REALTIME);
    Cycle shorter = new Cycle(nodes, reasons);
    return shorter.phenomenon() == cycle.phenomenon() ? shorter : null;
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
