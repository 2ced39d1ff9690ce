package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates WITHIN GROUP (ORDER BY …): percentiles and the most frequent value. Their rows come in
 * that order, the ordered value as the last argument.
 */
final class OrderedSetAggregates {
  private OrderedSetAggregates() {}

  static void register(FunctionTable t) {
    for (String fraction : List.of("float8", "_float8")) {
      t.aggregateTyped(
          "percentile_cont(" + fraction + ",float8)",
          types -> () -> new Percentile(types, OrderedSetAggregates::between));
      t.aggregateTyped(
          "percentile_cont(" + fraction + ",interval)",
          types -> () -> new Percentile(types, OrderedSetAggregates::between));
      t.aggregateTyped(
          "percentile_disc(" + fraction + ",anyelement)",
          types -> () -> new Percentile(types, OrderedSetAggregates::at));
    }
    t.aggregateTyped("mode(anyelement)", types -> () -> new Mode(types.ordered(types.argument(0))));
  }

  /** The value at a fraction of ordered values, of which there is at least one. */
  @FunctionalInterface
  private interface Pick {
    Object pick(List<Object> values, double fraction);
  }

  private static Object between(List<Object> values, double fraction) {
    double place = fraction * (values.size() - 1);
    Object low = values.get((int) Math.floor(place));
    Object high = values.get((int) Math.ceil(place));
    double share = place - Math.floor(place);
    if (share == 0) {
      return low;
    }
    if (low instanceof Interval a) {
      Interval distance = DateTimeArithmetic.plus((Interval) high, DateTimeArithmetic.negate(a));
      return DateTimeArithmetic.plus(a, DateTimeArithmetic.multiply(distance, share));
    }
    double from = (Double) low;
    return from + share * ((Double) high - from);
  }

  private static Object at(List<Object> values, double fraction) {
    int row = (int) Math.ceil(fraction * values.size());
    return values.get(Math.max(row, 1) - 1);
  }

  /** Values kept in their order. */
  private abstract static sealed class Ordered implements Accumulator {
    private final List<Object> values = new ArrayList<>();

    void keep(@Nullable Object value) {
      if (value != null) {
        values.add(value);
      }
    }

    List<Object> values() {
      return values;
    }

    @Override
    public void merge(Accumulator other) {
      throw new IllegalStateException("ordered sets are not merged");
    }

    @Override
    public long memoryBytes() {
      return 64 + 8L * values.size();
    }
  }

  /** percentile_cont and percentile_disc, of one fraction or an array of them. */
  private static final class Percentile extends Ordered {
    private final int elementOid;
    private final Pick pick;
    private @Nullable Object fraction;

    Percentile(CallTypes types, Pick pick) {
      this.elementOid = types.argument(1);
      this.pick = pick;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      fraction = arguments[0];
      keep(arguments[1]);
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      if (values().isEmpty() || fraction == null) {
        return null;
      }
      if (!(fraction instanceof ArrayValue fractions)) {
        return one(fraction);
      }
      if (fractions.dimensionCount() == 0) {
        return ArrayValue.of(elementOid);
      }
      @Nullable Object[] results = new @Nullable Object[fractions.size()];
      for (int i = 0; i < results.length; i++) {
        Object each = fractions.get(i);
        results[i] = each == null ? null : one(each);
      }
      return new ArrayValue(elementOid, fractions.dimensions(), fractions.lowerBounds(), results);
    }

    private Object one(Object value) {
      double wanted = (Double) value;
      if (Double.isNaN(wanted) || wanted < 0 || wanted > 1) {
        throw TypeErrors.of(
            ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
            "percentile value "
                + PgTypes.byOid(PgOid.FLOAT8).format(wanted, TypeContext.UTC)
                + " is not between 0 and 1");
      }
      return pick.pick(values(), wanted);
    }
  }

  /** mode: of several most frequent values the first. */
  private static final class Mode extends Ordered {
    private final PgType type;

    Mode(PgType type) {
      this.type = type;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      keep(arguments[0]);
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      Object best = null;
      int bestCount = 0;
      int count = 0;
      Object last = null;
      for (Object value : values()) {
        count = last != null && type.equal(last, value) ? count + 1 : 1;
        last = value;
        if (count > bestCount) {
          bestCount = count;
          best = value;
        }
      }
      return best;
    }
  }
}
