package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A small history written by hand. Steps are separated by spaces: {@code ax1} appends 1 to x,
 * {@code wx1} writes it, {@code rx} reads x in its initial state and {@code rx=1,2} as [1 2]; a
 * story of registers reads {@code rx=1} as 1.
 */
final class Story {
  private static final long LONG_AFTER = 1_000_000;

  private final boolean lists;
  private final List<Operation<Transaction>> operations = new ArrayList<>();

  private Story(boolean lists) {
    this.lists = lists;
  }

  static Story lists() {
    return new Story(true);
  }

  static Story registers() {
    return new Story(false);
  }

  /** A committed transaction of a process of its own, at the same time as all others. */
  Story ok(String steps) {
    return anytime(Outcome.OK, steps);
  }

  /** An aborted one. */
  Story fail(String steps) {
    return anytime(Outcome.FAIL, steps);
  }

  /** One of unknown outcome. */
  Story info(String steps) {
    return anytime(Outcome.INFO, steps);
  }

  /** A committed transaction of a process, from one moment to another. */
  Story ok(long process, long invoked, long completed, String steps) {
    return add(Outcome.OK, process, invoked, completed, steps);
  }

  /** A transaction of unknown outcome, from a moment on. */
  Story info(long process, long invoked, String steps) {
    return add(Outcome.INFO, process, invoked, invoked, steps);
  }

  History<Transaction> history() {
    return History.of(operations);
  }

  private Story anytime(Outcome outcome, String steps) {
    int number = operations.size();
    return add(outcome, 1000 + number, number, LONG_AFTER + number, steps);
  }

  private Story add(Outcome outcome, long process, long invoked, long completed, String steps) {
    List<MicroOp> parsed = new ArrayList<>();
    for (String step : steps.split(" ", -1)) {
      parsed.add(step(outcome, step));
    }
    operations.add(
        new Operation<>(
            operations.size(), process, invoked, completed, outcome, new Transaction(parsed)));
    return this;
  }

  private MicroOp step(Outcome outcome, String text) {
    String key = text.substring(1, 2);
    String rest = text.substring(2);
    return switch (text.charAt(0)) {
      case 'a' -> new MicroOp.Append(key, Long.valueOf(rest));
      case 'w' -> new MicroOp.Write(key, Long.valueOf(rest));
      case 'r' -> {
        if (rest.isEmpty()) {
          yield new MicroOp.Read(key, lists && outcome == Outcome.OK ? List.of() : null);
        }
        List<Long> values = new ArrayList<>();
        for (String value : rest.substring(1).split(",", -1)) {
          values.add(Long.valueOf(value));
        }
        yield new MicroOp.Read(key, lists ? values : values.getFirst());
      }
      default -> throw new IllegalArgumentException(text);
    };
  }
}
