package io.shardforge.raft.check.txn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a history tells about one register: who wrote and who read each version, and which
 * versions come before which, as far as that can be known.
 */
final class RegisterHistory {
  /** No transaction that may have committed. */
  static final int NOBODY = -1;

  /** The version that no transaction wrote, whose value is null. */
  static final int INITIAL = 0;

  private final Object key;
  private final Map<Object, Integer> versions = new HashMap<>();
  private final List<@Nullable Object> values = new ArrayList<>();
  private final List<Integer> writers = new ArrayList<>();
  private final List<List<Integer>> readers = new ArrayList<>();
  private final List<List<Integer>> misreaders = new ArrayList<>();
  private final List<int[]> edges = new ArrayList<>();
  private @Nullable DependencyGraph order;

  RegisterHistory(Object key) {
    this.key = key;
    add(null);
  }

  private int add(@Nullable Object value) {
    values.add(value);
    writers.add(NOBODY);
    readers.add(new ArrayList<>(1));
    misreaders.add(new ArrayList<>(0));
    return values.size() - 1;
  }

  Object key() {
    return key;
  }

  /** The number of the version with a value. */
  int version(@Nullable Object value) {
    if (value == null) {
      return INITIAL;
    }
    Integer known = versions.get(value);
    if (known == null) {
      known = add(value);
      versions.put(value, known);
    }
    return known;
  }

  @Nullable Object value(int version) {
    return values.get(version);
  }

  int count() {
    return values.size();
  }

  void write(int operation, Object value) {
    int version = version(value);
    int before = writers.get(version);
    if (before != NOBODY) {
      throw new IllegalArgumentException(
          "operations %d and %d both write %s to %s: writes must be unique"
              .formatted(before, operation, value, key));
    }
    writers.set(version, operation);
  }

  void read(int operation, @Nullable Object value) {
    readers.get(version(value)).add(operation);
  }

  /** Notes a read that contradicts its own transaction's earlier steps. */
  void misread(int operation, @Nullable Object value) {
    misreaders.get(version(value)).add(operation);
  }

  /** States that one version comes before another. */
  void precedes(int earlier, int later) {
    if (earlier != later) {
      edges.add(new int[] {earlier, later});
    }
  }

  /** Who wrote a version, whatever became of it. */
  int writer(int version) {
    return writers.get(version);
  }

  /** Who read a version that it had not written itself. */
  List<Integer> readers(int version) {
    return readers.get(version);
  }

  /** Who read a version although its own earlier steps called for another. */
  List<Integer> misreaders(int version) {
    return misreaders.get(version);
  }

  /**
   * The order of the versions as far as known, by which the initial one precedes all others. Its
   * labels mean nothing.
   */
  DependencyGraph order() {
    if (order == null) {
      DependencyGraph.Builder builder = new DependencyGraph.Builder(count());
      boolean[] hasEarlier = new boolean[count()];
      for (int[] edge : edges) {
        builder.add(edge[0], edge[1], Dependency.WW);
        hasEarlier[edge[1]] |= edge[0] != INITIAL;
      }
      for (int version = 1; version < count(); version++) {
        if (!hasEarlier[version]) {
          builder.add(INITIAL, version, Dependency.WW);
        }
      }
      order = builder.build();
    }
    return order;
  }

  /** The versions of a cycle in their order, or none: then the order is one. */
  List<int[]> cycles() {
    return StronglyConnected.of(order(), Dependency.WW.bit()).cyclic();
  }
}
