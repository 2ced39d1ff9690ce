package io.shardforge.raft.check.txn;

import java.util.List;
import java.util.stream.Collectors;

/** The steps of a transaction, in the order in which they ran. */
public record Transaction(List<MicroOp> steps) {
  private static final int SHOWN_MAX = 32;

  /** Copies the steps. */
  public Transaction {
    steps = List.copyOf(steps);
  }

  /** A transaction of these steps. */
  public static Transaction of(MicroOp... steps) {
    return new Transaction(List.of(steps));
  }

  @Override
  public String toString() {
    return steps.stream()
        .limit(SHOWN_MAX)
        .map(MicroOp::toString)
        .collect(
            Collectors.joining(
                "; ",
                "{",
                steps.size() > SHOWN_MAX
                    ? "; and %d more}".formatted(steps.size() - SHOWN_MAX)
                    : "}"));
  }
}
