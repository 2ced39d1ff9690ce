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
 *
 * <p>Nearly all values have at most 18 digits. Those are kept as a long and its scale, and added,
 * multiplied and compared as such while nothing overflows; the decimal is made when it is asked
 * for.
 */
public final class Numeric implements Comparable<Numeric> {
  public static final Numeric NAN = new Numeric(2);
  public static final Numeric INFINITY = new Numeric(1);
  public static final Numeric NEGATIVE_INFINITY = new Numeric(-1);
  public static final Numeric ZERO = new Numeric(0, 0);
  public static final Numeric ONE = new Numeric(1, 0);

  public static final int SCALE_MAX = 16383;
  static final int INTEGER_DIGITS_MAX = 131072;
  static final int DISPLAY_SCALE_MAX = 1000;
  static final int SIGNIFICANT_DIGITS_MIN = 16;
  public static final int PRECISION_MAX = 1000;

  /** The scale of a value that is not kept as a long. */
  private static final int WIDE = -1;

  /** More than this is not kept as a long, so that powers of ten fit into one, too. */
  private static final int LONG_SCALE_MAX = 18;

  private static final long[] POWERS_OF_TEN = new long[LONG_SCALE_MAX + 1];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
    }
  }

  /** The value without its point if {@link #longScale} says so; else 0 finite, 2 NaN, or a sign. */
  private final long unscaled;

  private final int longScale;

  /** The decimal of a finite value; if that is kept as a long, once it was asked for. */
  private @Nullable BigDecimal value;

  private Numeric(long unscaled, int scale) {
    this.unscaled = unscaled;
    this.longScale = scale;
  }

  private Numeric(BigDecimal value) {
    this.unscaled = 0;
    this.longScale = WIDE;
    this.value = value;
  }

  private Numeric(int special) {
    this.unscaled = special;
    this.longScale = WIDE;
  }

  private boolean isLong() {
    return longScale != WIDE;
  }

  /** A number of units of ten to the minus {@code scale}, which is its display scale, 0 or more. */
  public static Numeric of(long unscaled, int scale) {
    return scale <= LONG_SCALE_MAX
        ? new Numeric(unscaled, scale)
        : of(BigDecimal.valueOf(unscaled, scale));
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
    if (scaled.precision() <= LONG_SCALE_MAX && scaled.scale() <= LONG_SCALE_MAX) {
      return new Numeric(scaled.unscaledValue().longValue(), scaled.scale());
    }
    return new Numeric(scaled);
  }

  public static Numeric of(long number) {
    return new Numeric(number, 0);
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
    return special() == 2;
  }

  public boolean isInfinite() {
    return special() == 1 || special() == -1;
  }

  public boolean isFinite() {
    return special() == 0;
  }

  /** 0 finite, 2 NaN, else the sign of an infinity. */
  private int special() {
    return isLong() ? 0 : (int) unscaled;
  }

  /** The decimal of a finite value. */
  public BigDecimal decimal() {
    BigDecimal decimal = value;
    if (decimal == null) {
      if (!isLong()) {
        throw new ArithmeticException(this + " has no decimal");
      }
      decimal = BigDecimal.valueOf(unscaled, longScale);
      value = decimal;
    }
    return decimal;
  }

  /** Whether {@link #unscaled} tells the value. */
  public boolean isCompact() {
    return isLong();
  }

  /** The digits of a compact value: it is this many units of ten to the minus {@link #scale}. */
  public long unscaled() {
    return unscaled;
  }

  /** -1, 0 or 1; NaN counts as positive. */
  public int signum() {
    if (isLong()) {
      return Long.signum(unscaled);
    }
    return isFinite() ? decimal().signum() : unscaled < 0 ? -1 : 1;
  }

  /** The display scale. */
  public int scale() {
    return isLong() ? longScale : isFinite() ? decimal().scale() : 0;
  }

  public double toDouble() {
    if (!isFinite()) {
      return isNan()
          ? Double.NaN
          : unscaled > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    return decimal().doubleValue();
  }

  /** Rounded half away from zero to an integer between the bounds; 22003 naming the type. */
  public long toLong(long min, long max, String type) {
    if (!isFinite()) {
      throw TypeErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "cannot convert " + (isNan() ? "NaN" : "infinity") + " to " + type);
    }
    BigDecimal decimal = decimal();
    if (decimal.precision() - decimal.scale() <= 20) {
      BigInteger rounded = decimal.setScale(0, RoundingMode.HALF_UP).toBigInteger();
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
    if (isLong() && unscaled != Long.MIN_VALUE) {
      return new Numeric(-unscaled, longScale);
    }
    return isFinite() ? of(decimal().negate()) : infinityOrNan(-special());
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
    if (isLong() && other.isLong() && longScale == other.longScale) {
      long sum = unscaled + other.unscaled;
      if (((unscaled ^ sum) & (other.unscaled ^ sum)) >= 0) {
        return new Numeric(sum, longScale);
      }
    }
    if (isFinite() && other.isFinite()) {
      return of(decimal().add(other.decimal()));
    }
    if (isNan() || other.isNan()) {
      return NAN;
    }
    if (!isFinite() && !other.isFinite()) {
      return special() == other.special() ? this : NAN;
    }
    return isFinite() ? other : this;
  }

  public Numeric subtract(Numeric other) {
    return add(other.negate());
  }

  public Numeric multiply(Numeric other) {
    if (isLong() && other.isLong() && longScale + other.longScale <= LONG_SCALE_MAX) {
      long product = unscaled * other.unscaled;
      if (Math.multiplyHigh(unscaled, other.unscaled) == product >> 63) {
        return new Numeric(product, longScale + other.longScale);
      }
    }
    if (isFinite() && other.isFinite()) {
      return of(decimal().multiply(other.decimal()));
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
    if (isFinite() && other.isFinite()) {
      return null;
    }
    if (isNan() || other.isNan()) {
      return NAN;
    }
    if (!isFinite()) {
      if (!other.isFinite()) {
        return NAN;
      }
      if (other.signum() == 0) {
        throw TypeErrors.divisionByZero();
      }
      return infinityOrNan(special() * other.signum());
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
    if (!isFinite()) {
      if (other.isFinite() && other.signum() == 0) {
        throw TypeErrors.divisionByZero();
      }
      return NAN;
    }
    if (!other.isFinite()) {
      return this;
    }
    if (other.signum() == 0) {
      throw TypeErrors.divisionByZero();
    }
    int scale = Math.max(scale(), other.scale());
    return of(decimal().remainder(other.decimal()).setScale(scale, RoundingMode.UNNECESSARY));
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
    if (!isFinite()) {
      return this;
    }
    // One place beyond the widest number still rounds it to nothing.
    int scale = Math.clamp(digits, -INTEGER_DIGITS_MAX - 1, SCALE_MAX);
    BigDecimal decimal = decimal();
    if (scale < 0 && decimal.precision() - decimal.scale() < -scale) {
      return ZERO;
    }
    BigDecimal rounded = decimal.setScale(scale, mode);
    return of(scale < 0 ? rounded.setScale(0, RoundingMode.UNNECESSARY) : rounded);
  }

  public Numeric ceiling() {
    return isFinite() ? of(decimal().setScale(0, RoundingMode.CEILING)) : this;
  }

  public Numeric floor() {
    return isFinite() ? of(decimal().setScale(0, RoundingMode.FLOOR)) : this;
  }

  /** Fitted to numeric(precision, scale): rounded, or 22003. */
  Numeric fit(int typmod) {
    int precision = (typmod - 4) >> 16 & 0xFFFF;
    int scale = ((typmod - 4 & 0x7FF) ^ 1024) - 1024;
    if (!isFinite()) {
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
    if (isLong()
        && scale == longScale
        && precision <= LONG_SCALE_MAX
        && unscaled < POWERS_OF_TEN[precision]
        && unscaled > -POWERS_OF_TEN[precision]) {
      return this;
    }
    BigDecimal decimal = decimal();
    if (scale == decimal.scale() && decimal.precision() <= precision) {
      return this;
    }
    BigDecimal rounded = decimal.setScale(scale, RoundingMode.HALF_UP);
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
    if (isLong() && other.isLong()) {
      if (longScale == other.longScale) {
        return Long.compare(unscaled, other.unscaled);
      }
      int sign = Long.compare(Long.signum(unscaled), Long.signum(other.unscaled));
      if (sign != 0) {
        return sign;
      }
      return longScale < other.longScale
          ? compareScaled(unscaled, other.longScale - longScale, other.unscaled)
          : -compareScaled(other.unscaled, longScale - other.longScale, unscaled);
    }
    if (isFinite() && other.isFinite()) {
      return decimal().compareTo(other.decimal());
    }
    return Integer.compare(special(), other.special());
  }

  /** Compares {@code a} times a power of ten with {@code b}, which has the same sign. */
  private static int compareScaled(long a, int digits, long b) {
    long scaled = a * POWERS_OF_TEN[digits];
    return Math.multiplyHigh(a, POWERS_OF_TEN[digits]) == scaled >> 63
        ? Long.compare(scaled, b)
        : Long.signum(a);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Numeric numeric && compareTo(numeric) == 0;
  }

  @Override
  public int hashCode() {
    if (!isFinite()) {
      return special();
    }
    if (!isLong()) {
      BigDecimal stripped = decimal().stripTrailingZeros();
      return stripped.precision() <= LONG_SCALE_MAX
          ? hash(stripped.unscaledValue().longValue(), stripped.scale())
          : stripped.hashCode();
    }
    long digits = unscaled;
    int scale = longScale;
    while (digits != 0 && digits % 10 == 0) {
      digits /= 10;
      scale--;
    }
    // A long has up to 19 digits: what has more than 18 hashes as its decimal does.
    return digits >= POWERS_OF_TEN[LONG_SCALE_MAX] || digits <= -POWERS_OF_TEN[LONG_SCALE_MAX]
        ? BigDecimal.valueOf(digits, scale).hashCode()
        : hash(digits, scale);
  }

  private static int hash(long digits, int scale) {
    return digits == 0 ? 0 : Long.hashCode(digits) * 31 + scale;
  }

  @Override
  public String toString() {
    if (!isFinite()) {
      return isNan() ? "NaN" : unscaled > 0 ? "Infinity" : "-Infinity";
    }
    return decimal().toPlainString();
  }
}
