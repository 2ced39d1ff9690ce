package io.shardforge.raft.check.register;

import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order of one register's operations: Wing and Gong's ("Testing and Verifying
 * Concurrent Objects", 1993) in Lowe's form ("Testing for Linearizability", 2017), just-in-time
 * linearization with a memory.
 *
 * <p>It walks through the returns in their order and carries every <em>configuration</em> that may
 * be: the value of the register, and which of the operations under way have taken effect. At a
 * return, the returning operation must have taken effect: where it has not, it does now, after some
 * of the others under way. A return that leaves no configuration is the proof that there is no
 * order.
 *
 * <p>Operations of unknown outcome stay under way for ever, and double the configurations each if
 * they may take effect at any time. It is enough that they do right before an operation that needs
 * their value: an unknown write that nobody sees might as well not have been.
 */
final class Linearization {
  static final int CONFIGURATIONS_MAX = 500_000;

  private final List<Operation<RegisterAction>> operations;
  private final List<Integer> open = new ArrayList<>();

  Linearization(List<Operation<RegisterAction>> operations) {
    this.operations = operations;
  }

  /** What the search came to. */
  sealed interface Answer {}

  /** There is an order. */
  record Found() implements Answer {}

  /** There is none: this operation's return has no explanation, whatever the value was before. */
  record Impossible(Operation<RegisterAction> operation, Set<String> values) implements Answer {}

  /** It was given up at this operation. */
  record TooMany(Operation<RegisterAction> operation) implements Answer {}

  /** What may be: the register's value, and the operations under way that have taken effect. */
  private record Configuration(@Nullable Object value, BitSet effective) {
    Configuration with(int operation, @Nullable Object newValue) {
      BitSet more = (BitSet) effective.clone();
      more.set(operation);
      return new Configuration(newValue, more);
    }

    Configuration without(int operation) {
      BitSet fewer = (BitSet) effective.clone();
      fewer.clear(operation);
      return new Configuration(value, fewer);
    }
  }

  Answer search() {
    Set<Configuration> configurations = new HashSet<>();
    configurations.add(new Configuration(null, new BitSet()));
    List<Integer> returns = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).outcome() == Outcome.OK) {
        returns.add(i);
      }
    }
    returns.sort(Comparator.comparingLong(place -> operations.get(place).completed()));
    int nextCall = 0;
    for (int place : returns) {
      Operation<RegisterAction> returning = operations.get(place);
      while (nextCall < operations.size()
          && operations.get(nextCall).invoked() <= returning.completed()) {
        open.add(nextCall++);
      }
      Set<Configuration> after = new HashSet<>();
      for (Configuration configuration : configurations) {
        if (!explain(configuration, place, after)) {
          return new TooMany(returning);
        }
      }
      if (after.isEmpty()) {
        Set<String> values = new TreeSet<>();
        configurations.forEach(before -> values.add(String.valueOf(before.value())));
        return new Impossible(returning, values);
      }
      open.remove(Integer.valueOf(place));
      configurations = after;
    }
    return new Found();
  }

  /** Adds every configuration in which an operation has returned that can follow from one. */
  private boolean explain(Configuration from, int returning, Set<Configuration> after) {
    Deque<Configuration> left = new ArrayDeque<>();
    Set<Configuration> seen = new HashSet<>();
    left.push(from);
    seen.add(from);
    while (!left.isEmpty()) {
      Configuration configuration = left.pop();
      if (configuration.effective().get(returning)) {
        after.add(configuration.without(returning));
        if (after.size() > CONFIGURATIONS_MAX) {
          return false;
        }
        continue;
      }
      for (Configuration later : steps(configuration)) {
        if (seen.add(later)) {
          left.push(later);
        }
      }
      if (seen.size() > CONFIGURATIONS_MAX) {
        return false;
      }
    }
    return true;
  }

  /**
   * The configurations after one more operation. A read that sees the value as it is takes effect
   * at once and alone: that changes nothing for the others.
   */
  private List<Configuration> steps(Configuration configuration) {
    List<Configuration> steps = new ArrayList<>();
    Set<@Nullable Object> needed = neededIn(configuration);
    for (int next : open) {
      List<Configuration> after = steps(configuration, next, needed);
      if (operations.get(next).action() instanceof RegisterAction.Read && !after.isEmpty()) {
        return after;
      }
      steps.addAll(after);
    }
    return steps;
  }

  /** The configurations in which an operation has taken effect next. */
  private List<Configuration> steps(
      Configuration configuration, int next, Set<@Nullable Object> needed) {
    List<Configuration> steps = new ArrayList<>(1);
    if (configuration.effective().get(next)) {
      return steps;
    }
    Operation<RegisterAction> operation = operations.get(next);
    if (operation.outcome() == Outcome.OK) {
      switch (operation.action()) {
        case RegisterAction.Read read -> {
          if (Objects.equals(read.value(), configuration.value())) {
            steps.add(configuration.with(next, configuration.value()));
          }
        }
        case RegisterAction.Write write -> steps.add(configuration.with(next, write.value()));
        case RegisterAction.CompareAndSet set -> {
          if (Objects.equals(set.expected(), configuration.value())) {
            steps.add(configuration.with(next, set.value()));
          }
        }
      }
      return steps;
    }
    switch (operation.action()) {
      case RegisterAction.Read _ -> {}
      case RegisterAction.Write write -> {
        if (needed.contains(write.value())) {
          steps.add(configuration.with(next, write.value()));
        }
      }
      case RegisterAction.CompareAndSet set -> {
        if (Objects.equals(set.expected(), configuration.value()) && needed.contains(set.value())) {
          steps.add(configuration.with(next, set.value()));
        }
      }
    }
    return steps;
  }

  /** The values that operations under way, which have not taken effect, wait for. */
  private Set<@Nullable Object> neededIn(Configuration configuration) {
    Set<@Nullable Object> needed = new HashSet<>();
    for (int place : open) {
      if (!configuration.effective().get(place)) {
        switch (operations.get(place).action()) {
          case RegisterAction.Read read -> needed.add(read.value());
          case RegisterAction.Write _ -> {}
          case RegisterAction.CompareAndSet set -> needed.add(set.expected());
        }
      }
    }
    return needed;
  }
}
