package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.NumericMath;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variance, deviation, correlation and regression. */
final class StatisticalAggregates {
  private static final Map<String, FloatMoments.Result> MOMENTS =
      Map.of(
          "variance", FloatMoments.Result.VARIANCE_SAMPLE,
          "var_samp", FloatMoments.Result.VARIANCE_SAMPLE,
          "var_pop", FloatMoments.Result.VARIANCE_POPULATION,
          "stddev", FloatMoments.Result.DEVIATION_SAMPLE,
          "stddev_samp", FloatMoments.Result.DEVIATION_SAMPLE,
          "stddev_pop", FloatMoments.Result.DEVIATION_POPULATION);

  private StatisticalAggregates() {}

  static void register(FunctionTable t) {
    MOMENTS.forEach((name, result) -> {
      for (String type : List.of("float4", "float8")) {
        t.aggregate(name + "(" + type + ")", () -> new FloatMoments(result));
      }
      for (String type : List.of("int2", "int4", "int8", "numeric")) {
        t.aggregate(name + "(" + type + ")", () -> new NumericMoments(result));
      }
    });
    for (Regression.Result result : Regression.Result.values()) {
      t.aggregate(
          result.name().toLowerCase(java.util.Locale.ROOT) + "(float8,float8)",
          () -> new Regression(result));
    }
  }

  /** Exact variance of integers and numerics. */
  private static final class NumericMoments implements Accumulator {
    private final FloatMoments.Result wanted;
    private long count;
    private BigDecimal sum = BigDecimal.ZERO;
    private BigDecimal squares = BigDecimal.ZERO;
    private boolean undefined;

    NumericMoments(FloatMoments.Result wanted) {
      this.wanted = wanted;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      Object argument = arguments[0];
      if (argument == null) {
        return;
      }
      count++;
      if (argument instanceof Numeric numeric && !numeric.isFinite()) {
        undefined = true;
        return;
      }
      BigDecimal value =
          argument instanceof Numeric numeric
              ? numeric.decimal()
              : BigDecimal.valueOf((Long) argument);
      sum = sum.add(value);
      squares = squares.add(value.multiply(value));
    }

    @Override
    public void merge(Accumulator other) {
      NumericMoments that = (NumericMoments) other;
      count += that.count;
      sum = sum.add(that.sum);
      squares = squares.add(that.squares);
      undefined |= that.undefined;
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      boolean sample =
          wanted == FloatMoments.Result.VARIANCE_SAMPLE
              || wanted == FloatMoments.Result.DEVIATION_SAMPLE;
      if (count < (sample ? 2 : 1)) {
        return null;
      }
      if (undefined) {
        return Numeric.NAN;
      }
      BigDecimal n = BigDecimal.valueOf(count);
      BigDecimal numerator = squares.multiply(n).subtract(sum.multiply(sum));
      if (numerator.signum() <= 0) {
        return Numeric.ZERO;
      }
      BigDecimal denominator = n.multiply(sample ? BigDecimal.valueOf(count - 1) : n);
      int scale = NumericMath.quotientScale(numerator, denominator);
      BigDecimal variance = numerator.divide(denominator, scale, RoundingMode.HALF_UP);
      boolean deviation =
          wanted == FloatMoments.Result.DEVIATION_SAMPLE
              || wanted == FloatMoments.Result.DEVIATION_POPULATION;
      return Numeric.of(deviation ? NumericMath.squareRoot(variance, scale) : variance);
    }
  }

  /** Covariance, correlation and linear regression of (y, x). */
  private static final class Regression implements Accumulator {
    /** What to report, named as the aggregate. */
    enum Result {
      COVAR_POP,
      COVAR_SAMP,
      CORR,
      REGR_COUNT,
      REGR_SXX,
      REGR_SYY,
      REGR_SXY,
      REGR_AVGX,
      REGR_AVGY,
      REGR_R2,
      REGR_SLOPE,
      REGR_INTERCEPT
    }

    private final Result wanted;
    private double n;
    private double sumX;
    private double sumY;
    private double sxx;
    private double syy;
    private double sxy;

    Regression(Result wanted) {
      this.wanted = wanted;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (!(arguments[0] instanceof Double y) || !(arguments[1] instanceof Double x)) {
        return;
      }
      n++;
      sumX += x;
      sumY += y;
      if (n > 1) {
        double dx = x * n - sumX;
        double dy = y * n - sumY;
        double scale = 1 / (n * (n - 1));
        sxx += dx * dx * scale;
        syy += dy * dy * scale;
        sxy += dx * dy * scale;
      } else {
        // One infinite value leaves nothing to compute, as a difference of later ones would not.
        sxx = Double.isFinite(x) ? 0 : Double.NaN;
        syy = Double.isFinite(y) ? 0 : Double.NaN;
        sxy = sxx + syy;
      }
    }

    @Override
    public void merge(Accumulator other) {
      Regression that = (Regression) other;
      if (that.n == 0) {
        return;
      }
      if (n > 0) {
        double total = n + that.n;
        double dx = sumX / n - that.sumX / that.n;
        double dy = sumY / n - that.sumY / that.n;
        double scale = n * that.n / total;
        sxx += dx * dx * scale;
        syy += dy * dy * scale;
        sxy += dx * dy * scale;
      }
      n += that.n;
      sumX += that.sumX;
      sumY += that.sumY;
      sxx += that.sxx;
      syy += that.syy;
      sxy += that.sxy;
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      if (wanted == Result.REGR_COUNT) {
        return (long) n;
      }
      if (n < (wanted == Result.COVAR_SAMP ? 2 : 1)) {
        return null;
      }
      return switch (wanted) {
        case REGR_COUNT -> (long) n;
        case COVAR_POP -> sxy / n;
        case COVAR_SAMP -> sxy / (n - 1);
        case CORR -> sxx == 0 || syy == 0 ? null : sxy / Math.sqrt(sxx * syy);
        case REGR_SXX -> sxx;
        case REGR_SYY -> syy;
        case REGR_SXY -> sxy;
        case REGR_AVGX -> sumX / n;
        case REGR_AVGY -> sumY / n;
        case REGR_R2 -> sxx == 0 ? null : syy == 0 ? 1.0 : sxy * sxy / (sxx * syy);
        case REGR_SLOPE -> sxx == 0 ? null : sxy / sxx;
        case REGR_INTERCEPT -> sxx == 0 ? null : (sumY - sumX * sxy / sxx) / n;
      };
    }
  }
}
