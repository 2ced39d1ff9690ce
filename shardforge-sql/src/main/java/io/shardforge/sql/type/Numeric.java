package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A numeric: an exact decimal with its display scale, or NaN, Infinity or -Infinity. Equality and
 * order are SQL's (1.0 equals 1.00, NaN equals itself and is the greatest). Immutable.
 */
public final class Numeric implements Comparable<Numeric> {
  public static final Numeric NAN = new Numeric(null, 2);
  public static final Numeric INFINITY = new Numeric(null, 1);
  public static final Numeric NEGATIVE_INFINITY = new Numeric(null, -1);
  public static final Numeric ZERO = new Numeric(BigDecimal.ZERO, 0);
  public static final Numeric ONE = new Numeric(BigDecimal.ONE, 0);

  static final int SCALE_MAX = 16383;
  static final int INTEGER_DIGITS_MAX = 131072;
  static final int DISPLAY_SCALE_MAX = 1000;
  static final int SIGNIFICANT_DIGITS_MIN = 16;
  public static final int PRECISION_MAX = 1000;

  private final @Nullable BigDecimal value;

  /** 0 finite, 2 NaN, else the sign of an infinity. */
  private final int special;

  private Numeric(@Nullable BigDecimal value, int special) {
    this.value = value;
    this.special = special;
  }

  /** A finite value whose scale is its display scale; 22003 beyond what PostgreSQL can hold. */
  public static Numeric of(BigDecimal decimal) {
    BigDecimal scaled = decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    if (scaled.scale() > SCALE_MAX) {
      scaled = scaled.setScale(SCALE_MAX, RoundingMode.HALF_UP);
    }
    if (scaled.precision() - scaled.scale() > INTEGER_DIGITS_MAX) {
      throw overflow();
    }
    return new Numeric(scaled, 0);
  }

  public static Numeric of(long number) {
    return new Numeric(BigDecimal.valueOf(number), 0);
  }

  /** float8 to numeric as the cast does it: 15 significant digits. */
  public static Numeric of(double number) {
    return ofFloat(number, 15);
  }

  static Numeric ofFloat(double number, int digits) {
    if (Double.isNaN(number)) {
      return NAN;
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? INFINITY : NEGATIVE_INFINITY;
    }
    BigDecimal rounded =
        new BigDecimal(number).round(new java.math.MathContext(digits, RoundingMode.HALF_EVEN));
    BigDecimal stripped = rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
    return of(stripped);
  }

  /** float4 to numeric: 6 significant digits. */
  public static Numeric ofSingle(double number) {
    return ofFloat(number, 6);
  }

  static ShardForgeException overflow() {
    return new ShardForgeException(
        ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }

  /** Reads numeric's text form. */
  public static Numeric parse(String text) {
    String word = Text.stripSpace(text);
    String lower = word.length() <= 9 ? word.toLowerCase(Locale.ROOT) : "";
    switch (lower) {
      case "nan" -> {
        return NAN;
      }
      case "infinity", "+infinity", "inf", "+inf" -> {
        return INFINITY;
      }
      case "-infinity", "-inf" -> {
        return NEGATIVE_INFINITY;
      }
      default -> {}
    }
    int sign = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
    if (word.length() > sign + 2 && word.charAt(sign) == '0') {
      int radix =
          switch (word.charAt(sign + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
          };
      if (radix != 10) {
        return parseRadix(text, word, sign, radix);
      }
    }
    return parseDecimal(text, word, sign);
  }

  private static Numeric parseRadix(String text, String word, int sign, int radix) {
    StringBuilder digits = new StringBuilder();
    for (int i = sign + 2; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '_' && i + 1 < word.length() && word.charAt(i + 1) != '_') {
        continue;
      }
      if (c >= 0x80 || Character.digit(c, radix) < 0) {
        throw TypeErrors.invalidText("numeric", text);
      }
      digits.append(c);
    }
    if (digits.length() > INTEGER_DIGITS_MAX) {
      throw overflow();
    }
    BigInteger magnitude = new BigInteger(digits.toString(), radix);
    return of(new BigDecimal(word.charAt(0) == '-' ? magnitude.negate() : magnitude));
  }

  private static Numeric parseDecimal(String text, String word, int sign) {
    int length = word.length();
    StringBuilder digits = new StringBuilder(length);
    if (sign == 1 && word.charAt(0) == '-') {
      digits.append('-');
    }
    boolean any = false;
    boolean point = false;
    int scale = 0;
    int i = sign;
    for (; i < length; i++) {
      char c = word.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
        any = true;
        scale += point ? 1 : 0;
      } else if (c == '.' && !point) {
        point = true;
      } else if (c != '_'
          || i == sign
          || !isDigit(word.charAt(i - 1))
          || i + 1 == length
          || !isDigit(word.charAt(i + 1))) {
        break;
      }
    }
    if (!any) {
      throw TypeErrors.invalidText("numeric", text);
    }
    long exponent = 0;
    if (i < length && (word.charAt(i) == 'e' || word.charAt(i) == 'E')) {
      i++;
      boolean negative = i < length && word.charAt(i) == '-';
      if (i < length && (word.charAt(i) == '-' || word.charAt(i) == '+')) {
        i++;
      }
      int start = i;
      for (; i < length; i++) {
        char c = word.charAt(i);
        if (c == '_' && i > start && i + 1 < length && isDigit(word.charAt(i + 1))) {
          continue;
        }
        if (!isDigit(c)) {
          break;
        }
        exponent = Math.min(exponent * 10 + (c - '0'), Integer.MAX_VALUE);
      }
      if (i == start) {
        throw TypeErrors.invalidText("numeric", text);
      }
      exponent = negative ? -exponent : exponent;
    }
    if (i < length) {
      throw TypeErrors.invalidText("numeric", text);
    }
    if (Math.abs(exponent) >= Integer.MAX_VALUE / 2) {
      throw overflow();
    }
    BigInteger unscaled = new BigInteger(digits.toString());
    long newScale = scale - exponent;
    if (unscaled.signum() == 0) {
      return of(BigDecimal.ZERO.setScale(Math.clamp(newScale, 0, SCALE_MAX)));
    }
    if (newScale < -INTEGER_DIGITS_MAX) {
      throw overflow();
    }
    if (newScale > SCALE_MAX) {
      BigDecimal tiny = new BigDecimal(unscaled, (int) Math.min(newScale, Integer.MAX_VALUE / 2));
      if (tiny.precision() - (long) tiny.scale() < -SCALE_MAX) {
        return of(BigDecimal.ZERO.setScale(SCALE_MAX));
      }
      return of(tiny.setScale(SCALE_MAX, RoundingMode.HALF_UP));
    }
    return of(new BigDecimal(unscaled, (int) newScale));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  public boolean isNan() {
    return special == 2;
  }

  public boolean isInfinite() {
    return special == 1 || special == -1;
  }

  public boolean isFinite() {
    return special == 0;
  }

  /** The decimal of a finite value. */
  public BigDecimal decimal() {
    if (value == null) {
      throw new ArithmeticException(this + " has no decimal");
    }
    return value;
  }

  /** -1, 0 or 1; NaN counts as positive. */
  public int signum() {
    return value != null ? value.signum() : special < 0 ? -1 : 1;
  }

  /** The display scale. */
  public int scale() {
    return value == null ? 0 : value.scale();
  }

  public double toDouble() {
    if (value == null) {
      return special == 2
          ? Double.NaN
          : special > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    return value.doubleValue();
  }

  /** Rounded half away from zero to an integer between the bounds; 22003 naming the type. */
  public long toLong(long min, long max, String type) {
    if (value == null) {
      throw TypeErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "cannot convert " + (isNan() ? "NaN" : "infinity") + " to " + type);
    }
    if (value.precision() - value.scale() <= 20) {
      BigInteger rounded = value.setScale(0, RoundingMode.HALF_UP).toBigInteger();
      if (rounded.bitLength() <= 63) {
        long number = rounded.longValue();
        if (number >= min && number <= max) {
          return number;
        }
      }
    }
    throw TypeErrors.outOfRange(type);
  }

  public Numeric negate() {
    return value != null ? new Numeric(value.negate(), 0) : infinityOrNan(-special);
  }

  private static Numeric infinityOrNan(int special) {
    return switch (special) {
      case 1 -> INFINITY;
      case -1 -> NEGATIVE_INFINITY;
      default -> NAN;
    };
  }

  public Numeric abs() {
    return signum() < 0 ? negate() : this;
  }

  public Numeric add(Numeric other) {
    if (value != null && other.value != null) {
      return of(value.add(other.value));
    }
    if (isNan() || other.isNan()) {
      return NAN;
    }
    if (value == null && other.value == null) {
      return special == other.special ? this : NAN;
    }
    return value == null ? this : other;
  }

  public Numeric subtract(Numeric other) {
    return add(other.negate());
  }

  public Numeric multiply(Numeric other) {
    if (value != null && other.value != null) {
      return of(value.multiply(other.value));
    }
    if (isNan() || other.isNan()) {
      return NAN;
    }
    int sign = signum() * other.signum();
    return sign == 0 ? NAN : infinityOrNan(sign);
  }

  public Numeric divide(Numeric other) {
    Numeric odd = divideSpecial(other);
    if (odd != null) {
      return odd;
    }
    BigDecimal divisor = other.decimal();
    if (divisor.signum() == 0) {
      throw TypeErrors.divisionByZero();
    }
    int scale = quotientScale(decimal(), divisor);
    return of(decimal().divide(divisor, scale, RoundingMode.HALF_UP));
  }

  private @Nullable Numeric divideSpecial(Numeric other) {
    if (value != null && other.value != null) {
      return null;
    }
    if (isNan() || other.isNan()) {
      return NAN;
    }
    if (value == null) {
      if (other.value == null) {
        return NAN;
      }
      if (other.signum() == 0) {
        throw TypeErrors.divisionByZero();
      }
      return infinityOrNan(special * other.signum());
    }
    return ZERO;
  }

  /** Integer quotient, truncated. */
  public Numeric divideTruncated(Numeric other) {
    Numeric odd = divideSpecial(other);
    if (odd != null) {
      return odd;
    }
    if (other.signum() == 0) {
      throw TypeErrors.divisionByZero();
    }
    return of(decimal().divideToIntegralValue(other.decimal()).setScale(0, RoundingMode.DOWN));
  }

  public Numeric remainder(Numeric other) {
    if (isNan() || other.isNan()) {
      return NAN;
    }
    if (value == null) {
      if (other.value != null && other.signum() == 0) {
        throw TypeErrors.divisionByZero();
      }
      return NAN;
    }
    if (other.value == null) {
      return this;
    }
    if (other.signum() == 0) {
      throw TypeErrors.divisionByZero();
    }
    int scale = Math.max(scale(), other.scale());
    return of(value.remainder(other.value).setScale(scale, RoundingMode.UNNECESSARY));
  }

  /** PostgreSQL's scale of a quotient: at least 16 significant digits, and both scales. */
  static int quotientScale(BigDecimal dividend, BigDecimal divisor) {
    int weight1 = baseWeight(dividend);
    int weight2 = baseWeight(divisor);
    int quotientWeight = weight1 - weight2;
    if (firstBaseDigit(dividend, weight1) <= firstBaseDigit(divisor, weight2)) {
      quotientWeight--;
    }
    int scale = SIGNIFICANT_DIGITS_MIN - quotientWeight * 4;
    scale = Math.max(scale, Math.max(dividend.scale(), divisor.scale()));
    return Math.clamp(scale, 0, DISPLAY_SCALE_MAX);
  }

  /** The weight of the first non-zero digit in base 10000, as PostgreSQL stores numbers. */
  static int baseWeight(BigDecimal decimal) {
    if (decimal.signum() == 0) {
      return 0;
    }
    return Math.floorDiv(decimal.precision() - decimal.scale() - 1, 4);
  }

  private static int firstBaseDigit(BigDecimal decimal, int weight) {
    return decimal.abs().scaleByPowerOfTen(-4 * weight).setScale(0, RoundingMode.DOWN).intValue();
  }

  /** Rounded half away from zero at {@code digits} after the point, which may be negative. */
  public Numeric round(int digits) {
    return rescale(digits, RoundingMode.HALF_UP);
  }

  public Numeric truncate(int digits) {
    return rescale(digits, RoundingMode.DOWN);
  }

  private Numeric rescale(int digits, RoundingMode mode) {
    if (value == null) {
      return this;
    }
    int scale = Math.clamp(digits, -INTEGER_DIGITS_MAX, SCALE_MAX);
    if (scale < 0 && value.precision() - value.scale() < -scale) {
      return ZERO;
    }
    BigDecimal rounded = value.setScale(scale, mode);
    return of(scale < 0 ? rounded.setScale(0, RoundingMode.UNNECESSARY) : rounded);
  }

  public Numeric ceiling() {
    return value == null ? this : of(value.setScale(0, RoundingMode.CEILING));
  }

  public Numeric floor() {
    return value == null ? this : of(value.setScale(0, RoundingMode.FLOOR));
  }

  /** Fitted to numeric(precision, scale): rounded, or 22003. */
  Numeric fit(int typmod) {
    int precision = (typmod - 4) >> 16 & 0xFFFF;
    int scale = ((typmod - 4 & 0x7FF) ^ 1024) - 1024;
    if (value == null) {
      if (isNan()) {
        return this;
      }
      throw new ShardForgeException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
          .withDetail(
              "A field with precision "
                  + precision
                  + ", scale "
                  + scale
                  + " cannot hold an infinite value.");
    }
    if (scale == value.scale() && value.precision() <= precision) {
      return this;
    }
    BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
    if (rounded.signum() != 0 && rounded.precision() - scale > precision - scale) {
      int digits = precision - scale;
      throw new ShardForgeException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
          .withDetail(
              "A field with precision "
                  + precision
                  + ", scale "
                  + scale
                  + " must round to an absolute value less than "
                  + (digits == 0 ? "1" : "10^" + digits)
                  + ".");
    }
    return of(scale < 0 ? rounded.setScale(0, RoundingMode.UNNECESSARY) : rounded);
  }

  @Override
  public int compareTo(Numeric other) {
    if (value != null && other.value != null) {
      return value.compareTo(other.value);
    }
    return Integer.compare(special, other.special);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Numeric numeric && compareTo(numeric) == 0;
  }

  @Override
  public int hashCode() {
    if (value == null) {
      return special;
    }
    return value.signum() == 0 ? 0 : value.stripTrailingZeros().hashCode();
  }

  @Override
  public String toString() {
    if (value == null) {
      return special == 2 ? "NaN" : special > 0 ? "Infinity" : "-Infinity";
    }
    return value.toPlainString();
  }
}
