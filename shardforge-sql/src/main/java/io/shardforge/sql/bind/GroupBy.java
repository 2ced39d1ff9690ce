package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.GroupingSet;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A GROUP BY clause: its keys, and the sets of them that are grouped by. */
final class GroupBy {
  private static final int SETS_MAX = 4_096;
  private static final int CUBE_MAX = 12;

  private final BindContext context;
  private final Function<Node, Bound> binder;
  private final boolean empty;
  private final List<Bound> keys = new ArrayList<>();
  private final Map<Bound, Integer> keyIndex = new HashMap<>();
  private List<Set<Integer>> sets = List.of(Set.of());

  /** {@code binder} binds one key. */
  GroupBy(BindContext context, SelectStmt select, Function<Node, Bound> binder) {
    this.context = context;
    this.binder = binder;
    this.empty = select.getGroupClauseCount() == 0;
    for (Node item : select.getGroupClauseList()) {
      sets = product(sets, setsOf(item));
    }
    if (select.getGroupDistinct()) {
      sets = List.copyOf(new LinkedHashSet<>(sets));
    }
  }

  /** Whether there is no such clause; {@code GROUP BY ()} is one. */
  boolean isEmpty() {
    return empty;
  }

  List<Bound> keys() {
    return keys;
  }

  void replaceKeys(UnaryOperator<Bound> by) {
    keys.replaceAll(by);
  }

  /** Places in {@link #keys}, at least one set of them. */
  List<Set<Integer>> sets() {
    return sets;
  }

  private List<Set<Integer>> product(List<Set<Integer>> left, List<Set<Integer>> right) {
    requireFew((long) left.size() * right.size());
    List<Set<Integer>> all = new ArrayList<>();
    for (Set<Integer> l : left) {
      for (Set<Integer> r : right) {
        Set<Integer> both = new LinkedHashSet<>(l);
        both.addAll(r);
        all.add(both);
      }
    }
    return all;
  }

  private void requireFew(long count) {
    if (count > SETS_MAX) {
      throw context.error(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          -1,
          "too many grouping sets present (maximum " + SETS_MAX + ")");
    }
  }

  private List<Set<Integer>> setsOf(Node item) {
    if (!item.hasGroupingSet()) {
      return List.of(unit(item));
    }
    GroupingSet set = item.getGroupingSet();
    return switch (set.getKind()) {
      case GROUPING_SET_ROLLUP -> rollup(units(set));
      case GROUPING_SET_CUBE -> cube(set);
      case GROUPING_SET_SETS -> {
        List<Set<Integer>> all = new ArrayList<>();
        for (Node content : set.getContentList()) {
          all.addAll(setsOf(content));
          requireFew(all.size());
        }
        yield all;
      }
      default -> List.of(Set.of());
    };
  }

  private List<Set<Integer>> units(GroupingSet set) {
    return set.getContentList().stream().map(this::unit).toList();
  }

  private static List<Set<Integer>> rollup(List<Set<Integer>> units) {
    List<Set<Integer>> all = new ArrayList<>();
    for (int count = units.size(); count >= 0; count--) {
      Set<Integer> set = new LinkedHashSet<>();
      units.subList(0, count).forEach(set::addAll);
      all.add(set);
    }
    return all;
  }

  private List<Set<Integer>> cube(GroupingSet set) {
    if (set.getContentCount() > CUBE_MAX) {
      throw context.error(
          ErrorCode.TOO_MANY_COLUMNS,
          set.getLocation(),
          "CUBE is limited to " + CUBE_MAX + " elements");
    }
    List<Set<Integer>> units = units(set);
    List<Set<Integer>> all = new ArrayList<>();
    for (int chosen = (1 << units.size()) - 1; chosen >= 0; chosen--) {
      Set<Integer> one = new LinkedHashSet<>();
      for (int i = 0; i < units.size(); i++) {
        if ((chosen & 1 << i) != 0) {
          one.addAll(units.get(i));
        }
      }
      all.add(one);
    }
    return all;
  }

  /** A key, or several in parentheses that come and go together. */
  private Set<Integer> unit(Node node) {
    Set<Integer> unit = new LinkedHashSet<>();
    for (Node key : node.hasRowExpr() ? node.getRowExpr().getArgsList() : List.of(node)) {
      Bound bound = binder.apply(key);
      Integer known = keyIndex.putIfAbsent(Normal.of(bound), keys.size());
      if (known == null) {
        unit.add(keys.size());
        keys.add(bound);
      } else {
        unit.add(known);
      }
    }
    return unit;
  }
}
