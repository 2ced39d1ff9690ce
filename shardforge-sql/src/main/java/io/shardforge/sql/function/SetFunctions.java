package io.shardforge.sql.function;

import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.Calendar;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.Keywords;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.TypeErrors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions that return sets: series, array elements, subscripts, keywords. */
final class SetFunctions {
  private SetFunctions() {}

  static void register(FunctionTable t) {
    for (String type : List.of("int4", "int8")) {
      t.set("generate_series_" + type, (_, in) -> longSeries(longAt(in, 0), longAt(in, 1), 1));
      t.set(
          "generate_series_step_" + type,
          (_, in) -> longSeries(longAt(in, 0), longAt(in, 1), longAt(in, 2)));
    }
    t.set(
        "generate_series_numeric",
        (_, in) -> numericSeries(numericAt(in, 0), numericAt(in, 1), Numeric.ONE));
    t.set(
        "generate_series_step_numeric",
        (_, in) -> numericSeries(numericAt(in, 0), numericAt(in, 1), numericAt(in, 2)));
    t.set(
        "generate_series_timestamp",
        (_, in) -> {
          Interval step = (Interval) NullArguments.at(in, 2);
          return timeSeries(
              longAt(in, 0), longAt(in, 1), step, at -> DateTimeArithmetic.addLocal(at, step, 1));
        });
    t.set(
        "generate_series_timestamptz",
        (c, in) -> {
          Interval step = (Interval) NullArguments.at(in, 2);
          return timeSeries(
              longAt(in, 0),
              longAt(in, 1),
              step,
              at -> DateTimeArithmetic.addInstant(at, step, 1, c.timeZone()));
        });
    t.set("array_unnest", (_, in) -> elements((ArrayValue) NullArguments.at(in, 0)));
    t.set(
        "generate_subscripts_nodir",
        (_, in) -> subscripts((ArrayValue) NullArguments.at(in, 0), longAt(in, 1), false));
    t.set(
        "generate_subscripts",
        (_, in) ->
            subscripts(
                (ArrayValue) NullArguments.at(in, 0),
                longAt(in, 1),
                (Boolean) NullArguments.at(in, 2)));
    t.set(
        "_pg_expandarray(anyarray)",
        (_, in) -> {
          ArrayValue array = (ArrayValue) NullArguments.at(in, 0);
          List<@Nullable Object[]> rows = new ArrayList<>();
          for (int i = 0; i < array.size(); i++) {
            rows.add(new @Nullable Object[] {array.get(i), i + 1L});
          }
          return rows.iterator();
        });
    t.set(
        "pg_listening_channels",
        (c, _) ->
            SystemFunctions.notifications(c).listening().stream()
                .map(channel -> new @Nullable Object[] {channel})
                .iterator());
    t.set("pg_options_to_table", (_, in) -> options((ArrayValue) NullArguments.at(in, 0)));
    // There are no partitions, and so no ancestors.
    t.set("pg_partition_ancestors", (_, _) -> Collections.emptyIterator());
    t.set(
        "pg_get_keywords",
        (_, _) ->
            Keywords.rows().stream()
                .map(row ->
                    new @Nullable Object[] {
                      row[0],
                      row[1],
                      row[2].equals("t"),
                      keywordCategory(row[1]),
                      row[2].equals("t") ? "can be bare label" : "requires AS"
                    })
                .iterator());
  }

  /** Options as reloptions has them, {@code name=value}, taken apart. */
  private static Iterator<@Nullable Object[]> options(ArrayValue options) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i) instanceof String option) {
        int end = option.indexOf('=');
        rows.add(
            end < 0
                ? new @Nullable Object[] {option, null}
                : new @Nullable Object[] {option.substring(0, end), option.substring(end + 1)});
      }
    }
    return rows.iterator();
  }

  private static String keywordCategory(String code) {
    return switch (code) {
      case "U" -> "unreserved";
      case "C" -> "unreserved (cannot be function or type name)";
      case "T" -> "reserved (can be function or type name)";
      default -> "reserved";
    };
  }

  static long longAt(@Nullable Object[] in, int index) {
    return (Long) NullArguments.at(in, index);
  }

  private static Numeric numericAt(@Nullable Object[] in, int index) {
    return (Numeric) NullArguments.at(in, index);
  }

  /** One value a row, each made from the one before. */
  private abstract static class Series implements Iterator<@Nullable Object[]> {
    private @Nullable Object next;

    Series(@Nullable Object first) {
      next = first;
    }

    /** The value after this one, or null at the end. */
    abstract @Nullable Object after(Object value);

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public @Nullable Object[] next() {
      Object value = next;
      if (value == null) {
        throw new NoSuchElementException();
      }
      next = after(value);
      return new @Nullable Object[] {value};
    }
  }

  private static Iterator<@Nullable Object[]> longSeries(long start, long stop, long step) {
    if (step == 0) {
      throw TypeErrors.invalidParameter("step size cannot equal zero");
    }
    boolean empty = step > 0 ? start > stop : start < stop;
    return new Series(empty ? null : (Object) start) {
      @Override
      @Nullable Object after(Object value) {
        long current = (Long) value;
        long next = current + step;
        boolean overflow = ((current ^ next) & (step ^ next)) < 0;
        return overflow || (step > 0 ? next > stop : next < stop) ? null : (Object) next;
      }
    };
  }

  private static Iterator<@Nullable Object[]> numericSeries(
      Numeric start, Numeric stop, Numeric step) {
    requireFinite(start, "start");
    requireFinite(stop, "stop");
    requireFinite(step, "step size");
    if (step.signum() == 0) {
      throw TypeErrors.invalidParameter("step size cannot equal zero");
    }
    int sign = step.signum();
    return new Series(start.compareTo(stop) * sign > 0 ? null : start) {
      @Override
      @Nullable Object after(Object value) {
        Numeric next = ((Numeric) value).add(step);
        return next.compareTo(stop) * sign > 0 ? null : next;
      }
    };
  }

  private static void requireFinite(Numeric value, String what) {
    if (!value.isFinite()) {
      throw TypeErrors.invalidParameter(
          what
              + (what.equals("step size") ? " cannot be " : " value cannot be ")
              + (value.isNan() ? "NaN" : "infinity"));
    }
  }

  private static Iterator<@Nullable Object[]> timeSeries(
      long start, long stop, Interval step, UnaryOperator<Long> advance) {
    int sign = step.compareTo(Interval.ZERO);
    if (sign == 0) {
      throw TypeErrors.invalidParameter("step size cannot equal zero");
    }
    if (Calendar.isInfinite(start) && Calendar.isInfinite(stop)) {
      return Collections.emptyIterator();
    }
    boolean empty = sign > 0 ? start > stop : start < stop;
    return new Series(empty ? null : (Object) start) {
      @Override
      @Nullable Object after(Object value) {
        long next = advance.apply((Long) value);
        return (sign > 0 ? next > stop : next < stop) ? null : (Object) next;
      }
    };
  }

  private static Iterator<@Nullable Object[]> elements(ArrayValue array) {
    return new Iterator<>() {
      private int at;

      @Override
      public boolean hasNext() {
        return at < array.size();
      }

      @Override
      public @Nullable Object[] next() {
        if (at >= array.size()) {
          throw new NoSuchElementException();
        }
        return new @Nullable Object[] {array.get(at++)};
      }
    };
  }

  private static Iterator<@Nullable Object[]> subscripts(
      ArrayValue array, long dimension, boolean reverse) {
    if (dimension < 1 || dimension > array.dimensionCount()) {
      return Collections.emptyIterator();
    }
    long lower = array.lowerBound((int) dimension - 1);
    long upper = lower + array.length((int) dimension - 1) - 1;
    return reverse ? longSeries(upper, lower, -1) : longSeries(lower, upper, 1);
  }

  /** Rows of one column. */
  static Iterator<@Nullable Object[]> single(List<? extends @Nullable Object> values) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(new @Nullable Object[] {value});
    }
    return rows.iterator();
  }
}
