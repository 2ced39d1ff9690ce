package io.shardforge.raft.sim;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Whose votes count in a simulated log from one of its entries on.
 *
 * @param before the nodes that are being left, of which a majority is needed too; empty if the
 *     members do not change
 * @param now the nodes of the members, in order
 */
record SimVoters(List<Integer> before, List<Integer> now) {
  /** What a member takes for the voters that has not got any part of the log yet. */
  static final SimVoters NONE = new SimVoters(List.of(), List.of());

  static SimVoters of(Collection<Integer> nodes) {
    return new SimVoters(List.of(), List.copyOf(new TreeSet<>(nodes)));
  }

  /** On the way to other nodes: both majorities count. */
  SimVoters changingTo(Collection<Integer> nodes) {
    return new SimVoters(now, List.copyOf(new TreeSet<>(nodes)));
  }

  boolean isChanging() {
    return !before.isEmpty();
  }

  Set<Integer> all() {
    Set<Integer> all = new TreeSet<>(before);
    all.addAll(now);
    return all;
  }

  boolean contains(int node) {
    return before.contains(node) || now.contains(node);
  }

  /** Whether nodes for which something is so decide. */
  boolean isMajority(IntPredicate is) {
    return isMajority(now, is) && (before.isEmpty() || isMajority(before, is));
  }

  private static boolean isMajority(List<Integer> nodes, IntPredicate is) {
    return nodes.stream().filter(is::test).count() > nodes.size() / 2;
  }

  /** The last entry that nodes which decide have acknowledged, by what each of them has. */
  long agreed(Map<Integer, Long> acked) {
    long agreed = agreed(now, acked);
    return before.isEmpty() ? agreed : Math.min(agreed, agreed(before, acked));
  }

  private static long agreed(List<Integer> nodes, Map<Integer, Long> acked) {
    return nodes.stream()
        .map(node -> acked.getOrDefault(node, -1L))
        .sorted(Comparator.reverseOrder())
        .toList()
        .get(nodes.size() / 2);
  }
}
