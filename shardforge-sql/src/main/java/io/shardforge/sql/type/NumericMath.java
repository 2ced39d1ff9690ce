package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Roots, exponentials and logarithms of numerics, with the scales that PostgreSQL chooses for
 * results: at least 16 significant digits.
 */
public final class NumericMath {
  private static final int GUARD_DIGITS = 12;
  private static final double LOG10_E = 0.434294481903252;
  private static final double LN_10 = 2.302585092994046;

  private NumericMath() {}

  public static Numeric squareRoot(Numeric a) {
    if (a.isNan() || (a.isInfinite() && a.signum() > 0)) {
      return a;
    }
    if (a.signum() < 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "cannot take square root of a negative number");
    }
    BigDecimal value = a.decimal();
    int weight = Numeric.baseWeight(value);
    int resultWeight = weight >= 0 ? (weight + 1) * 4 / 2 - 1 : 1 - (1 - weight * 4) / 2;
    int scale =
        Math.clamp(
            Math.max(Numeric.SIGNIFICANT_DIGITS_MIN - resultWeight, a.scale()),
            0,
            Numeric.DISPLAY_SCALE_MAX);
    if (value.signum() == 0) {
      return Numeric.of(BigDecimal.ZERO.setScale(scale));
    }
    return Numeric.of(squareRoot(value, scale));
  }

  /** The root with {@code scale} digits after the point. */
  public static BigDecimal squareRoot(BigDecimal value, int scale) {
    // Scale up to an integer with two guard digits, take the integer root, round.
    BigInteger scaled =
        value.movePointRight(2 * (scale + 2)).setScale(0, RoundingMode.DOWN).toBigInteger();
    return new BigDecimal(scaled.sqrt(), scale + 2).setScale(scale, RoundingMode.HALF_UP);
  }

  /** The scale that PostgreSQL gives a quotient. */
  public static int quotientScale(BigDecimal dividend, BigDecimal divisor) {
    return Numeric.quotientScale(dividend, divisor);
  }

  public static Numeric exp(Numeric a) {
    if (a.isNan() || (a.isInfinite() && a.signum() > 0)) {
      return a;
    }
    if (a.isInfinite()) {
      return Numeric.ZERO;
    }
    double weight = Math.max(a.toDouble() * LOG10_E, -Numeric.SCALE_MAX);
    if (weight >= Numeric.INTEGER_DIGITS_MAX) {
      throw Numeric.overflow();
    }
    int scale =
        Math.clamp(
            Math.max(Numeric.SIGNIFICANT_DIGITS_MIN - (long) (int) weight, a.scale()),
            0,
            Numeric.DISPLAY_SCALE_MAX);
    if (weight < -scale - 5.0) {
      return Numeric.of(BigDecimal.ZERO.setScale(scale));
    }
    return Numeric.of(exp(a.decimal(), scale, weight).setScale(scale, RoundingMode.HALF_UP));
  }

  private static BigDecimal exp(BigDecimal x, int scale, double weight) {
    int digits = scale + Math.max(0, (int) weight) + GUARD_DIGITS;
    int halvings = Math.max(0, x.precision() - x.scale()) * 4 + 8;
    MathContext context = new MathContext(digits + halvings / 3 + 4, RoundingMode.HALF_EVEN);
    BigDecimal reduced = x.divide(new BigDecimal(BigInteger.ONE.shiftLeft(halvings)), context);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    BigDecimal limit = BigDecimal.ONE.movePointLeft(context.getPrecision() + 2);
    for (int i = 1; term.abs().compareTo(limit) > 0; i++) {
      term = term.multiply(reduced, context).divide(BigDecimal.valueOf(i), context);
      sum = sum.add(term, context);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, context);
    }
    return sum;
  }

  private static void checkLogarithm(Numeric a) {
    if (a.isNan()) {
      return;
    }
    if (a.signum() < 0) {
      throw logarithmError("cannot take logarithm of a negative number");
    }
    if (a.signum() == 0) {
      throw logarithmError("cannot take logarithm of zero");
    }
  }

  private static ShardForgeException logarithmError(String message) {
    return TypeErrors.of(ErrorCode.INVALID_ARGUMENT_FOR_LOGARITHM, message);
  }

  public static Numeric ln(Numeric a) {
    checkLogarithm(a);
    if (!a.isFinite()) {
      return a;
    }
    int scale =
        Math.clamp(
            Math.max(Numeric.SIGNIFICANT_DIGITS_MIN - lnWeight(a.decimal()), a.scale()),
            0,
            Numeric.DISPLAY_SCALE_MAX);
    return Numeric.of(ln(a.decimal(), scale + GUARD_DIGITS).setScale(scale, RoundingMode.HALF_UP));
  }

  /** The decimal weight of ln(x), roughly. */
  private static int lnWeight(BigDecimal x) {
    BigDecimal distance = x.subtract(BigDecimal.ONE);
    if (x.compareTo(new BigDecimal("0.9")) >= 0 && x.compareTo(new BigDecimal("1.1")) <= 0) {
      if (distance.signum() == 0) {
        return 0;
      }
      int weight = Numeric.baseWeight(distance);
      int first =
          distance.abs().scaleByPowerOfTen(-4 * weight).setScale(0, RoundingMode.DOWN).intValue();
      return weight * 4 + (int) Math.log10(first);
    }
    int exponent = x.precision() - x.scale() - 1;
    double mantissa = x.movePointLeft(exponent).doubleValue();
    double approximate = Math.log(mantissa) + exponent * LN_10;
    return (int) Math.log10(Math.abs(approximate));
  }

  /** ln(x) with {@code digits} digits after the point. */
  private static BigDecimal ln(BigDecimal x, int digits) {
    int exponentDigits = Math.abs(x.precision() - x.scale());
    MathContext context =
        new MathContext(digits + 10 + Integer.toString(exponentDigits).length() + 8);
    // Square roots bring the argument near 1, where the series of the inverse tangent converges.
    BigDecimal root = x;
    int roots = 0;
    BigDecimal low = new BigDecimal("0.9");
    BigDecimal high = new BigDecimal("1.1");
    while (root.compareTo(low) < 0 || root.compareTo(high) > 0) {
      root = root.sqrt(context);
      roots++;
    }
    BigDecimal z = root.subtract(BigDecimal.ONE).divide(root.add(BigDecimal.ONE), context);
    BigDecimal square = z.multiply(z, context);
    BigDecimal sum = z;
    BigDecimal power = z;
    BigDecimal limit = BigDecimal.ONE.movePointLeft(context.getPrecision() + 2);
    for (int i = 3; power.abs().compareTo(limit) > 0; i += 2) {
      power = power.multiply(square, context);
      sum = sum.add(power.divide(BigDecimal.valueOf(i), context), context);
    }
    return sum.multiply(new BigDecimal(BigInteger.TWO.pow(roots + 1)), context);
  }

  public static Numeric log(Numeric base, Numeric a) {
    checkLogarithm(base);
    checkLogarithm(a);
    if (base.isNan() || a.isNan()) {
      return Numeric.NAN;
    }
    if (base.isInfinite()) {
      return a.isInfinite() ? Numeric.NAN : Numeric.ZERO;
    }
    if (a.isInfinite()) {
      return a;
    }
    int scale =
        Math.clamp(
            Math.max(
                Numeric.SIGNIFICANT_DIGITS_MIN - (lnWeight(a.decimal()) - lnWeight(base.decimal())),
                Math.max(base.scale(), a.scale())),
            0,
            Numeric.DISPLAY_SCALE_MAX);
    BigDecimal divisor = ln(base.decimal(), scale + GUARD_DIGITS * 2);
    if (divisor.signum() == 0) {
      throw TypeErrors.divisionByZero();
    }
    return Numeric.of(
        ln(a.decimal(), scale + GUARD_DIGITS * 2).divide(divisor, scale, RoundingMode.HALF_UP));
  }

  public static Numeric power(Numeric a, Numeric b) {
    if (!a.isFinite() || !b.isFinite()) {
      return powerSpecial(a, b);
    }
    BigDecimal base = a.decimal();
    BigDecimal exponent = b.decimal();
    if (base.signum() == 0 && exponent.signum() < 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    boolean integer = exponent.stripTrailingZeros().scale() <= 0;
    if (base.signum() < 0 && !integer) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (base.signum() == 0) {
      return Numeric.of(
          (exponent.signum() == 0 ? BigDecimal.ONE : BigDecimal.ZERO)
              .setScale(Numeric.SIGNIFICANT_DIGITS_MIN));
    }
    double weight = log10(base.abs()) * exponent.doubleValue();
    if (weight > Numeric.INTEGER_DIGITS_MAX) {
      throw Numeric.overflow();
    }
    if (weight + 1 < -Numeric.DISPLAY_SCALE_MAX) {
      boolean small = integer && exponent.abs().compareTo(BigDecimal.valueOf(1L << 31)) <= 0;
      return Numeric.of(
          BigDecimal.ZERO.setScale(
              small ? Numeric.SIGNIFICANT_DIGITS_MIN : Numeric.DISPLAY_SCALE_MAX));
    }
    boolean exact = integer && exponent.abs().compareTo(BigDecimal.valueOf(999_999_999)) < 0;
    int scale =
        Math.clamp(
            exact
                ? Math.max(Numeric.SIGNIFICANT_DIGITS_MIN, a.scale())
                : Math.max(
                    Numeric.SIGNIFICANT_DIGITS_MIN - (long) (int) weight,
                    Math.max(a.scale(), b.scale())),
            0,
            Numeric.DISPLAY_SCALE_MAX);
    BigDecimal result;
    if (exact) {
      int digits = scale + Math.max(0, (int) weight) + GUARD_DIGITS + 10;
      result = base.pow(exponent.intValue(), new MathContext(digits));
    } else {
      int extra = Math.max(0, exponent.precision() - exponent.scale());
      BigDecimal product =
          ln(base.abs(), scale + Math.max(0, (int) weight) + GUARD_DIGITS + extra)
              .multiply(exponent);
      result = exp(product, scale + GUARD_DIGITS, weight);
      if (base.signum() < 0 && exponent.toBigInteger().testBit(0)) {
        result = result.negate();
      }
    }
    return Numeric.of(result.setScale(scale, RoundingMode.HALF_UP));
  }

  private static double log10(BigDecimal x) {
    int exponent = x.precision() - x.scale() - 1;
    return Math.log10(x.movePointLeft(exponent).doubleValue()) + exponent;
  }

  private static Numeric powerSpecial(Numeric a, Numeric b) {
    if (a.isNan()) {
      return b.isFinite() && b.signum() == 0 ? Numeric.ONE : a;
    }
    if (b.isNan()) {
      return a.equals(Numeric.ONE) ? Numeric.ONE : b;
    }
    if (b.isFinite()) {
      if (b.signum() == 0) {
        return Numeric.ONE;
      }
      if (b.signum() < 0) {
        return Numeric.ZERO;
      }
      boolean odd =
          b.decimal().stripTrailingZeros().scale() <= 0 && b.decimal().toBigInteger().testBit(0);
      if (a.signum() < 0 && b.decimal().stripTrailingZeros().scale() > 0) {
        throw TypeErrors.of(
            ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
            "a negative number raised to a non-integer power yields a complex result");
      }
      return a.signum() < 0 && odd ? Numeric.NEGATIVE_INFINITY : Numeric.INFINITY;
    }
    if (a.signum() == 0 && b.signum() < 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    int magnitude = a.abs().compareTo(Numeric.ONE);
    if (magnitude == 0) {
      return Numeric.ONE;
    }
    return (magnitude > 0) == (b.signum() > 0) ? Numeric.INFINITY : Numeric.ZERO;
  }
}
