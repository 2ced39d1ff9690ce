package io.shardforge.raft.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Everything that the clients of a run did and saw, in the order of invocations.
 *
 * @param operations each with its place in this list as its index
 */
public record History<T>(List<Operation<T>> operations) {
  /** Checks that each operation stands in its place. */
  public History {
    operations = List.copyOf(operations);
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).index() != i) {
        throw new IllegalArgumentException(
            "operation " + operations.get(i).index() + " stands in place " + i);
      }
    }
  }

  /** Puts operations in order, whatever their indexes were. */
  public static <T> History<T> of(List<Operation<T>> operations) {
    List<Operation<T>> sorted = new ArrayList<>(operations);
    sorted.sort(Comparator.comparingLong(Operation::invoked));
    for (int i = 0; i < sorted.size(); i++) {
      sorted.set(i, sorted.get(i).withIndex(i));
    }
    return new History<>(sorted);
  }

  /** How many operations there are. */
  public int size() {
    return operations.size();
  }

  /** The operation in a place. */
  public Operation<T> get(int index) {
    return operations.get(index);
  }
}
