package io.shardforge.sql.row;

import java.util.ArrayList;
import java.util.List;

/**
 * What a condition demands of the keys that an inverted index has for a row. A row that satisfies
 * the condition meets the demand; one that meets it may not satisfy the condition.
 */
public sealed interface KeyDemand {
  /** One key that the row must have. */
  record Key(byte[] key) implements KeyDemand {}

  /** Demands that must be met together; none are met by every row. */
  record All(List<KeyDemand> demands) implements KeyDemand {}

  /** Demands of which one must be met; none of none. */
  record Any(List<KeyDemand> demands) implements KeyDemand {}

  /** Met by every row: the index is of no use. */
  KeyDemand NOTHING = new All(List.of());

  /** Met by no row. */
  KeyDemand IMPOSSIBLE = new Any(List.of());

  /** All of some demands. */
  static KeyDemand all(List<? extends KeyDemand> demands) {
    List<KeyDemand> all = new ArrayList<>();
    for (KeyDemand demand : demands) {
      if (demand.equals(IMPOSSIBLE)) {
        return IMPOSSIBLE;
      }
      if (demand instanceof All more) {
        all.addAll(more.demands);
      } else {
        all.add(demand);
      }
    }
    return all.size() == 1 ? all.getFirst() : new All(all);
  }

  /** One of some demands. */
  static KeyDemand any(List<? extends KeyDemand> demands) {
    List<KeyDemand> any = new ArrayList<>();
    for (KeyDemand demand : demands) {
      if (demand.equals(NOTHING)) {
        return NOTHING;
      }
      if (demand instanceof Any more) {
        any.addAll(more.demands);
      } else {
        any.add(demand);
      }
    }
    return any.size() == 1 ? any.getFirst() : new Any(any);
  }
}
