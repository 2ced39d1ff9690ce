package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Changes something in a history at random, as a faulty database would. */
final class Spoiler {
  private static final int TRIES_MAX = 200;

  private final SplittableRandom random;

  Spoiler(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The history with one change, which may or may not make it wrong. */
  History<Transaction> spoil(History<Transaction> history) {
    for (int i = 0; i < TRIES_MAX; i++) {
      Operation<Transaction> victim = history.get(random.nextInt(history.size()));
      Operation<Transaction> spoiled = spoil(victim, history);
      if (spoiled != null) {
        List<Operation<Transaction>> operations = new ArrayList<>(history.operations());
        operations.set(victim.index(), spoiled);
        return History.of(operations);
      }
    }
    return history;
  }

  private @Nullable Operation<Transaction> spoil(
      Operation<Transaction> victim, History<Transaction> history) {
    if (victim.outcome() != Outcome.OK) {
      return null;
    }
    if (random.nextInt(8) == 0) {
      // What was reported as aborted was not.
      return new Operation<>(
          victim.index(),
          victim.process(),
          victim.invoked(),
          victim.completed(),
          Outcome.FAIL,
          victim.action());
    }
    List<MicroOp> steps = new ArrayList<>(victim.action().steps());
    int place = random.nextInt(steps.size());
    if (!(steps.get(place) instanceof MicroOp.Read read)) {
      return null;
    }
    Object value = other(read, history);
    if (value == null && read.value() == null) {
      return null;
    }
    steps.set(place, new MicroOp.Read(read.key(), value));
    return new Operation<>(
        victim.index(),
        victim.process(),
        victim.invoked(),
        victim.completed(),
        Outcome.OK,
        new Transaction(steps));
  }

  /** A list with an element dropped, moved or repeated, or what another read saw. */
  private @Nullable Object other(MicroOp.Read read, History<Transaction> history) {
    List<Object> changed = new ArrayList<>();
    if (read.value() instanceof List<?> list) {
      changed.addAll(list);
    }
    if (changed.isEmpty() || random.nextBoolean()) {
      return anotherRead(read, history);
    }
    int place = random.nextInt(changed.size());
    switch (random.nextInt(4)) {
      case 0 -> changed.remove(place);
      case 1 -> changed.set(place, changed.set(random.nextInt(changed.size()), changed.get(place)));
      case 2 -> changed.add(changed.get(place));
      default -> changed.subList(place, changed.size()).clear();
    }
    return changed;
  }

  private @Nullable Object anotherRead(MicroOp.Read read, History<Transaction> history) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Operation<Transaction> operation : history.operations()) {
      for (MicroOp step : operation.action().steps()) {
        if (step instanceof MicroOp.Read other
            && operation.outcome() == Outcome.OK
            && other.key().equals(read.key())) {
          values.add(other.value());
        }
      }
    }
    return values.get(random.nextInt(values.size()));
  }
}
