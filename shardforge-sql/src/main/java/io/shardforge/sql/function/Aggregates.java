package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counting, summing, averaging, and least and greatest. */
final class Aggregates {
  private static final List<SqlType> BOOL = List.of(SqlType.of(PgOid.BOOL));
  private static final List<SqlType> INT8 = List.of(SqlType.of(PgOid.INT8));

  /** How many values, and their sum. */
  private static final List<SqlType> SUM =
      List.of(SqlType.of(PgOid.INT8), SqlType.of(PgOid.NUMERIC));

  private static final List<SqlType> INTERVALS =
      List.of(SqlType.of(PgOid.INT8), SqlType.of(PgOid.INTERVAL));

  private Aggregates() {}

  static void register(FunctionTable t) {
    t.aggregate("count()", () -> new Count(false));
    t.aggregate("count(any)", () -> new Count(true));
    for (String type : List.of("int2", "int4")) {
      t.aggregate("sum(" + type + ")", LongSum::new);
      t.aggregate("avg(" + type + ")", () -> new IntegerSum(true));
    }
    t.aggregate("sum(int8)", () -> new IntegerSum(false));
    t.aggregate("avg(int8)", () -> new IntegerSum(true));
    t.aggregate("sum(numeric)", () -> new NumericSum(false));
    t.aggregate("avg(numeric)", () -> new NumericSum(true));
    t.aggregate("sum(float4)", () -> new DoubleSum(true));
    t.aggregate("sum(float8)", () -> new DoubleSum(false));
    for (String type : List.of("float4", "float8")) {
      t.aggregate("avg(" + type + ")", () -> new FloatMoments(FloatMoments.Result.AVERAGE));
    }
    t.aggregate("sum(interval)", () -> new IntervalSum(false));
    t.aggregate("avg(interval)", () -> new IntervalSum(true));
    for (String type :
        List.of(
            "int2",
            "int4",
            "int8",
            "oid",
            "float4",
            "float8",
            "numeric",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "text",
            "bpchar",
            "inet",
            "tid",
            "pg_lsn",
            "xid8",
            "anyarray",
            "anyenum")) {
      t.aggregateTyped("max(" + type + ")", types -> extreme(types, 1));
      t.aggregateTyped("min(" + type + ")", types -> extreme(types, -1));
    }
    t.aggregate("any_value(anyelement)", First::new);
    t.aggregate("bool_and(bool)", () -> new Logical(false));
    t.aggregate("every(bool)", () -> new Logical(false));
    t.aggregate("bool_or(bool)", () -> new Logical(true));
    for (String type : List.of("int2", "int4", "int8")) {
      t.aggregate("bit_and(" + type + ")", () -> new Bits((a, b) -> a & b));
      t.aggregate("bit_or(" + type + ")", () -> new Bits((a, b) -> a | b));
      t.aggregate("bit_xor(" + type + ")", () -> new Bits((a, b) -> a ^ b));
    }
    StatisticalAggregates.register(t);
    CollectingAggregates.register(t);
    OrderedSetAggregates.register(t);
  }

  private static AggregateFunction extreme(CallTypes types, int sign) {
    PgType order = types.ordered(types.argument(0));
    return () -> new Extreme(order, sign);
  }

  /** count(*) and count(x). */
  private static final class Count implements Accumulator {
    private final boolean skipNulls;
    private long count;

    Count(boolean skipNulls) {
      this.skipNulls = skipNulls;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (!skipNulls || arguments[0] != null) {
        count++;
      }
    }

    @Override
    public boolean remove(EvalContext context, @Nullable Object[] arguments) {
      if (!skipNulls || arguments[0] != null) {
        count--;
      }
      return true;
    }

    @Override
    public void merge(Accumulator other) {
      count += ((Count) other).count;
    }

    @Override
    public List<SqlType> stateTypes() {
      return INT8;
    }

    @Override
    public @Nullable Object[] state() {
      return new @Nullable Object[] {count};
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      count += (Long) Objects.requireNonNull(state[0]);
    }

    @Override
    public Object result(EvalContext context) {
      return count;
    }
  }

  /** The sum of small integers, a bigint. */
  private static final class LongSum implements Accumulator {
    private boolean seen;
    private long sum;

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] instanceof Long value) {
        sum = IntegerFunctions.add(sum, value);
        seen = true;
      }
    }

    @Override
    public void merge(Accumulator other) {
      LongSum that = (LongSum) other;
      sum = IntegerFunctions.add(sum, that.sum);
      seen |= that.seen;
    }

    @Override
    public List<SqlType> stateTypes() {
      return INT8;
    }

    @Override
    public @Nullable Object[] state() {
      return new @Nullable Object[] {seen ? sum : null};
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      if (state[0] instanceof Long value) {
        sum = IntegerFunctions.add(sum, value);
        seen = true;
      }
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return seen ? sum : null;
    }
  }

  /** The exact sum or average of integers, a numeric. */
  private static final class IntegerSum implements Accumulator {
    private final boolean average;
    private long count;
    private long low;
    private BigInteger high = BigInteger.ZERO;

    IntegerSum(boolean average) {
      this.average = average;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] instanceof Long value) {
        count++;
        addLong(value);
      }
    }

    @Override
    public boolean remove(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] instanceof Long value) {
        count--;
        if (value == Long.MIN_VALUE) {
          high = high.subtract(BigInteger.valueOf(value));
        } else {
          addLong(-value);
        }
      }
      return true;
    }

    private void addLong(long value) {
      long sum = low + value;
      if (((low ^ sum) & (value ^ sum)) < 0) {
        high = high.add(BigInteger.valueOf(low));
        low = value;
      } else {
        low = sum;
      }
    }

    @Override
    public void merge(Accumulator other) {
      IntegerSum that = (IntegerSum) other;
      count += that.count;
      high = high.add(that.high);
      addLong(that.low);
    }

    @Override
    public List<SqlType> stateTypes() {
      return SUM;
    }

    @Override
    public @Nullable Object[] state() {
      return new @Nullable Object[] {
        count, Numeric.of(new BigDecimal(high.add(BigInteger.valueOf(low))))
      };
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      count += (Long) Objects.requireNonNull(state[0]);
      high = high.add(((Numeric) Objects.requireNonNull(state[1])).decimal().toBigInteger());
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      if (count == 0) {
        return null;
      }
      Numeric sum = Numeric.of(new BigDecimal(high.add(BigInteger.valueOf(low))));
      return average ? sum.divide(Numeric.of(count)) : sum;
    }
  }

  /** The sum or average of numerics; those of one scale are added as longs while they fit. */
  private static final class NumericSum implements Accumulator {
    private static final int NONE = -1;

    private final boolean average;
    private long count;
    private Numeric sum = Numeric.ZERO;

    /** What is not in the sum yet, in units of ten to the minus {@link #scale}. */
    private long units;

    private int scale = NONE;

    NumericSum(boolean average) {
      this.average = average;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] instanceof Numeric value) {
        count++;
        add(value);
      }
    }

    private void add(Numeric value) {
      if (!value.isCompact()) {
        sum = sum.add(value);
        return;
      }
      long next = units + value.unscaled();
      if (value.scale() == scale && ((units ^ next) & (value.unscaled() ^ next)) >= 0) {
        units = next;
        return;
      }
      settle();
      units = value.unscaled();
      scale = value.scale();
    }

    private void settle() {
      if (scale != NONE) {
        sum = sum.add(Numeric.of(units, scale));
        scale = NONE;
      }
    }

    @Override
    public void merge(Accumulator other) {
      NumericSum that = (NumericSum) other;
      count += that.count;
      that.settle();
      settle();
      sum = sum.add(that.sum);
    }

    @Override
    public List<SqlType> stateTypes() {
      return SUM;
    }

    @Override
    public @Nullable Object[] state() {
      settle();
      return new @Nullable Object[] {count, sum};
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      count += (Long) Objects.requireNonNull(state[0]);
      settle();
      sum = sum.add((Numeric) Objects.requireNonNull(state[1]));
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      if (count == 0) {
        return null;
      }
      settle();
      return average ? sum.divide(Numeric.of(count)) : sum;
    }
  }

  /** The sum of floats. */
  private static final class DoubleSum implements Accumulator {
    private final boolean single;
    private boolean seen;
    private double sum;

    DoubleSum(boolean single) {
      this.single = single;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] instanceof Double value) {
        addDouble(value);
      }
    }

    private void addDouble(double value) {
      if (!seen) {
        sum = value;
        seen = true;
        return;
      }
      double next = single ? (float) (sum + value) : sum + value;
      sum = FloatFunctions.checked(next, sum, value);
    }

    @Override
    public void merge(Accumulator other) {
      DoubleSum that = (DoubleSum) other;
      if (that.seen) {
        addDouble(that.sum);
      }
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return seen ? sum : null;
    }
  }

  /** The sum or average of intervals. */
  private static final class IntervalSum implements Accumulator {
    private final boolean average;
    private long count;
    private Interval sum = Interval.ZERO;

    IntervalSum(boolean average) {
      this.average = average;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] instanceof Interval value) {
        count++;
        sum = DateTimeArithmetic.plus(sum, value);
      }
    }

    @Override
    public void merge(Accumulator other) {
      IntervalSum that = (IntervalSum) other;
      count += that.count;
      sum = DateTimeArithmetic.plus(sum, that.sum);
    }

    @Override
    public List<SqlType> stateTypes() {
      return INTERVALS;
    }

    @Override
    public @Nullable Object[] state() {
      return new @Nullable Object[] {count, sum};
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      count += (Long) Objects.requireNonNull(state[0]);
      sum = DateTimeArithmetic.plus(sum, (Interval) Objects.requireNonNull(state[1]));
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      if (count == 0) {
        return null;
      }
      return average ? DateTimeArithmetic.divide(sum, (double) count) : sum;
    }
  }

  /** any_value. */
  private static final class First implements Accumulator {
    private @Nullable Object first;

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (first == null) {
        first = arguments[0];
      }
    }

    @Override
    public void merge(Accumulator other) {
      if (first == null) {
        first = ((First) other).first;
      }
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return first;
    }
  }

  /** min and max. */
  private static final class Extreme implements Accumulator {
    private final PgType order;
    private final int sign;
    private @Nullable Object best;

    Extreme(PgType order, int sign) {
      this.order = order;
      this.sign = sign;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      offer(arguments[0]);
    }

    private void offer(@Nullable Object value) {
      if (value != null && (best == null || order.compare(value, best) * sign > 0)) {
        best = value;
      }
    }

    @Override
    public void merge(Accumulator other) {
      offer(((Extreme) other).best);
    }

    @Override
    public List<SqlType> stateTypes() {
      return List.of(SqlType.of(order.oid()));
    }

    @Override
    public @Nullable Object[] state() {
      return new @Nullable Object[] {best};
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      offer(state[0]);
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return best;
    }
  }

  /** bool_and and bool_or. */
  private static final class Logical implements Accumulator {
    /** The value that decides: true for OR, false for AND. */
    private final boolean dominant;

    private @Nullable Boolean value;

    Logical(boolean dominant) {
      this.dominant = dominant;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      offer((Boolean) arguments[0]);
    }

    private void offer(@Nullable Boolean next) {
      if (next != null && (value == null || next == dominant)) {
        value = next;
      }
    }

    @Override
    public void merge(Accumulator other) {
      offer(((Logical) other).value);
    }

    @Override
    public List<SqlType> stateTypes() {
      return BOOL;
    }

    @Override
    public @Nullable Object[] state() {
      return new @Nullable Object[] {value};
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      offer((Boolean) state[0]);
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return value;
    }
  }

  /** bit_and, bit_or and bit_xor. */
  private static final class Bits implements Accumulator {
    private final java.util.function.LongBinaryOperator operator;
    private @Nullable Long value;

    Bits(java.util.function.LongBinaryOperator operator) {
      this.operator = operator;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      offer((Long) arguments[0]);
    }

    private void offer(@Nullable Long next) {
      if (next != null) {
        value = value == null ? next : (Long) operator.applyAsLong(value, next);
      }
    }

    @Override
    public void merge(Accumulator other) {
      offer(((Bits) other).value);
    }

    @Override
    public List<SqlType> stateTypes() {
      return INT8;
    }

    @Override
    public @Nullable Object[] state() {
      return new @Nullable Object[] {value};
    }

    @Override
    public void mergeState(@Nullable Object[] state) {
      offer((Long) state[0]);
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return value;
    }
  }
}
