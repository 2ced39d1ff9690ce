package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Normal;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
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
 * @param used these, those that the keys decide but for nulls, and what else all entries satisfy
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

  /** The value of a column that {@code IS NULL}: no other value is equal to it. */
  static final Bound NULL = new Bound.Const(null, SqlType.of(PgOid.UNKNOWN), -1);

  /** One end of a range. */
  record Edge(Bound value, boolean inclusive) {}

  /**
   * A condition {@code column op value}, {@code column = ANY (values)} or {@code column IS NULL},
   * where a column may be an expression that an index has.
   */
  record Match(int column, String operator, List<Bound> values, Bound condition) {}

  /** True if every key column has its values: at most one row a key. */
  boolean isPoint() {
    return index.unique()
        && equal.size() == index.columns().size()
        && equal.stream().noneMatch(values -> values.contains(NULL))
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

  /** What the index, which serves the conditions, can do for them. */
  static AccessPath of(
      TableDescriptor table,
      IndexDescriptor index,
      List<Match> matches,
      List<Bound> conditions,
      IndexTerms terms) {
    List<List<Bound>> equal = new ArrayList<>();
    Set<Bound> exact = new HashSet<>();
    Set<Bound> used = new HashSet<>();
    Edge lower = null;
    Edge upper = null;
    int combinations = 1;
    List<Bound> predicate = terms.predicate(table, index);
    for (Bound held : predicate) {
      conditions.stream().filter(condition -> Normal.same(condition, held)).forEach(exact::add);
    }
    used.addAll(exact);
    for (int i = 0; i < index.columns().size(); i++) {
      int column = table.keyOrdinal(index, i);
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
      boolean nullable = terms.isNullable(table, column);
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
    BitSet counted = new BitSet();
    used.forEach(condition -> Bound.columns(condition, counted));
    for (Bound held : predicate) {
      if (!Rewriter.columns(held).intersects(counted)) {
        used.add(held);
      }
    }
    return new AccessPath(index, equal, lower, upper, exact, used);
  }

  /** The condition as one that an index can use, null if it is of another form. */
  static @Nullable Match match(TableDescriptor table, IndexTerms terms, Bound condition) {
    if (condition instanceof Bound.Call call
        && call.operator() != null
        && call.args().size() == 2) {
      String operator = call.operator();
      if (!Set.of("=", "<", "<=", ">", ">=").contains(operator)) {
        return null;
      }
      Match straight =
          match(table, terms, call.args().get(0), operator, call.args().get(1), condition);
      return straight != null
          ? straight
          : match(
              table, terms, call.args().get(1), flipped(operator), call.args().get(0), condition);
    }
    if (condition instanceof Bound.ArrayCompare compare
        && compare.any()
        && compare.operator().equals("=")
        && compare.array() instanceof Bound.ArrayOf array
        && !array.multi()
        && !array.elements().isEmpty()) {
      int column = terms.ordinal(table, compare.left());
      if (column < 0) {
        return null;
      }
      for (Bound element : array.elements()) {
        if (!usable(terms.type(table, column), compare.left(), element)) {
          return null;
        }
      }
      return new Match(column, "=", distinct(array.elements()), condition);
    }
    if (condition instanceof Bound.NullTest test && test.isNull() && !test.ofRow()) {
      int column = terms.ordinal(table, test.arg());
      return column < 0 ? null : new Match(column, "=", List.of(NULL), condition);
    }
    // A bare boolean column is column = true.
    return null;
  }

  private static List<Bound> distinct(List<Bound> values) {
    List<Bound> result = new ArrayList<>();
    for (Bound value : values) {
      if (result.stream().noneMatch(v -> Normal.same(v, value))) {
        result.add(value);
      }
    }
    return result;
  }

  private static @Nullable Match match(
      TableDescriptor table,
      IndexTerms terms,
      Bound side,
      String operator,
      Bound value,
      Bound condition) {
    int column = terms.ordinal(table, side);
    return column >= 0 && usable(terms.type(table, column), side, value)
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
    return IndexTerms.withoutRelabel(side) instanceof Bound.Column column ? column.index() : -1;
  }

  private static boolean usable(SqlType type, Bound side, Bound value) {
    return type.isStoredLike(value.type())
        && type.isStoredLike(side.type())
        && !Bound.any(value, e -> e instanceof Bound.Column)
        && !Rewriter.isVolatile(value);
  }
}
