package io.shardforge.sql.bind;

import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Grouping by several sets of keys as grouping by one: every row is there once for each set, with
 * the keys that are not in the set null, and the set's number is a key itself.
 */
final class SetExpansion {
  private static final int NUMBER = 0;
  private static final int IS_EMPTY = 1;
  private static final int FIRST_KEY = 2;

  private final List<Bound> keys;
  private final List<Set<Integer>> sets;
  private final List<List<Integer>> masks = new ArrayList<>();

  SetExpansion(GroupBy groupBy) {
    this.keys = groupBy.keys();
    this.sets = groupBy.sets();
  }

  /** The column of the grouped rows that has the value of GROUPING of these keys. */
  int groupingColumn(List<Integer> keyPlaces) {
    int mask = masks.indexOf(keyPlaces);
    if (mask < 0) {
      mask = masks.size();
      masks.add(keyPlaces);
    }
    return keys.size() + 1 + mask;
  }

  /** How many columns the grouped rows have in front of the aggregates. */
  int keyColumns() {
    return keys.size() + 1 + masks.size();
  }

  Rel.Group group(Rel input, List<Bound.Aggregate> calls) {
    Rel.Values numbers = values();
    int width = numbers.types().size();
    boolean hasEmpty = sets.stream().anyMatch(Set::isEmpty);
    // An empty set has a row even where there is none to group: that row has no marker.
    Bound marked =
        new Bound.NullTest(
            new Bound.Column(width + input.types().size(), Types.BOOL, "", -1), false, false);
    Rel rows =
        hasEmpty
            ? new Rel.Filter(
                new Rel.Join(Rel.JoinKind.LEFT, numbers, marked(input), null, false),
                new Bound.Logic(false, List.of(marked, column(IS_EMPTY, Types.BOOL))))
            : new Rel.Join(Rel.JoinKind.INNER, numbers, input, null, false);
    List<Bound> groupKeys = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      groupKeys.add(key(i, width));
    }
    groupKeys.add(column(NUMBER, Types.INT4));
    for (int i = 0; i < masks.size(); i++) {
      groupKeys.add(column(FIRST_KEY + keys.size() + i, Types.INT4));
    }
    List<Bound.Aggregate> counted = new ArrayList<>();
    for (Bound.Aggregate call : calls) {
      Bound.Aggregate shifted = withDirect((Bound.Aggregate) Bound.shift(call, width), width);
      counted.add(hasEmpty ? shifted.filteredBy(marked) : shifted);
    }
    List<SqlType> types = new ArrayList<>();
    groupKeys.forEach(key -> types.add(key.type()));
    calls.forEach(call -> types.add(call.type()));
    return new Rel.Group(rows, groupKeys, counted, types);
  }

  /** What has one value a group is null in the sets that do not have it, as an argument too. */
  private Bound.Aggregate withDirect(Bound.Aggregate call, int width) {
    if (call.direct() == 0) {
      return call;
    }
    List<Bound> operands = new ArrayList<>(call.operands());
    operands.subList(0, call.direct()).replaceAll(direct -> ofSet(direct, width));
    return (Bound.Aggregate) call.withOperands(operands);
  }

  private Bound ofSet(Bound expression, int width) {
    for (int i = 0; i < keys.size(); i++) {
      if (Normal.same(expression, Bound.shift(keys.get(i), width))) {
        return key(i, width);
      }
    }
    List<Bound> operands = expression.operands();
    return operands.isEmpty()
        ? expression
        : expression.withOperands(operands.stream().map(o -> ofSet(o, width)).toList());
  }

  /** One row for each set: its number, whether it is empty, which keys it has, its masks. */
  private Rel.Values values() {
    List<List<Bound>> rows = new ArrayList<>();
    for (int number = 0; number < sets.size(); number++) {
      Set<Integer> set = sets.get(number);
      List<Bound> row = new ArrayList<>();
      row.add(new Bound.Const((long) number, Types.INT4, -1));
      row.add(new Bound.Const(set.isEmpty(), Types.BOOL, -1));
      for (int key = 0; key < keys.size(); key++) {
        row.add(new Bound.Const(set.contains(key), Types.BOOL, -1));
      }
      for (List<Integer> mask : masks) {
        long bits = 0;
        for (int key : mask) {
          bits = bits << 1 | (set.contains(key) ? 0 : 1);
        }
        row.add(new Bound.Const(bits, Types.INT4, -1));
      }
      rows.add(row);
    }
    return new Rel.Values(rows, rows.getFirst().stream().map(Bound::type).toList());
  }

  private static Rel marked(Rel input) {
    List<Bound> columns = new ArrayList<>();
    for (SqlType type : input.types()) {
      columns.add(column(columns.size(), type));
    }
    columns.add(new Bound.Const(true, Types.BOOL, -1));
    return Rel.Project.of(input, columns);
  }

  private Bound key(int place, int width) {
    Bound key = Bound.shift(keys.get(place), width);
    if (sets.stream().allMatch(set -> set.contains(place))) {
      return key;
    }
    Bound nothing = new Bound.Const(null, key.type(), -1);
    return new Bound.Case(List.of(column(FIRST_KEY + place, Types.BOOL), key, nothing), key.type());
  }

  private static Bound column(int index, SqlType type) {
    return new Bound.Column(index, type, "", -1);
  }
}
