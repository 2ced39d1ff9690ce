package io.shardforge.raft.check.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * All that a history tells about one list: who appended what, who read what, and the order of the
 * appends, which is that of the longest read.
 */
final class ListHistory {
  /** No transaction that may have committed. */
  static final int NOBODY = -1;

  /** A read by a transaction. */
  record ListRead(int operation, List<?> elements) {}

  private final Object key;
  private final Map<Object, Integer> appenders = new HashMap<>();
  private final List<ListRead> reads = new ArrayList<>();
  private final List<ListRead> incompatible = new ArrayList<>();
  private final Map<Object, Integer> positions = new HashMap<>();
  private final List<Object> duplicates = new ArrayList<>();
  private List<?> order = List.of();
  private int[] writers = {};

  ListHistory(Object key) {
    this.key = key;
  }

  void append(int operation, Object element) {
    Integer before = appenders.put(element, operation);
    if (before != null) {
      throw new IllegalArgumentException(
          "operations %d and %d both append %s to %s: appends must be unique"
              .formatted(before, operation, element, key));
    }
  }

  void read(int operation, List<?> elements) {
    reads.add(new ListRead(operation, elements));
    if (elements.size() > order.size()) {
      order = elements;
    }
  }

  /**
   * Fixes the order of the appends, when all is told.
   *
   * @param aborted whether a transaction is known to have aborted
   */
  void settle(IntPredicate aborted) {
    writers = new int[order.size()];
    for (int i = 0; i < writers.length; i++) {
      Object element = order.get(i);
      if (positions.putIfAbsent(element, i) != null) {
        duplicates.add(element);
        writers[i] = NOBODY;
      } else {
        int writer = appenders.getOrDefault(element, NOBODY);
        writers[i] = writer != NOBODY && aborted.test(writer) ? NOBODY : writer;
      }
    }
    for (ListRead read : reads) {
      if (!isPrefix(read)) {
        incompatible.add(read);
      }
    }
  }

  Object key() {
    return key;
  }

  /** The elements in the order in which they were appended, as far as any read shows it. */
  List<?> order() {
    return order;
  }

  List<ListRead> reads() {
    return reads;
  }

  /** The reads that are not prefixes of the longest one. */
  List<ListRead> incompatible() {
    return incompatible;
  }

  /** The elements that occur a second time in the order. */
  List<Object> duplicates() {
    return duplicates;
  }

  Map<Object, Integer> appenders() {
    return appenders;
  }

  /** Who appended an element, whatever became of it. */
  int appender(Object element) {
    return appenders.getOrDefault(element, NOBODY);
  }

  /** Who appended the element at a position and did not certainly abort. */
  int writer(int position) {
    return writers[position];
  }

  /** Where an element is in the order, or the order's length if no read has it. */
  int position(Object element) {
    return positions.getOrDefault(element, order.size());
  }

  /** The first position from here on that has a writer, or the order's length. */
  int writtenFrom(int position) {
    int at = position;
    while (at < writers.length && writers[at] == NOBODY) {
      at++;
    }
    return at;
  }

  /** The last position before this one that has a writer, or -1. */
  int writtenBefore(int position) {
    int at = position - 1;
    while (at >= 0 && writers[at] == NOBODY) {
      at--;
    }
    return at;
  }

  boolean isPrefix(ListRead read) {
    List<?> elements = read.elements();
    return elements.size() <= order.size() && elements.equals(order.subList(0, elements.size()));
  }

  /** The appends that no read has, of transactions that did not certainly abort, in no order. */
  List<Object> unobserved(IntPredicate aborted) {
    Object[] elements =
        appenders.entrySet().stream()
            .filter(entry -> !positions.containsKey(entry.getKey()))
            .filter(entry -> !aborted.test(entry.getValue()))
            .sorted(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .toArray();
    return Arrays.asList(elements);
  }
}
