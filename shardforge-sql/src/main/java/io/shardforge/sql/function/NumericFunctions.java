package io.shardforge.sql.function;

import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.NumericMath;
import io.shardforge.sql.type.TypeErrors;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Arithmetic and mathematics of numeric. */
final class NumericFunctions {
  private NumericFunctions() {}

  static void register(FunctionTable t) {
    Class<Numeric> n = Numeric.class;
    t.of("numeric_add", n, n, (_, a, b) -> a.add(b));
    t.of("numeric_sub", n, n, (_, a, b) -> a.subtract(b));
    t.of("numeric_mul", n, n, (_, a, b) -> a.multiply(b));
    t.of("numeric_div", n, n, (_, a, b) -> a.divide(b));
    t.of("numeric_div_trunc", n, n, (_, a, b) -> a.divideTruncated(b));
    t.of("numeric_mod", n, n, (_, a, b) -> a.remainder(b));
    t.of("numeric_uminus", n, (_, a) -> a.negate());
    t.of("numeric_uplus", n, (_, a) -> a);
    t.of("numeric_abs", n, (_, a) -> a.abs());
    t.of("numeric_sign", n, (_, a) -> a.isNan() ? a : Numeric.of(a.signum()));
    t.of("numeric_inc", n, (_, a) -> a.add(Numeric.ONE));
    t.of("numeric_ceil", n, (_, a) -> a.ceiling());
    t.of("numeric_floor", n, (_, a) -> a.floor());
    t.of("numeric_round", n, Long.class, (_, a, d) -> a.round(places(d)));
    t.of("numeric_trunc", n, Long.class, (_, a, d) -> a.truncate(places(d)));
    t.of("round(numeric)", n, (_, a) -> a.round(0));
    t.of("trunc(numeric)", n, (_, a) -> a.truncate(0));
    t.of("log(numeric)", n, (_, a) -> NumericMath.log(Numeric.of(10), a));
    t.of("log10(numeric)", n, (_, a) -> NumericMath.log(Numeric.of(10), a));
    t.of("numeric_sqrt", n, (_, a) -> NumericMath.squareRoot(a));
    t.of("numeric_exp", n, (_, a) -> NumericMath.exp(a));
    t.of("numeric_ln", n, (_, a) -> NumericMath.ln(a));
    t.of("numeric_log", n, n, (_, a, b) -> NumericMath.log(a, b));
    t.of("numeric_power", n, n, (_, a, b) -> NumericMath.power(a, b));
    t.of("numeric_fac", Long.class, (_, a) -> factorial(a));
    t.of("numeric_scale", n, (_, a) -> a.isFinite() ? (Long) (long) a.scale() : null);
    t.of("numeric_min_scale", n, (_, a) -> a.isFinite() ? (Long) (long) minScale(a) : null);
    t.of(
        "numeric_trim_scale",
        n,
        (_, a) -> a.isFinite() ? Numeric.of(a.decimal().setScale(minScale(a))) : a);
    t.of("numeric_gcd", n, n, (_, a, b) -> gcd(a, b));
    t.of("numeric_lcm", n, n, (_, a, b) -> lcm(a, b));
    t.of(
        "width_bucket_numeric",
        n,
        n,
        n,
        Long.class,
        (_, x, low, high, count) -> widthBucket(x, low, high, count));
    t.of(
        "width_bucket_float8",
        Double.class,
        Double.class,
        Double.class,
        Long.class,
        (_, x, low, high, count) -> widthBucket(x, low, high, count));
  }

  private static int places(long digits) {
    return Math.clamp(digits, Short.MIN_VALUE * 4 - 1, Numeric.SCALE_MAX);
  }

  private static int minScale(Numeric a) {
    return a.signum() == 0 ? 0 : Math.max(0, a.decimal().stripTrailingZeros().scale());
  }

  private static Numeric factorial(long n) {
    if (n < 0) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "factorial of a negative number is undefined");
    }
    if (n > 32177) {
      throw TypeErrors.of(
          io.shardforge.storage.error.ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "value overflows numeric format");
    }
    BigInteger product = BigInteger.ONE;
    for (long i = 2; i <= n; i++) {
      product = product.multiply(BigInteger.valueOf(i));
    }
    return Numeric.of(new BigDecimal(product));
  }

  private static Numeric gcd(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite()) {
      return Numeric.NAN;
    }
    int scale = Math.max(a.scale(), b.scale());
    BigInteger x = a.decimal().setScale(scale).unscaledValue();
    BigInteger y = b.decimal().setScale(scale).unscaledValue();
    return Numeric.of(new BigDecimal(x.gcd(y), scale));
  }

  private static Numeric lcm(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite()) {
      return Numeric.NAN;
    }
    int scale = Math.max(a.scale(), b.scale());
    BigInteger x = a.decimal().setScale(scale).unscaledValue();
    BigInteger y = b.decimal().setScale(scale).unscaledValue();
    BigInteger divisor = x.gcd(y);
    return Numeric.of(
        new BigDecimal(
            divisor.signum() == 0 ? BigInteger.ZERO : x.divide(divisor).multiply(y).abs(), scale));
  }

  private static long widthBucket(double x, double low, double high, long count) {
    if (count <= 0) {
      throw bucketError("count must be greater than zero");
    }
    if (Double.isNaN(x) || Double.isNaN(low) || Double.isNaN(high)) {
      throw bucketError("operand, lower bound, and upper bound cannot be NaN");
    }
    if (Double.isInfinite(low) || Double.isInfinite(high)) {
      throw bucketError("lower and upper bounds must be finite");
    }
    if (low == high) {
      throw bucketError("lower bound cannot equal upper bound");
    }
    boolean rising = low < high;
    if (rising ? x < low : x > low) {
      return 0;
    }
    if (rising ? x >= high : x <= high) {
      return count + 1;
    }
    return (long) (count * ((x - low) / (high - low))) + 1;
  }

  private static long widthBucket(Numeric x, Numeric low, Numeric high, long count) {
    int rising = Integer.signum(high.compareTo(low));
    if (low.isFinite() && high.isFinite() && rising != 0 && count > 0 && !x.equals(Numeric.NAN)) {
      if (x.compareTo(low) * rising < 0) {
        return 0;
      }
      if (x.compareTo(high) * rising >= 0) {
        return count + 1;
      }
      BigDecimal distance = x.decimal().subtract(low.decimal());
      return distance
              .multiply(BigDecimal.valueOf(count))
              .divideToIntegralValue(high.decimal().subtract(low.decimal()))
              .longValueExact()
          + 1;
    }
    return widthBucket(special(x), special(low), special(high), count);
  }

  /** Where a number is beside all finite ones; 0 for one of these. */
  private static double special(Numeric a) {
    return a.isFinite() ? 0 : a.toDouble();
  }

  private static RuntimeException bucketError(String message) {
    return TypeErrors.of(
        io.shardforge.storage.error.ErrorCode.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, message);
  }
}
