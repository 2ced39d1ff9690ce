package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.row.ValueCodec;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Estimates which share of a table's rows satisfies conditions. A condition over a single column
 * that depends on nothing else is asked of the column's sample; comparisons are looked up in it;
 * for all others, and for tables that were never analyzed, there are PostgreSQL's defaults.
 * Conditions are taken to be independent, but for two ends of one range, and for equalities of
 * columns that CREATE STATISTICS was told of.
 */
final class Selectivity {
  /** No share is less: a sample says nothing of what it does not have. */
  private static final double LEAST = 1e-7;

  /** Bytes of a value that tell where it is between two others. */
  private static final int INTERPOLATED_BYTES = 6;

  private final ExpressionBuilder expressions;
  private final TableStatistics statistics;
  private final TableDescriptor table;

  Selectivity(ExpressionBuilder expressions, TableStatistics statistics, TableDescriptor table) {
    this.expressions = expressions;
    this.statistics = statistics;
    this.table = table;
  }

  /** The share of rows that satisfy all of the conditions, whose columns are the table's. */
  double of(Iterable<? extends Bound> conditions) {
    List<Bound> single = new ArrayList<>();
    conditions.forEach(single::add);
    double share = combined(single);
    Map<Integer, double[]> ranges = new HashMap<>();
    for (Bound condition : single) {
      Comparison c = comparison(condition);
      if (c == null || c.operator.equals("=") || c.operator.equals("<>")) {
        share *= of(condition);
        continue;
      }
      double[] ends = ranges.computeIfAbsent(c.column, _ -> new double[] {1, 1});
      int end = c.operator.startsWith("<") ? 1 : 0;
      ends[end] = Math.min(ends[end], of(condition));
    }
    for (double[] ends : ranges.values()) {
      boolean both = ends[0] < 1 && ends[1] < 1;
      // What is above the lower end and what is below the upper one cover everything once, and the
      // range twice.
      double overlap = ends[0] + ends[1] - 1;
      share *= both ? (overlap > LEAST ? overlap : Cost.BETWEEN) : ends[0] * ends[1];
    }
    return Math.max(LEAST, share);
  }

  /** The share of rows that satisfy a condition. */
  double of(Bound condition) {
    double known = known(condition);
    if (known >= 0) {
      return Math.clamp(known, LEAST, 1);
    }
    return switch (condition) {
      case Bound.Logic l -> {
        if (l.and()) {
          yield of(l.args());
        }
        double none = 1;
        for (Bound arg : l.args()) {
          none *= 1 - of(arg);
        }
        yield 1 - none;
      }
      case Bound.Not n -> 1 - of(n.arg());
      default -> byDefault(condition);
    };
  }

  /** The share of rows that satisfy conditions about which nothing is known. */
  static double byDefault(List<Bound> conditions) {
    double share = 1;
    for (Bound condition : conditions) {
      share *= byDefault(condition);
    }
    return share;
  }

  private static double byDefault(Bound condition) {
    return switch (condition) {
      case Bound.Call c when c.operator() != null ->
          switch (c.operator()) {
            case "=" -> Cost.EQUAL;
            case "<>" -> 1 - Cost.EQUAL;
            case "<", "<=", ">", ">=" -> Cost.RANGE;
            case "~~", "~~*", "~", "~*" -> 2 * Cost.EQUAL;
            case "@>", "<@", "?", "?&" -> Cost.CONTAINED;
            case "&&", "?|", "@?", "@@" -> 2 * Cost.CONTAINED;
            default -> Cost.OTHER;
          };
      case Bound.ArrayCompare a
          when a.any() && a.operator().equals("=") && !Rewriter.columns(a.array()).isEmpty() ->
          Cost.CONTAINED;
      case Bound.ArrayCompare a when a.any() && a.array() instanceof Bound.ArrayOf list ->
          Math.min(0.5, Cost.EQUAL * list.elements().size());
      case Bound.NullTest n -> n.isNull() ? Cost.EQUAL : 1 - Cost.EQUAL;
      case Bound.Logic l -> {
        if (l.and()) {
          yield byDefault(l.args());
        }
        double none = 1;
        for (Bound arg : l.args()) {
          none *= 1 - byDefault(arg);
        }
        yield 1 - none;
      }
      case Bound.Not n -> 1 - byDefault(n.arg());
      case Bound.Const c -> Boolean.TRUE.equals(c.value()) ? 1 : Cost.EQUAL;
      default -> 0.5;
    };
  }

  // By the statistics of several columns.

  /** The share of rows that satisfy equalities of which more is known together; takes these out. */
  private double combined(List<Bound> conditions) {
    double share = 1;
    for (CombinedStatistics known : statistics.combined(table)) {
      Map<Integer, byte[]> keys = new TreeMap<>();
      Map<Integer, Double> shares = new TreeMap<>();
      List<Bound> covered = new ArrayList<>();
      for (Bound condition : conditions) {
        Comparison c = comparison(condition);
        if (c != null && c.operator.equals("=") && c.column < table.columns().size()) {
          int number = table.columns().get(c.column).number();
          byte[] key = key(table.columns().get(c.column), c.value);
          if (key != null && known.columns().contains(number) && !keys.containsKey(number)) {
            keys.put(number, key);
            shares.put(number, of(condition));
            covered.add(condition);
          }
        }
      }
      double together = keys.size() < 2 ? -1 : new EqualColumns(known, keys, shares).share();
      if (together >= 0) {
        conditions.removeAll(covered);
        share *= together;
      }
    }
    return share;
  }

  // By the statistics of one column.

  /** A column compared with a value that does not depend on the row. */
  private record Comparison(int column, String operator, Bound value) {}

  private static @Nullable Comparison comparison(Bound condition) {
    if (!(condition instanceof Bound.Call call)
        || call.operator() == null
        || !List.of("=", "<>", "<", "<=", ">", ">=").contains(call.operator())
        || call.args().size() != 2) {
      return null;
    }
    Bound left = call.args().get(0);
    Bound right = call.args().get(1);
    int column = AccessPath.column(left);
    if (column >= 0 && Rewriter.columns(right).isEmpty()) {
      return new Comparison(column, call.operator(), right);
    }
    column = AccessPath.column(right);
    return column >= 0 && Rewriter.columns(left).isEmpty()
        ? new Comparison(column, AccessPath.flipped(call.operator()), left)
        : null;
  }

  /** The share as the statistics have it, negative if they do not say. */
  private double known(Bound condition) {
    BitSet columns = Rewriter.columns(condition);
    if (columns.cardinality() != 1 || columns.length() > table.columns().size()) {
      return -1;
    }
    int ordinal = columns.nextSetBit(0);
    ColumnStatistics column = statistics.column(table, ordinal);
    if (column == null) {
      return isKey(condition, ordinal) ? 1 / statistics.rows(table) : -1;
    }
    if (condition instanceof Bound.NullTest test && AccessPath.column(test.arg()) == ordinal) {
      return test.isNull() ? column.nullFraction() : 1 - column.nullFraction();
    }
    Comparison comparison = comparison(condition);
    if (comparison != null) {
      double share = compared(column, ordinal, comparison);
      if (share >= 0) {
        return share;
      }
    }
    if (condition instanceof Bound.ArrayCompare a
        && a.any()
        && a.operator().equals("=")
        && AccessPath.column(a.left()) == ordinal
        && a.array() instanceof Bound.ArrayOf list) {
      double share = 0;
      for (Bound element : list.elements()) {
        double one = compared(column, ordinal, new Comparison(ordinal, "=", element));
        share += one >= 0 ? one : average(column);
      }
      return Math.min(1, share);
    }
    double share = contained(column, ordinal, condition);
    return share >= 0 ? share : sampled(column, ordinal, condition);
  }

  /** The share of rows that have some parts, negative if the condition is not about them. */
  private double contained(ColumnStatistics column, int ordinal, Bound condition) {
    PartShare parts = new PartShare(column);
    SqlType type = table.columns().get(ordinal).type();
    if (condition instanceof Bound.ArrayCompare compare
        && compare.any()
        && compare.operator().equals("=")
        && AccessPath.column(compare.array()) == ordinal) {
      return parts.of(type, KeyCondition.Test.ELEMENT, compare.left());
    }
    if (!(condition instanceof Bound.Call call)
        || call.operator() == null
        || call.args().size() != 2) {
      return -1;
    }
    if (AccessPath.column(call.args().get(0)) == ordinal) {
      return parts.of(type, call.operator(), call.args().get(1));
    }
    String flipped = InvertedPath.flipped(call.operator());
    return flipped != null && AccessPath.column(call.args().get(1)) == ordinal
        ? parts.of(type, flipped, call.args().get(0))
        : -1;
  }

  private boolean isKey(Bound condition, int ordinal) {
    Comparison comparison = comparison(condition);
    return comparison != null
        && comparison.operator.equals("=")
        && table.indexes().stream()
            .anyMatch(index ->
                index.unique()
                    && index.isPlain()
                    && PhysicalPlanner.isPublic(index)
                    && index.columns().size() == 1
                    && index.columns().getFirst().columnNumber()
                        == table.columns().get(ordinal).number());
  }

  /** Rows of one value of which nothing else is known. */
  private double average(ColumnStatistics column) {
    return (1 - column.nullFraction()) / column.distinctIn(statistics.rows(table));
  }

  private double compared(ColumnStatistics column, int ordinal, Comparison comparison) {
    byte[] key = key(table.columns().get(ordinal), comparison.value);
    double present = 1 - column.nullFraction();
    return switch (comparison.operator) {
      case "=" -> key == null ? unknown(column, comparison.value) : equal(column, key);
      case "<>" -> key == null ? -1 : Math.max(0, present - equal(column, key));
      case "<", "<=" -> key == null ? -1 : below(column, key);
      default -> key == null ? -1 : Math.max(0, present - below(column, key));
    };
  }

  /** A value that is only known when the plan runs. */
  private double unknown(ColumnStatistics column, Bound value) {
    return value instanceof Bound.Const ? -1 : average(column);
  }

  private static byte @Nullable [] key(ColumnDescriptor column, Bound value) {
    SqlType type = column.type();
    return value instanceof Bound.Const constant
            && constant.value() != null
            && type.isStoredLike(value.type())
            && ValueCodec.of(type).isKeyable()
        ? ValueCodec.of(type).key(constant.value())
        : null;
  }

  private double equal(ColumnStatistics column, byte[] key) {
    for (ColumnStatistics.Common common : column.common()) {
      if (Arrays.equals(common.value(), key)) {
        return common.fraction();
      }
    }
    double others = Math.max(0, 1 - column.nullFraction() - column.commonFraction());
    double distinct = column.distinctIn(statistics.rows(table)) - column.common().size();
    return others / Math.max(1, distinct);
  }

  /** The share of values below one. */
  private static double below(ColumnStatistics column, byte[] key) {
    double share = 0;
    for (ColumnStatistics.Common common : column.common()) {
      if (Arrays.compareUnsigned(common.value(), key) < 0) {
        share += common.fraction();
      }
    }
    double others = Math.max(0, 1 - column.nullFraction() - column.commonFraction());
    return share + others * position(column.bounds(), key);
  }

  /** Where a value is among the bounds, from 0 to 1. */
  private static double position(List<byte[]> bounds, byte[] key) {
    if (bounds.isEmpty()) {
      return 0.5;
    }
    int above = 0;
    while (above < bounds.size() && Arrays.compareUnsigned(bounds.get(above), key) < 0) {
      above++;
    }
    if (above == 0) {
      return 0;
    }
    if (above == bounds.size()) {
      return 1;
    }
    double within = between(bounds.get(above - 1), key, bounds.get(above));
    return (above - 1 + within) / (bounds.size() - 1);
  }

  /** How far a key is from a lower to an upper one, judged by the bytes after those they share. */
  private static double between(byte[] lower, byte[] key, byte[] upper) {
    int shared = Arrays.mismatch(lower, upper);
    double from = number(lower, shared);
    double to = number(upper, shared);
    return to <= from ? 0.5 : Math.clamp((number(key, shared) - from) / (to - from), 0, 1);
  }

  private static double number(byte[] key, int from) {
    double number = 0;
    for (int i = from; i < from + INTERPOLATED_BYTES; i++) {
      number = number * 256 + (i < key.length ? key[i] & 0xFF : 0);
    }
    return number;
  }

  /** The share of the sample that satisfies a condition over its column, negative if unknown. */
  private double sampled(ColumnStatistics column, int ordinal, Bound condition) {
    if ((column.common().isEmpty() && column.bounds().isEmpty())
        || Rewriter.isVolatile(condition)
        || Bound.any(
            condition,
            e ->
                e instanceof Bound.SubQuery
                    || e instanceof Bound.Outer
                    || e instanceof Bound.Param)) {
      return -1;
    }
    int[] at = new int[table.columns().size()];
    Arrays.fill(at, -1);
    at[ordinal] = 0;
    ValueCodec codec = ValueCodec.of(table.columns().get(ordinal).type());
    try {
      Expression built = expressions.build(condition, ExpressionBuilder.Env.EMPTY.with(at));
      double share = 0;
      for (ColumnStatistics.Common common : column.common()) {
        share += holds(built, codec.ofKey(common.value())) ? common.fraction() : 0;
      }
      List<Object> others = new ArrayList<>();
      column.bounds().forEach(key -> others.add(codec.ofKey(key)));
      if (!others.isEmpty()) {
        long hits = others.stream().filter(value -> holds(built, value)).count();
        double rest = Math.max(0, 1 - column.nullFraction() - column.commonFraction());
        // None of so few: less than one of them, but not nothing.
        share += rest * Math.max((double) hits, 0.25) / others.size();
      }
      return share + (holds(built, null) ? column.nullFraction() : 0);
    } catch (ShardForgeException | NoSession.NotConstant e) {
      return -1;
    }
  }

  private static boolean holds(Expression condition, @Nullable Object value) {
    return Boolean.TRUE.equals(condition.eval(_ -> value, NoSession.INSTANCE));
  }
}
