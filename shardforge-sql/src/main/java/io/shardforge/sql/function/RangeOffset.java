package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;

/**
 * Judges whether a value lies within an offset of another: what RANGE frames with offsets ask. A
 * sum beyond the type's ends counts as an infinite one.
 */
public abstract sealed class RangeOffset {
  private RangeOffset() {}

  /** The offset types that values of a type can be moved by; empty for types without distance. */
  public static List<Integer> offsetTypes(int type) {
    return switch (type) {
      case PgOid.INT2, PgOid.INT4 -> List.of(PgOid.INT4, PgOid.INT8, PgOid.INT2);
      case PgOid.INT8 -> List.of(PgOid.INT8);
      case PgOid.FLOAT4, PgOid.FLOAT8 -> List.of(PgOid.FLOAT8);
      case PgOid.NUMERIC -> List.of(PgOid.NUMERIC);
      case PgOid.DATE,
          PgOid.TIMESTAMP,
          PgOid.TIMESTAMPTZ,
          PgOid.TIME,
          PgOid.TIMETZ,
          PgOid.INTERVAL ->
          List.of(PgOid.INTERVAL);
      default -> List.of();
    };
  }

  /** The judge for values of a type that {@link #offsetTypes} has offsets for. */
  public static RangeOffset of(int type) {
    return switch (type) {
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> new Integers();
      case PgOid.FLOAT4, PgOid.FLOAT8 -> new Floats();
      case PgOid.NUMERIC -> new Numerics();
      case PgOid.TIME -> new Times();
      default -> new Moments(type);
    };
  }

  /** Fails with 22013 for an offset that is negative or no distance at all. */
  public abstract void check(Object offset);

  /** {@code value <= base ± offset} if {@code less}, else {@code value >= base ± offset}. */
  public abstract boolean inRange(
      EvalContext context,
      Object value,
      Object base,
      Object offset,
      boolean subtract,
      boolean less);

  private static ShardForgeException invalid() {
    return TypeErrors.of(
        ErrorCode.INVALID_PRECEDING_OR_FOLLOWING_SIZE,
        "invalid preceding or following size in window function");
  }

  private static boolean holds(int comparison, boolean less) {
    return less ? comparison <= 0 : comparison >= 0;
  }

  /** Integers of each size. */
  private static final class Integers extends RangeOffset {
    @Override
    public void check(Object offset) {
      if ((Long) offset < 0) {
        throw invalid();
      }
    }

    @Override
    public boolean inRange(
        EvalContext context,
        Object value,
        Object base,
        Object offset,
        boolean subtract,
        boolean less) {
      long from = (Long) base;
      long by = subtract ? -(Long) offset : (Long) offset;
      long sum = from + by;
      if (((from ^ sum) & (by ^ sum)) < 0) {
        return subtract != less;
      }
      return holds(Long.compare((Long) value, sum), less);
    }
  }

  /** float4 and float8; NaN is greater than everything. */
  private static final class Floats extends RangeOffset {
    @Override
    public void check(Object offset) {
      double by = (Double) offset;
      if (Double.isNaN(by) || by < 0) {
        throw invalid();
      }
    }

    @Override
    public boolean inRange(
        EvalContext context,
        Object value,
        Object base,
        Object offset,
        boolean subtract,
        boolean less) {
      double x = (Double) value;
      double from = (Double) base;
      double by = (Double) offset;
      if (Double.isNaN(x)) {
        return Double.isNaN(from) || !less;
      }
      if (Double.isNaN(from)) {
        return less;
      }
      if (Double.isInfinite(by) && Double.isInfinite(from) && (subtract ? from > 0 : from < 0)) {
        return true;
      }
      double sum = subtract ? from - by : from + by;
      return less ? x <= sum : x >= sum;
    }
  }

  /** numeric; NaN is greater than everything. */
  private static final class Numerics extends RangeOffset {
    @Override
    public void check(Object offset) {
      Numeric by = (Numeric) offset;
      if (by.isNan() || by.signum() < 0) {
        throw invalid();
      }
    }

    @Override
    public boolean inRange(
        EvalContext context,
        Object value,
        Object base,
        Object offset,
        boolean subtract,
        boolean less) {
      Numeric x = (Numeric) value;
      Numeric from = (Numeric) base;
      if (x.isNan()) {
        return from.isNan() || !less;
      }
      if (from.isNan()) {
        return less;
      }
      Numeric sum = subtract ? from.subtract((Numeric) offset) : from.add((Numeric) offset);
      return sum.isNan() || holds(x.compareTo(sum), less);
    }
  }

  /** Times of day, which do not wrap around here. */
  private static final class Times extends RangeOffset {
    @Override
    public void check(Object offset) {
      if (((Interval) offset).micros() < 0) {
        throw invalid();
      }
    }

    @Override
    public boolean inRange(
        EvalContext context,
        Object value,
        Object base,
        Object offset,
        boolean subtract,
        boolean less) {
      long by = ((Interval) offset).micros();
      long from = (Long) base;
      long sum = from + (subtract ? -by : by);
      if (!subtract && sum < from) {
        return less;
      }
      return holds(Long.compare((Long) value, sum), less);
    }
  }

  /** Dates, timestamps, zoned times and intervals. */
  private static final class Moments extends RangeOffset {
    private final int type;

    Moments(int type) {
      this.type = type;
    }

    @Override
    public void check(Object offset) {
      Interval by = (Interval) offset;
      boolean negative =
          type == PgOid.TIMETZ
              ? by.micros() < 0
              : PgTypes.byOid(PgOid.INTERVAL).compare(by, Interval.ZERO) < 0;
      if (negative) {
        throw invalid();
      }
    }

    @Override
    public boolean inRange(
        EvalContext context,
        Object value,
        Object base,
        Object offset,
        boolean subtract,
        boolean less) {
      Interval by = (Interval) offset;
      int sign = subtract ? -1 : 1;
      return switch (type) {
        case PgOid.DATE -> {
          long x = DateTimeArithmetic.dateToTimestamp((Long) value);
          long from = DateTimeArithmetic.dateToTimestamp((Long) base);
          yield holds(Long.compare(x, DateTimeArithmetic.addLocal(from, by, sign)), less);
        }
        case PgOid.TIMESTAMP ->
            holds(
                Long.compare((Long) value, DateTimeArithmetic.addLocal((Long) base, by, sign)),
                less);
        case PgOid.TIMESTAMPTZ ->
            holds(
                Long.compare(
                    (Long) value,
                    DateTimeArithmetic.addInstant((Long) base, by, sign, context.timeZone())),
                less);
        case PgOid.TIMETZ -> {
          TimeTz from = (TimeTz) base;
          TimeTz sum = new TimeTz(from.micros() + sign * by.micros(), from.zoneSeconds());
          yield holds(PgTypes.byOid(type).compare(value, sum), less);
        }
        default -> {
          Interval from = (Interval) base;
          Interval sum =
              DateTimeArithmetic.plus(from, subtract ? DateTimeArithmetic.negate(by) : by);
          yield holds(PgTypes.byOid(type).compare(value, sum), less);
        }
      };
    }
  }
}
