package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place that a row would have among those of a group: rank and its kin WITHIN GROUP (ORDER BY
 * …). Arguments are the values of that row, then those of one that is there, then the {@link
 * #directions} in which they are ordered. Only dense_rank needs its rows in that order.
 */
public final class HypotheticalSetAggregates {
  /** Two bits a key: descending, nulls first. */
  private static final int BITS = 2;

  private HypotheticalSetAggregates() {}

  static void register(FunctionTable t) {
    t.aggregateTyped("rank(any)", types -> () -> new Place(types, p -> p.before + 1));
    t.aggregateTyped("dense_rank(any)", types -> () -> new Place(types, p -> p.distinctBefore + 1));
    t.aggregateTyped(
        "percent_rank(any)",
        types -> () -> new Place(types, p -> p.rows == 0 ? 0.0 : p.before / (double) p.rows));
    t.aggregateTyped(
        "cume_dist(any)",
        types -> () -> new Place(types, p -> (p.before + p.alike + 1) / (double) (p.rows + 1)));
  }

  /** The directions of keys as an argument, with one more; begins with 0. */
  public static long directions(long others, int key, boolean descending, boolean nullsFirst) {
    long bits = (descending ? 1 : 0) | (nullsFirst ? 2 : 0);
    return others | bits << (BITS * key);
  }

  /** What is asked of a place. */
  @FunctionalInterface
  private interface Question {
    Object answer(Place place);
  }

  /** Counts the rows that come before the one that is not there, and those that are like it. */
  private static final class Place implements Accumulator {
    private final List<PgType> keys = new ArrayList<>();
    private final Question question;
    private long rows;
    private long before;
    private long alike;
    private long distinctBefore;
    private @Nullable Object @Nullable [] last;

    Place(CallTypes types, Question question) {
      this.question = question;
      for (int i = 0; i < types.arguments().size() / 2; i++) {
        keys.add(PgTypes.of(types.arguments().get(i)));
      }
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      int n = keys.size();
      long directions = (Long) NullArguments.at(arguments, 2 * n);
      int order = 0;
      boolean repeats = last != null;
      for (int i = 0; i < n; i++) {
        Object there = arguments[n + i];
        if (order == 0) {
          order = compare(keys.get(i), there, arguments[i], directions >>> (BITS * i));
        }
        repeats = repeats && last != null && compare(keys.get(i), there, last[n + i], 0) == 0;
      }
      rows++;
      if (order < 0) {
        before++;
        distinctBefore += repeats ? 0 : 1;
      } else if (order == 0) {
        alike++;
      }
      last = arguments.clone();
    }

    private static int compare(
        PgType type, @Nullable Object a, @Nullable Object b, long direction) {
      if (a == null || b == null) {
        int nullLast = Boolean.compare(a == null, b == null);
        return (direction & 2) != 0 ? -nullLast : nullLast;
      }
      int order = type.compare(a, b);
      return (direction & 1) != 0 ? -order : order;
    }

    @Override
    public void merge(Accumulator other) {
      throw new IllegalStateException("ordered sets are not merged");
    }

    @Override
    public Object result(EvalContext context) {
      return question.answer(this);
    }
  }
}
