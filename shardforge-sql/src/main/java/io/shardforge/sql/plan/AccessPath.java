package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A way to read one index for a list of conditions: values for its leading columns, then possibly a
 * range of the next one.
 *
 * @param equal per leading column the values it may have (more than one for IN)
 * @param exact conditions that the keys alone decide
 * @param used these and those that the keys decide but for nulls
 */
record AccessPath(
    IndexDescriptor index,
    List<List<Bound>> equal,
    @Nullable Edge lower,
    @Nullable Edge upper,
    Set<Bound> exact,
    Set<Bound> used) {
  /** Key combinations that one plan spells out; longer IN lists are filtered instead. */
  static final int KEYS_MAX = 1_000;

  /** One end of a range. */
  record Edge(Bound value, boolean inclusive) {}

  /** A condition {@code column op value} or {@code column = ANY (values)}. */
  record Match(int column, String operator, List<Bound> values, Bound condition) {}

  /** True if every key column has its values: at most one row a key. */
  boolean isPoint() {
    return index.unique()
        && equal.size() == index.columns().size()
        && lower == null
        && upper == null;
  }

  boolean isWhole() {
    return equal.isEmpty() && lower == null && upper == null;
  }

  int keyCount() {
    int count = 1;
    for (List<Bound> values : equal) {
      count *= values.size();
    }
    return count;
  }

  /** The combinations of the leading columns' values. */
  List<List<Bound>> keys() {
    List<List<Bound>> keys = new ArrayList<>();
    keys.add(List.of());
    for (List<Bound> values : equal) {
      List<List<Bound>> longer = new ArrayList<>();
      for (List<Bound> key : keys) {
        for (Bound value : values) {
          List<Bound> next = new ArrayList<>(key);
          next.add(value);
          longer.add(next);
        }
      }
      keys = longer;
    }
    return keys;
  }

  /** What the index can do for the conditions. */
  static AccessPath of(TableDescriptor table, IndexDescriptor index, List<Match> matches) {
    List<List<Bound>> equal = new ArrayList<>();
    Set<Bound> exact = new HashSet<>();
    Set<Bound> used = new HashSet<>();
    Edge lower = null;
    Edge upper = null;
    int combinations = 1;
    for (IndexDescriptor.KeyColumn key : index.columns()) {
      int column = table.ordinalOfNumber(key.columnNumber());
      Match point = null;
      for (Match match : matches) {
        if (match.column == column
            && match.operator.equals("=")
            && (point == null || match.values.size() < point.values.size())) {
          point = match;
        }
      }
      if (point != null && combinations * point.values.size() <= KEYS_MAX) {
        combinations *= point.values.size();
        equal.add(point.values);
        exact.add(point.condition);
        used.add(point.condition);
        continue;
      }
      boolean nullable = !table.columns().get(column).notNull();
      for (Match match : matches) {
        if (match.column != column) {
          continue;
        }
        switch (match.operator) {
          case ">", ">=" -> {
            if (lower == null) {
              lower = new Edge(match.values.getFirst(), match.operator.equals(">="));
              used.add(match.condition);
              if (!nullable) {
                exact.add(match.condition);
              }
            }
          }
          case "<", "<=" -> {
            if (upper == null) {
              upper = new Edge(match.values.getFirst(), match.operator.equals("<="));
              used.add(match.condition);
              if (!nullable) {
                exact.add(match.condition);
              }
            }
          }
          default -> {}
        }
      }
      break;
    }
    if (table.isSlotted(index) && equal.size() < index.columns().size()) {
      // Rows with near keys are nowhere near each other.
      return new AccessPath(index, List.of(), null, null, Set.of(), Set.of());
    }
    return new AccessPath(index, equal, lower, upper, exact, used);
  }

  /** The condition as one that an index can use, null if it is of another form. */
  static @Nullable Match match(TableDescriptor table, Bound condition) {
    if (condition instanceof Bound.Call call
        && call.operator() != null
        && call.args().size() == 2) {
      String operator = call.operator();
      if (!Set.of("=", "<", "<=", ">", ">=").contains(operator)) {
        return null;
      }
      Match straight = match(table, call.args().get(0), operator, call.args().get(1), condition);
      return straight != null
          ? straight
          : match(table, call.args().get(1), flipped(operator), call.args().get(0), condition);
    }
    if (condition instanceof Bound.ArrayCompare compare
        && compare.any()
        && compare.operator().equals("=")
        && compare.array() instanceof Bound.ArrayOf array
        && !array.multi()
        && !array.elements().isEmpty()) {
      int column = column(compare.left());
      if (column < 0) {
        return null;
      }
      for (Bound element : array.elements()) {
        if (!usable(table, column, compare.left(), element)) {
          return null;
        }
      }
      return new Match(column, "=", distinct(array.elements()), condition);
    }
    // A bare boolean column is column = true.
    return null;
  }

  private static List<Bound> distinct(List<Bound> values) {
    List<Bound> result = new ArrayList<>();
    for (Bound value : values) {
      if (result.stream().noneMatch(v -> io.shardforge.sql.bind.Normal.same(v, value))) {
        result.add(value);
      }
    }
    return result;
  }

  private static @Nullable Match match(
      TableDescriptor table, Bound side, String operator, Bound value, Bound condition) {
    int column = column(side);
    return column >= 0 && usable(table, column, side, value)
        ? new Match(column, operator, List.of(value), condition)
        : null;
  }

  static String flipped(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case "<=" -> ">=";
      case ">" -> "<";
      case ">=" -> "<=";
      default -> operator;
    };
  }

  /** The column of the table that a side is, also behind a cast that changes nothing; else -1. */
  static int column(Bound side) {
    if (side instanceof Bound.Column column) {
      return column.index();
    }
    if (side instanceof Bound.Cast cast
        && cast.kind() == Bound.CastKind.RELABEL
        && cast.arg() instanceof Bound.Column column
        && cast.type().family() == column.type().family()) {
      return column.index();
    }
    return -1;
  }

  private static boolean usable(TableDescriptor table, int column, Bound side, Bound value) {
    SqlType type = table.columns().get(column).type();
    return type.isStoredLike(value.type())
        && type.isStoredLike(side.type())
        && !Bound.any(value, e -> e instanceof Bound.Column)
        && !Rewriter.isVolatile(value);
  }
}
