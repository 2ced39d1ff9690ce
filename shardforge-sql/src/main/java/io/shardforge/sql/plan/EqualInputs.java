package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Columns of three or more inputs of a cluster of joins, one of each, that its conditions make
 * equal to each other. Any two of them tie their inputs together, also where no condition names
 * both.
 *
 * @param equality one of the conditions
 * @param columns the columns by the numbers of their inputs
 */
record EqualInputs(Bound.Call equality, SortedMap<Integer, Bound.Column> columns) {
  /** Fewer have no pair that is not given. */
  private static final int INPUTS_MIN = 3;

  /** What the conditions of a cluster make equal. */
  static List<EqualInputs> of(JoinOrder.Cluster cluster) {
    List<Bound.Call> equalities =
        cluster.conditions().stream()
            .filter(condition -> cluster.isEquality(condition) && isOfLikeColumns(condition))
            .map(Bound.Call.class::cast)
            .toList();
    List<SortedMap<Integer, Bound.Column>> sets = new ArrayList<>();
    for (Bound.Call equality : equalities) {
      SortedMap<Integer, Bound.Column> joined = new TreeMap<>();
      for (Bound side : equality.args()) {
        Bound.Column column = (Bound.Column) side;
        joined.put(column.index(), column);
      }
      for (Iterator<SortedMap<Integer, Bound.Column>> i = sets.iterator(); i.hasNext(); ) {
        SortedMap<Integer, Bound.Column> set = i.next();
        if (!Collections.disjoint(set.keySet(), joined.keySet())) {
          joined.putAll(set);
          i.remove();
        }
      }
      sets.add(joined);
    }
    List<EqualInputs> found = new ArrayList<>();
    for (SortedMap<Integer, Bound.Column> set : sets) {
      SortedMap<Integer, Bound.Column> columns = new TreeMap<>();
      set.forEach((index, column) -> columns.put(cluster.inputOf(index), column));
      // Two columns of one input would have to be compared in it, too.
      if (columns.size() == set.size() && columns.size() >= INPUTS_MIN) {
        equalities.stream()
            .filter(equality -> isAmong(set.values(), equality.args().getFirst()))
            .findFirst()
            .ifPresent(equality -> found.add(new EqualInputs(equality, columns)));
      }
    }
    return found;
  }

  /** Whether two columns are compared that are of one type, which the comparison fits for all. */
  private static boolean isOfLikeColumns(Bound condition) {
    return condition.operands().get(0) instanceof Bound.Column left
        && condition.operands().get(1) instanceof Bound.Column right
        && left.type().oid() == right.type().oid();
  }

  /** Whether a condition is one of those that make the columns equal. */
  boolean follows(Bound condition) {
    return condition instanceof Bound.Call call
        && call.function() == equality.function()
        && call.args().stream().allMatch(side -> isAmong(columns.values(), side));
  }

  private static boolean isAmong(Collection<Bound.Column> columns, Bound side) {
    return side instanceof Bound.Column column
        && columns.stream().anyMatch(one -> one.index() == column.index());
  }

  /** The condition that two inputs are tied together by. */
  Bound.Call between(int left, int right) {
    return new Bound.Call(
        equality.function(),
        equality.operator(),
        List.of(column(left), column(right)),
        equality.type(),
        equality.returnsSet(),
        equality.variadicArray(),
        equality.location());
  }

  private Bound.Column column(int input) {
    return Optional.ofNullable(columns.get(input)).orElseThrow();
  }

  boolean ties(int left, int right) {
    return columns.containsKey(left) && columns.containsKey(right);
  }
}
